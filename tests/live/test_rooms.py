"""Somebody who reloads a page is still at its booking, however slow the first visit's entering was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from realtime import AsyncRealtimeClient

from roamio_web.live.rooms import Rooms
from roamio_web.live.subscriber import Interest, Message, Subscriber
from roamio_web.models.staff import StaffMember
from tests.live.conftest import Book
from tests.support.backend import TestBackend

PATIENCE = 10.0


def test_colleague_sees_somebody_who_left_and_came_back_while_entering(
    backend: TestBackend, staff: Callable[[str], StaffMember], token: Callable[..., str], book: Book
) -> None:
    agent, admin = staff("operations"), staff("admin")
    interest = Interest(room=book(agent=agent))

    async def enter(person: StaffMember) -> tuple[AsyncRealtimeClient, Rooms]:
        client = AsyncRealtimeClient(f"{backend.url}/realtime/v1", backend.anon_key, auto_reconnect=False)
        await client.connect()
        await client.set_auth(token(person))
        rooms = Rooms(person, 0)
        rooms.connect(client)
        return client, rooms

    async def visit() -> None:
        (one, mine), (other, theirs) = await enter(agent), await enter(admin)
        before, after, watching = (Subscriber(interest=interest) for _ in range(3))
        mine.enter(before)
        await asyncio.sleep(0)
        mine.leave(before)
        for _ in range(3):  # turns of the loop: the answer to the entering is still on its way
            await asyncio.sleep(0)
        mine.enter(after)
        theirs.enter(watching)
        seen: list[object] = []
        while seen[-1:] != [[agent.name]]:
            items = await asyncio.to_thread(watching.take, PATIENCE)
            assert items, "the colleague was told of nobody"
            seen.extend(item.payload["people"] for item in items if isinstance(item, Message))
        mine.leave(after)
        while seen[-1:] != [[]]:
            items = await asyncio.to_thread(watching.take, PATIENCE)
            assert items, "the colleague was not told that they went"
            seen.extend(item.payload["people"] for item in items if isinstance(item, Message))
        for client, rooms in ((one, mine), (other, theirs)):
            await rooms.close()
            await client.close()

    asyncio.run(visit())
