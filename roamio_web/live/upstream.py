"""One person's connection to Supabase Realtime, kept up for as long as they have a page open.

The library's client gives up for good after five failures and does not notice a server that has gone silent.
So it is used for one connection at a time, watched, and replaced.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

from realtime import AsyncRealtimeChannel, AsyncRealtimeClient, RealtimeSubscribeStates
from realtime.message import Message as Frame

from roamio_web.live.readers import readers
from roamio_web.live.road import Patience, Road, about
from roamio_web.live.rooms import Rooms
from roamio_web.live.subscriber import ACCESS, PERSON, Mark, Message, Subscriber
from roamio_web.models.staff import StaffMember
from roamio_web.services.failures import NotFound, Unavailable

log = logging.getLogger("roamio.live")
# The library's own log quotes the messages that it can't read. What matters is said here.
logging.getLogger("realtime._async").setLevel(logging.CRITICAL)

# Threads that wake up all at once get into each other's way; a few at a time, a thousand pages are reached in
# half the time.
Look = Callable[[StaffMember, str], object]
"""Asks, with a token, whether somebody still is who they were; raises NotFound if not. Called in a thread."""

CROWD, PAUSE = 32, 0.002  # pages, seconds
GOODBYE = 1.0  # seconds
HEART = "phoenix"  # the topic on which heartbeats are answered


class NotLetIn(Exception):
    """Supabase does not let this person listen to what is their role's, or was."""


