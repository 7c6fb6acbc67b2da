"""Who else is looking at a booking: Realtime presence, entered as the person whose page it is.

Supabase lets in whoever works on the booking (policies on ``realtime.messages``). What somebody says of
themselves there is what their own client says: good enough to avoid stepping on toes, and for nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from realtime import AsyncRealtimeChannel, AsyncRealtimeClient, RealtimeSubscribeStates

from roamio_web.live.subscriber import COMPANY, Message, Subscriber
from roamio_web.models.staff import StaffMember

log = logging.getLogger("roamio.live")

LONGEST_NAME = 100


@dataclass(eq=False)
class Room:
    """One booking that a person has open, on one page or several; ``people`` are the others who do."""

    booking_id: str
    pages: set[Subscriber] = field(default_factory=set)
    people: tuple[str, ...] = ()
    channel: AsyncRealtimeChannel | None = None
    joining: AsyncRealtimeClient | None = None  # the connection over which it is being entered

    def tell(self, *pages: Subscriber) -> None:
        """Let pages know who else is here."""
        message = Message(uuid.uuid4().hex, COMPANY, {"people": list(self.people)})
        for page in pages:
            page.put(message)


class Rooms:
    """The bookings that one person has open; lives on the hub's loop."""

    def __init__(self, me: StaffMember, lingering: float) -> None:
        self._me = me
        self._lingering = lingering
        self._rooms: dict[str, Room] = {}
        self._client: AsyncRealtimeClient | None = None
        self._errands: set[asyncio.Task[None]] = set()

    def enter(self, page: Subscriber) -> None:
        """Say that the person is looking at the page's booking, if it shows one; tell it who else is."""
        if page.interest.room is None:
            return
        room = self._rooms.setdefault(page.interest.room, Room(page.interest.room))
        room.pages.add(page)
        if room.channel is not None:
            room.tell(page)
        elif self._client is not None and room.joining is None and len(room.pages) == 1:
            self._join(self._client, room)

    def leave(self, page: Subscriber) -> None:
        """Take a page away. When it was the last on its booking, the others are told a little later."""
        room = self._rooms.get(page.interest.room or "")
        if room is not None and page in room.pages:
            room.pages.discard(page)
            asyncio.get_running_loop().call_later(self._lingering, self._close_if_empty, room)

    def connect(self, client: AsyncRealtimeClient) -> None:
        """Enter every room over a new connection."""
        self._client = client
        for room in self._rooms.values():
            self._join(client, room)

    def rename(self, person: dict[str, Any]) -> None:
        """Tell the others by which name this person goes now, if it is theirs that changed."""
        if person.get("id") != self._me.id:
            return
        self._me = replace(self._me, full_name=str(person.get("name") or ""))
        for room in self._rooms.values():
            if room.channel is not None:
                self._start(room.channel.track({"name": self._me.name}))

    def disconnect(self) -> None:
        """Forget who is where: nobody knows without a connection."""
        self._client = None
        for room in self._rooms.values():
            room.channel = room.joining = None
            self._look(room, ())

    async def close(self) -> None:
        """Stop what is under way."""
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    def _join(self, client: AsyncRealtimeClient, room: Room) -> None:
        room.joining = client
        self._start(self._come_in(client, room))

    async def _come_in(self, client: AsyncRealtimeClient, room: Room) -> None:
        """Enter a room; one that everybody left meanwhile stays until it is entered, and is left then."""
        try:
            await self._subscribe(client, room)
        finally:
            if room.joining is client:
                room.joining = None
            if not room.pages:
                asyncio.get_running_loop().call_later(self._lingering, self._close_if_empty, room)

    async def _subscribe(self, client: AsyncRealtimeClient, room: Room) -> None:
        states: list[RealtimeSubscribeStates] = []
        channel = client.channel(
            f"booking:{room.booking_id}",
            {
                "config": {
                    "private": True,
                    "broadcast": {"ack": False, "self": False},
                    "presence": {"key": self._me.id, "enabled": True},
                }
            },
        )
        channel.on_presence_sync(lambda: self._look(room, self._others(channel)))
        await channel.subscribe(lambda state, _error: states.append(state))
        if client is not self._client:
            return  # the connection is not there any more
        if states != [RealtimeSubscribeStates.SUBSCRIBED]:
            await client.remove_channel(channel)  # the booking is not this person's, or not so far
            return
        room.channel = channel
        await channel.track({"name": self._me.name})

    def _others(self, channel: AsyncRealtimeChannel) -> tuple[str, ...]:
        """The names of those who are there beside this person."""
        found = (metas[0] for key, metas in channel.presence_state().items() if key != self._me.id and metas)
        names = {str(dict(meta).get("name", ""))[:LONGEST_NAME] for meta in found}
        return tuple(sorted(names - {""}))

    def _look(self, room: Room, people: tuple[str, ...]) -> None:
        if people != room.people:
            room.people = people
            room.tell(*room.pages)

    def _close_if_empty(self, room: Room) -> None:
        if room.pages or room.joining is not None or self._rooms.get(room.booking_id) is not room:
            return
        del self._rooms[room.booking_id]
        if room.channel is not None and self._client is not None:
            self._start(self._client.remove_channel(room.channel))

    def _start(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._attempt(errand))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _attempt(self, errand: Coroutine[Any, Any, None]) -> None:
        try:
            await errand
        except Exception as error:  # a page can do without
            log.info("Who is looking at a booking could not be told: %s", type(error).__name__)
