"""Several people at one booking: they see each other, and each other's notes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
from markupsafe import escape
from realtime import AsyncRealtimeClient, RealtimeSubscribeStates

from roamio_web.models.staff import StaffMember
from tests.live.conftest import assign
from tests.support.backend import TestBackend
from tests.support.dashboard import Dashboard
from tests.support.eventually import eventually, throughout
from tests.support.people import AGENT, FINANCE, OTHER_AGENT, VIEWER, People
from tests.support.wire import Wire

Database = psycopg.Connection[dict[str, Any]]
Opens = Callable[..., Dashboard]
Book = Callable[..., str]
Staff = Callable[[str], StaffMember]

PATIENCE = 10.0


def company(page: Dashboard) -> str:
    """What the page said last of who else is there."""
    said = page.html.rfind('id="company"')
    return page.html[said : page.html.find("</p>", said)] if said >= 0 else ""


def sees(page: Dashboard, person: StaffMember) -> bool:
    return person.full_name in company(page)


def test_colleagues_at_one_booking_see_each_other_come_and_go(opens: Opens, book: Book, staff: Staff) -> None:
    agent, admin = staff("operations"), staff("admin")
    booking, other = book(agent=agent), book(agent=agent)
    first = opens("operations", "booking", id=booking).wait_until_live()
    elsewhere = opens("operations", "booking", id=other).wait_until_live()
    assert not company(first)
    second = opens("admin", "booking", id=booking).wait_until_live()
    eventually(lambda: sees(first, admin) and sees(second, agent), what="each other")
    assert "is looking at this too" in company(first)
    assert not sees(first, agent)
    second.close()
    eventually(lambda: not sees(first, admin), what="the admin's name going")
    assert not company(elsewhere)


def test_colleague_s_new_name_stands_on_every_open_page(
    opens: Opens, book: Book, staff: Staff, database: Database
) -> None:
    agent, admin = staff("operations"), staff("admin")
    booking = book(agent=agent)
    named = opens("admin", "booking", id=booking).wait_until_live()
    listed, board = opens("admin").wait_until_live(), opens("admin", "tasks").wait_until_live()
    theirs = opens("operations", "booking", id=booking).wait_until_live()
    eventually(lambda: sees(named, agent) and sees(theirs, admin), what="each other")
    name = f"Ravi <i>{uuid4().hex}"
    rename = "update profiles set full_name = %s where id = %s"
    try:
        database.execute(rename, (name, agent.id))
        shown = str(escape(name))
        eventually(lambda: shown in company(named), what="the new name of who is looking")
        eventually(lambda: f"with {shown}" in named.html, what="the new name of the booking's agent")
        eventually(lambda: listed.shows(booking, shown), what="the new name in the list")
        eventually(
            lambda: f'"#agent option[value=\'{agent.id}\']" hx-swap="innerHTML">{shown}<' in listed.html
        )
        eventually(lambda: shown in board.html, what="the new name on the board")
        assert not theirs.reloaded
    finally:
        database.execute(rename, (agent.full_name, agent.id))


def test_agent_sees_the_admin_again_after_the_connection_was_lost(
    opens: Opens, book: Book, staff: Staff, wire: Wire
) -> None:
    booking = book(agent=staff("operations"))
    agent = opens("operations", "booking", id=booking).wait_until_live()
    opens("admin", "booking", id=booking)
    eventually(lambda: sees(agent, staff("admin")), what="the admin's name")
    wire.cut()
    eventually(lambda: not sees(agent, staff("admin")), what="nobody's name while nobody knows")
    wire.mend()
    eventually(lambda: sees(agent, staff("admin")), what="the admin's name again")


def test_finance_reads_a_booking_unseen_and_sees_nobody(opens: Opens, book: Book, staff: Staff) -> None:
    booking = book(agent=staff("operations"))
    finance = opens("finance", "booking", id=booking).wait_until_live()
    admin = opens("admin", "booking", id=booking).wait_until_live()
    opens("operations", "booking", id=booking)
    eventually(lambda: sees(admin, staff("operations")), what="the agent's name")
    assert not sees(admin, staff("finance"))
    assert not company(finance)


def test_only_who_works_on_a_booking_may_enter_its_room(
    backend: TestBackend, people: People, book: Book, staff: Staff
) -> None:
    booking = book(agent=staff("operations"))

    async def enters(email: str, topic: str) -> bool:
        states: asyncio.Queue[RealtimeSubscribeStates] = asyncio.Queue()
        client = AsyncRealtimeClient(f"{backend.url}/realtime/v1", backend.anon_key, auto_reconnect=False)
        await client.connect()
        try:
            await client.set_auth(people.token(email))
            config = {"private": True, "presence": {"key": "me", "enabled": True}}
            channel = client.channel(topic, {"config": config})  # type: ignore[arg-type]
            await channel.subscribe(lambda state, _error: states.put_nowait(state))
            state = await asyncio.wait_for(states.get(), PATIENCE)
            return state is RealtimeSubscribeStates.SUBSCRIBED
        finally:
            await client.close()

    room = f"booking:{booking}"
    assert asyncio.run(enters(AGENT, room))
    for email in (OTHER_AGENT, FINANCE, VIEWER):
        assert not asyncio.run(enters(email, room)), email
    for topic in ("booking:", "booking:everything", f"{room}0"):
        assert not asyncio.run(enters(AGENT, topic)), topic


def test_note_appears_on_the_others_pages_and_on_nobody_else_s(
    opens: Opens, book: Book, staff: Staff, database: Database, people: People
) -> None:
    agent = staff("operations")
    booking = book(agent=agent)
    mine, admin = (opens(name, "booking", id=booking).wait_until_live() for name in ("operations", "admin"))
    finance = opens("finance", "booking", id=booking).wait_until_live()
    eventually(lambda: sees(mine, staff("admin")) and sees(admin, agent), what="each other")
    note = {"booking_id": booking, "body": "Calls after six"}
    people.staff(AGENT).table("booking_notes").insert(note, returning="minimal").execute()
    eventually(lambda: mine.says("Calls after six") and admin.says("Calls after six"), what="the note")
    assert agent.full_name in admin.html
    people.staff(AGENT).table("booking_notes").delete().eq("booking_id", booking).execute()
    eventually(lambda: not admin.says("Calls after six"), what="its going")
    throughout(0.3, lambda: "Calls after six" not in finance.html, "finance's not knowing")


def test_agent_who_lost_a_booking_reads_its_notes_no_more(
    book: Book, staff: Staff, database: Database, people: People
) -> None:
    booking = book(agent=staff("operations"))
    me = people.staff(AGENT)
    me.table("booking_notes").insert({"booking_id": booking, "body": "Mine"}, returning="minimal").execute()
    assign(database, booking, staff("operations2"))
    for answer in (
        me.table("booking_notes").select("*").eq("booking_id", booking).execute(),
        me.table("booking_notes").delete().eq("booking_id", booking).execute(),
    ):
        assert answer.data == []
    theirs = people.staff(OTHER_AGENT).table("booking_notes").select("*").eq("booking_id", booking).execute()
    assert [note["body"] for note in theirs.data] == ["Mine"]
    assert theirs.data[0]["author_name"] == staff("operations").full_name
