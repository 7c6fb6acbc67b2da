"""A bare project for the tests of the REST API, and the real Supabase client to talk to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import uvicorn
from psycopg.rows import dict_row
from starlette.applications import Starlette
from starlette.routing import Mount
from supabase import Client, ClientOptions, create_client

from roamio_web.embedded import tokens
from roamio_web.embedded.rest import create_rest
from roamio_web.embedded.settings import GatewaySettings

FOLDER = Path(__file__).resolve().parents[1] / "embedded" / "rest"
PATIENCE = 10.0
LABELS = [(1, "family"), (2, "hills"), (3, "unused")]
"""The labels of ``data.sql``."""


@dataclass(frozen=True)
class Project:
    """The running API, and the database under it."""

    address: str
    settings: GatewaySettings
    http: httpx.Client

    def token(self, role: str = "authenticated", seconds: float = 3600, **claims: Any) -> str:
        """A token that this project signed."""
        now = int(time.time())
        payload = {"role": role, "aud": "authenticated", "iat": now, "exp": int(now + seconds)} | claims
        return tokens.encode(payload, self.settings.jwt_secret)

    def client(self, token: str | None = None) -> Client:
        """The real client, as somebody or as a stranger."""
        options = ClientOptions(
            headers={"Authorization": f"Bearer {token or self.settings.anon_key}"},
            auto_refresh_token=False,
            persist_session=False,
            postgrest_client_retry=False,
            httpx_client=self.http,
        )
        return create_client(self.address, self.settings.anon_key, options)

    def send(
        self,
        method: str,
        path: str,
        token: str | None = None,
        *,
        prefer: str | None = None,
        headers: dict[str, str] | None = None,
        **request: Any,
    ) -> httpx.Response:
        """A request that the client can't make, or not in this way."""
        given = {"Authorization": f"Bearer {token or self.settings.anon_key}"} | (headers or {})
        if prefer is not None:
            given["Prefer"] = prefer
        return self.http.request(method, f"{self.address}/rest/v1/{path}", headers=given, **request)

    def database(self) -> psycopg.Connection[dict[str, Any]]:
        """The database itself, for proof."""
        return psycopg.connect(self.settings.dsn("postgres"), autocommit=True, row_factory=dict_row)


def until(condition: Callable[[], object]) -> None:
    """Wait for something to become true; fails when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.02)


@contextmanager
def served(settings: GatewaySettings) -> Iterator[str]:
    """Run the API in a thread; gives the project's address."""
    rest = create_rest(settings)
    app = Starlette(routes=[Mount("/rest/v1", rest)], lifespan=lambda _: rest.router.lifespan_context(rest))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started or not thread.is_alive())
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def labels(database: psycopg.Connection[dict[str, Any]]) -> list[tuple[int, str]]:
    """All labels as they stand in the database."""
    rows = database.execute("select id, name from labels order by id").fetchall()
    return [(row["id"], row["name"]) for row in rows]