class Upstream:
    """The connection and the open pages that share it; lives on the hub's loop.

    ``ended`` is called when the person's access changed: nobody may go on with this connection.
    """

    def __init__(
        self,
        url: str,
        key: str,
        member: StaffMember,
        patience: Patience,
        ended: Callable[[Upstream], None],
        road: Road | None = None,
        look: Look | None = None,
    ) -> None:
        self.topics = member.topics
        self._member = member
        self._look = look
        self.subscribers: set[Subscriber] = set()
        self._url = f"{url.rstrip('/')}/realtime/v1"
        self._key = key
        self._patience = patience
        self._ended = ended
        self._rooms = Rooms(member, patience.lingering)
        self._road = road or Road(patience)
        self._token = ""
        self._token_ends = 0.0
        self._got_through = False
        self._live = False
        self._doubt = asyncio.Event()  # whether a message about the person's access may have been missed
        self._outbox: asyncio.Queue[Message | Mark] = asyncio.Queue()
        self._client: AsyncRealtimeClient | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._errands: set[asyncio.Future[None]] = set()

    def add(self, subscriber: Subscriber, token: str, token_ends: float) -> None:
        """Let a page share the connection; a newer token than the known one takes over."""
        self.subscribers.add(subscriber)
        if token_ends > self._token_ends:
            self._token, self._token_ends = token, token_ends
            if self._live and self._client is not None:
                self._start(self._hand_over(self._client, token))
        if not self._tasks:
            work = (self._run(), self._deliver(), self._look_again())
            self._tasks = [asyncio.ensure_future(each) for each in work]
        if self._live:
            subscriber.put(Mark.LIVE)
        self._rooms.enter(subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        """Forget a page."""
        self.subscribers.discard(subscriber)
        self._rooms.leave(subscriber)

    async def close(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._rooms.close()
        await asyncio.gather(*self._errands, return_exceptions=True)

    async def _run(self) -> None:
        pause = self._patience.first_retry
        while True:
            begun = time.monotonic()
            try:
                await self._listen()
            except Exception as error:  # whatever goes wrong with one connection, the next is tried
                level = logging.WARNING if pause == self._patience.first_retry else logging.DEBUG
                log.log(level, "Realtime: %s: %s", type(error).__name__, _first_line(error))
                if isinstance(error, NotLetIn):
                    self._doubt.set()
            if self._live:
                self._live = False
                self._outbox.put_nowait(Mark.LOST)
                if time.monotonic() - begun > self._patience.scouting:
                    pause = self._patience.first_retry
            if self._got_through:
                await asyncio.sleep(pause * about())
            else:
                await self._road.wait(pause)
            pause = min(pause * 2, self._patience.last_retry)

    async def _look_again(self) -> None:
        """Ask whether the person's access is what it was when its news may be lost, and now and then."""
        loop = asyncio.get_running_loop()
        while self._look is not None:
            await _wait(self._doubt, self._patience.looking * about())
            self._doubt.clear()
            if self._live:
                await asyncio.sleep(self._patience.settling * about())
            try:
                await loop.run_in_executor(readers, self._look, self._member, self._token)
            except NotFound:
                self._outbox.put_nowait(Message(uuid.uuid4().hex, ACCESS, {}))
            except Exception as error:
                log.info("Whether somebody's access has changed is not known: %s", type(error).__name__)
                if isinstance(error, Unavailable):
                    self._doubt.set()
                    await asyncio.sleep(self._patience.last_retry * about())

    async def _listen(self) -> None:
        """Connect, join, and pass messages on until the connection is lost or silent."""
        client = AsyncRealtimeClient(self._url, self._key, auto_reconnect=False)
        lost = asyncio.Event()
        try:
            self._got_through = False
            async with asyncio.timeout(self._patience.connecting):
                await client.connect()
            self._got_through = True
            self._road.is_clear()
            await client.set_auth(self._token)
            heart = _Heart(client)
            client.channels[HEART] = heart
            async with asyncio.timeout(self._patience.joining):
                await asyncio.gather(*(self._join(client, topic, lost) for topic in self.topics))
            if client.access_token != self._token:  # a newer one came meanwhile
                await client.set_auth(self._token)
            self._client, self._live = client, True
            self._outbox.put_nowait(Mark.LIVE)
            self._doubt.set()
            self._rooms.connect(client)
            while not lost.is_set():
                if time.monotonic() - heart.last_beat > self._patience.silence:
                    raise TimeoutError("no answer to heartbeats")
                await client.send(Frame(topic=HEART, event="heartbeat", payload={}))
                await _wait(lost, self._patience.heartbeat)
        finally:
            self._client = None
            self._rooms.disconnect()
            self._part_with(client)

    def _start(self, errand: Coroutine[Any, Any, None]) -> asyncio.Future[None]:
        task = asyncio.ensure_future(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
        return task

    def _part_with(self, client: AsyncRealtimeClient) -> None:
        """Say goodbye and then drop the connection, also if the goodbye is cancelled before it began."""
        connection = client._ws_connection  # the library has no other way to drop it
        goodbye = self._start(_hang_up(client))
        if connection is not None:
            goodbye.add_done_callback(lambda _: connection.transport.abort())

    async def _hand_over(self, client: AsyncRealtimeClient, token: str) -> None:
        """Give the connection a newer token; if that fails, the next connection has it."""
        try:
            await client.set_auth(token)
        except Exception as error:
            log.info("Realtime: the newer token could not be sent: %s", type(error).__name__)

    async def _join(self, client: AsyncRealtimeClient, topic: str, lost: asyncio.Event) -> None:
        """:raise NotLetIn: see there."""
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
            raise NotLetIn("a topic could not be joined")

    def _hear(self, broadcast: Any) -> None:
        meta = broadcast.get("meta") or {}
        message_id = str(meta.get("id") or uuid.uuid4())
        if broadcast["event"] == PERSON:
            self._rooms.rename(broadcast["payload"])
        self._outbox.put_nowait(Message(message_id, broadcast["event"], broadcast["payload"]))

    def _prepare(self, message: Message) -> None:
        """Do once what many pages need; one that needs it still does it itself, if this fails."""
        wishes = {subscriber.interest.alike: subscriber.interest for subscriber in self.subscribers}
        for wish in wishes.values():
            if wish.prepare is not None and wish.includes(message.event):
                try:
                    wish.prepare(message)
                except Exception as error:
                    log.warning("A live message could not be prepared: %s", type(error).__name__)

    async def _deliver(self) -> None:
        """Hand everything on, in the order in which it came."""
        while True:
            items = [await self._outbox.get()]
            while not self._outbox.empty():
                items.append(self._outbox.get_nowait())
            messages = [item for item in items if isinstance(item, Message)]
            for message in messages:
                self._prepare(message)
            for number, subscriber in enumerate(tuple(self.subscribers), 1):
                for item in items:
                    subscriber.put(item)
                if number % CROWD == 0:
                    await asyncio.sleep(PAUSE)
            if any(message.event == ACCESS for message in messages):
                self._ended(self)


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
    """Close a connection; a server that does not say goodbye is waited for a second, not ten."""
    try:
        await asyncio.wait_for(client.close(), GOODBYE)
    except TimeoutError:
        log.info("Realtime: the server did not say goodbye")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else ""
