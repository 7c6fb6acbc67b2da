"""A bare project with one table and a few policies, and the real Realtime client to talk to it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import uvicorn
from psycopg.rows import dict_row
from realtime import AsyncRealtimeChannel, AsyncRealtimeClient
from starlette.applications import Starlette
from starlette.routing import Mount

from roamio_web.embedded import tokens
from roamio_web.embedded.realtime import create_realtime
from roamio_web.embedded.settings import GatewaySettings

ASHA = "00000000-0000-4000-8000-00000000a5aa"
BELA = "00000000-0000-4000-8000-00000000be1a"
PATIENCE = 10.0

SCHEMA = """
create table notes (
  id int primary key, owner uuid, body text, amount int, secret text, at timestamptz default now()
);
alter table notes enable row level security;
grant select (id, owner, body, amount, at) on notes to authenticated;
create policy "People read their own notes" on notes for select to authenticated
  using (owner = (select auth.uid()));
alter publication supabase_realtime add table notes;

create policy "People listen to their own topic" on realtime.messages for select to authenticated
  using (realtime.topic() = 'person:' || (select auth.uid()) or (
    realtime.topic() = 'room:club' and (select auth.jwt()) ->> 'club' = 'yes'));
create policy "Members of the club speak in its room" on realtime.messages for insert to authenticated
  with check (realtime.topic() = 'room:club' and (select auth.jwt()) ->> 'club' = 'yes'
    and extension = 'broadcast');
"""


@dataclass(frozen=True)
class Project:
    """The running server, and the database under it."""

    address: str
    settings: GatewaySettings

    def token(self, person: str = ASHA, seconds: float = 3600, **claims: Any) -> str:
        now = time.time()
        payload = {"sub": person, "role": "authenticated", "aud": "authenticated", "iat": int(now)}
        return tokens.encode(payload | {"exp": int(now + seconds)} | claims, self.settings.jwt_secret)

    def database(self) -> psycopg.Connection[dict[str, Any]]:
        return psycopg.connect(self.settings.dsn("postgres"), autocommit=True, row_factory=dict_row)

    @asynccontextmanager
    async def client(self, token: str | None = None) -> AsyncIterator[AsyncRealtimeClient]:
        """The real client, signed in with a token, or with the project's public key alone."""
        client = AsyncRealtimeClient(
            f"{self.address}/realtime/v1", self.settings.anon_key, auto_reconnect=False
        )
        await client.connect()
        if token is not None:
            await client.set_auth(token)
        try:
            yield client
        finally:
            await client.close()


class Ear:
    """A joined channel that keeps what it hears."""

    def __init__(self, channel: AsyncRealtimeChannel) -> None:
        self.channel = channel
        self.broadcasts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.changes: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.states: list[str] = []
        self.errors: list[str] = []
        self.system: list[str] = []
        channel.on_broadcast("*", self.broadcasts.put_nowait)
        channel.on_system(lambda payload: self.system.append(payload.message))

    async def join(self) -> Ear:
        await self.channel.subscribe(self._note)
        return self

    def _note(self, state: Any, error: Exception | None) -> None:
        self.states.append(state.value)
        if error is not None:
            self.errors.append(str(error))

    async def hears(self) -> dict[str, Any]:
        """The next broadcast; fails when none comes."""
        return await asyncio.wait_for(self.broadcasts.get(), PATIENCE)

    async def notices(self) -> dict[str, Any]:
        """The next change of a table; fails when none comes."""
        return (await asyncio.wait_for(self.changes.get(), PATIENCE))["data"]


def ear(client: AsyncRealtimeClient, topic: str, private: bool = False, **broadcast: bool) -> Ear:
    """A channel, not yet joined."""
    config = {
        "broadcast": {"ack": False, "self": False} | broadcast,
        "presence": {"key": "", "enabled": False},
        "private": private,
    }
    return Ear(client.channel(topic, {"config": config}))


async def until(condition: Callable[[], object]) -> None:
    """Wait for something to become true; fails when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        await asyncio.sleep(0.02)


@contextmanager
def served(settings: GatewaySettings) -> Iterator[str]:
    """Run the server in a thread; gives its address."""
    realtime = create_realtime(settings)
    app = Starlette(
        routes=[Mount("/realtime/v1", realtime)],
        lifespan=lambda _: realtime.router.lifespan_context(realtime),
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + PATIENCE
        while not server.started:
            assert time.monotonic() < deadline, "the server never started"
            time.sleep(0.01)
        yield f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
