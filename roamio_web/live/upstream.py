"""One person's connection to Supabase Realtime, kept up for as long as they have a page open.

The library's client gives up for good after five failures and does not notice a server that has gone silent.
So it is used for one connection at a time, watched, and replaced.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from realtime import AsyncRealtimeChannel, AsyncRealtimeClient, RealtimeSubscribeStates
from realtime.message import Message as Frame

from roamio_web.live.subscriber import Mark, Message, Subscriber

log = logging.getLogger("roamio.live")
# The library's own log quotes the messages that it can't read. What matters is said here.
logging.getLogger("realtime._async").setLevel(logging.CRITICAL)

GOODBYE = 1.0  # seconds
HEART = "phoenix"  # the topic on which heartbeats are answered


@dataclass(frozen=True)
class Patience:
    """How long to wait for what, in seconds."""

    grace: float = 10.0  # from the last page's closing to that of the connection
    joining: float = 10.0
    heartbeat: float = 10.0  # the client has its own, which Supabase needs every 25
    silence: float = 25.0  # without an answer to one, after which a connection counts as dead
    first_retry: float = 0.25
    last_retry: float = 15.0


class Upstream:
    """The connection and the open pages that share it; lives on the hub's loop.

    ``ended`` is called when the person's access changed: nobody may go on with this connection.
    """

    def __init__(
        self,
        url: str,
        key: str,
        topics: tuple[str, ...],
        patience: Patience,
        ended: Callable[[Upstream], None],
    ) -> None:
        self.topics = topics
        self.subscribers: set[Subscriber] = set()
        self._url = f"{url.rstrip('/')}/realtime/v1"
        self._key = key
        self._patience = patience
        self._ended = ended
        self._token = ""
        self._token_ends = 0.0
        self._live = False
        self._client: AsyncRealtimeClient | None = None
        self._task: asyncio.Task[None] | None = None
        self._goodbyes: set[asyncio.Future[None]] = set()

    def add(self, subscriber: Subscriber, token: str, token_ends: float) -> None:
        """Let a page share the connection; a newer token than the known one takes over."""
        self.subscribers.add(subscriber)
        if token_ends > self._token_ends:
            self._token, self._token_ends = token, token_ends
            if self._live and self._client is not None:
                asyncio.ensure_future(self._client.set_auth(token)).add_done_callback(_retrieve)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())
        if self._live:
            subscriber.put(Mark.LIVE)

    async def close(self) -> None:
        """Hang up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.gather(*self._goodbyes, return_exceptions=True)

    async def _run(self) -> None:
        pause = self._patience.first_retry
        while True:
            begun = time.monotonic()
            try:
                await self._listen()
            except Exception as error:  # whatever goes wrong with one connection, the next is tried
                log.warning("Realtime: %s: %s", type(error).__name__, _first_line(error))
            if self._live:
                self._live = False
                self._tell(Mark.LOST)
            if time.monotonic() - begun > self._patience.last_retry:
                pause = self._patience.first_retry
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads reconnections
            pause = min(pause * 2, self._patience.last_retry)

    async def _listen(self) -> None:
        """Connect, join, and pass messages on until the connection is lost or silent."""
        client = AsyncRealtimeClient(self._url, self._key, auto_reconnect=False)
        lost = asyncio.Event()
        try:
            await client.connect()
            await client.set_auth(self._token)
            heart = _Heart(client)
            client.channels[HEART] = heart
            async with asyncio.timeout(self._patience.joining):
                await asyncio.gather(*(self._join(client, topic, lost) for topic in self.topics))
            if client.access_token != self._token:  # a newer one came meanwhile
                await client.set_auth(self._token)
            self._client, self._live = client, True
            self._tell(Mark.LIVE)
            while not lost.is_set():
                if time.monotonic() - heart.last_beat > self._patience.silence:
                    raise TimeoutError("no answer to heartbeats")
                await client.send(Frame(topic=HEART, event="heartbeat", payload={}))
                await _wait(lost, self._patience.heartbeat)
        finally:
            self._client = None
            self._goodbyes.add(goodbye := asyncio.ensure_future(_hang_up(client)))
            goodbye.add_done_callback(self._goodbyes.discard)

    async def _join(self, client: AsyncRealtimeClient, topic: str, lost: asyncio.Event) -> None:
        """:raise ConnectionRefusedError: Supabase does not let this person listen."""
        states: list[RealtimeSubscribeStates] = []

        def note(state: RealtimeSubscribeStates, _error: Exception | None) -> None:
            states.append(state)
            if state is not RealtimeSubscribeStates.SUBSCRIBED:
                lost.set()

        channel = client.channel(
            topic,
            {
                "config": {
                    "private": True,
                    "broadcast": {"ack": False, "self": False},
                    "presence": {"key": "", "enabled": False},
                }
            },
        )
        channel.on_broadcast("*", self._hear)
        await channel.subscribe(note)
        if states != [RealtimeSubscribeStates.SUBSCRIBED]:
            raise ConnectionRefusedError("a topic could not be joined")

    def _hear(self, broadcast: Any) -> None:
        meta = broadcast.get("meta") or {}
        message = Message(str(meta.get("id") or uuid.uuid4()), broadcast["event"], broadcast["payload"])
        self._tell(message)
        if message.event == "access":
            self._ended(self)

    def _tell(self, item: Message | Mark) -> None:
        for subscriber in self.subscribers:
            subscriber.put(item)


class _Heart(AsyncRealtimeChannel):
    """Hears the answers to heartbeats, which the client itself drops."""

    def __init__(self, client: AsyncRealtimeClient) -> None:
        super().__init__(client, HEART)
        self.last_beat = time.monotonic()

    def _handle_message(self, message: Any) -> None:
        self.last_beat = time.monotonic()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def _hang_up(client: AsyncRealtimeClient) -> None:
    """Close a connection; one whose server does not say goodbye is dropped after a second, not after ten."""
    connection = client._ws_connection  # the library has no other way to drop it
    try:
        await asyncio.wait_for(client.close(), GOODBYE)
    except TimeoutError:
        log.info("Realtime: the server did not say goodbye")
    finally:
        if connection is not None:
            connection.transport.abort()


def _retrieve(task: asyncio.Future[None]) -> None:
    """A token that could not be handed over is handed over by the next connection."""
    if not task.cancelled() and task.exception() is not None:
        log.info("Realtime: the newer token could not be sent")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else ""
