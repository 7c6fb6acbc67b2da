"""Whatever breaks, an open page ends up showing what is in the database, and says so while it does not."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from roamio_web.backend import Backend
from roamio_web.live.hub import Hub
from roamio_web.live.stream import MARGIN, Ticket, stream
from roamio_web.live.subscriber import ACCESS, Mark, Message, Subscriber
from roamio_web.live.view import View
from roamio_web.models.staff import StaffMember
from tests.support.backend import TestBackend
from tests.support.dashboard import Dashboard
from tests.support.eventually import eventually, throughout
from tests.support.wire import Wire

Database = psycopg.Connection[dict[str, Any]]
Opens = Callable[..., Dashboard]
Book = Callable[..., str]
Staff = Callable[[str], StaffMember]
Sign = Callable[..., str]


def in_database(database: Database) -> set[str]:
    """What the first page of an admin's list should show."""
    newest = "select id::text from bookings order by created_at desc, id desc limit 50"
    return {row["id"] for row in database.execute(newest)}


def test_after_a_cut_the_page_shows_what_the_database_has(
    opens: Opens, book: Book, database: Database, wire: Wire
) -> None:
    stays, goes = book("Stays"), book("Goes")
    page = opens("admin").wait_until_live()
    wire.kill()
    eventually(lambda: page.state == "waiting", what="the page's admitting it")
    missed = book("Missed")
    database.execute("delete from bookings where id = %s", (goes,))
    database.execute("update bookings set status = 'confirmed' where id = %s", (stays,))
    wire.mend()
    page.wait_until_live()
    assert set(page.rows) == in_database(database)
    assert page.shows(missed, "Missed")
    assert page.shows(stays, "Confirmed")
    assert not page.shows(goes)
    after = book("After")
    eventually(lambda: page.shows(after), what="a message after the cut")


def test_an_outage_longer_than_five_attempts_is_survived(opens: Opens, book: Book, wire: Wire) -> None:
    page = opens("admin").wait_until_live()
    wire.kill()
    eventually(lambda: page.state == "waiting", what="the page's admitting it")
    # With these tests' patience, a dozen failed attempts.
    throughout(3, lambda: page.state == "waiting", "the page's admitting it")
    wire.mend()
    page.wait_until_live()
    booking = book()
    eventually(lambda: page.shows(booking), what="the row")


def test_a_connection_that_goes_silent_is_noticed_and_replaced(opens: Opens, book: Book, wire: Wire) -> None:
    page = opens("admin").wait_until_live()
    wire.mute()
    missed = book()
    eventually(lambda: page.state == "waiting", what="the page's admitting it")
    wire.mend()
    page.wait_until_live()
    assert page.shows(missed)


def test_changes_during_many_cuts_leave_neither_ghosts_nor_gaps(
    opens: Opens, book: Book, database: Database, wire: Wire
) -> None:
    pages = [opens("admin").wait_until_live() for _ in range(3)]
    bookings: list[str] = []
    for number in range(12):
        bookings.append(book(f"Traveller {number}"))
        if number % 3 == 0:
            wire.cut()
        if number % 4 == 3:
            database.execute("delete from bookings where id = %s", (bookings.pop(0),))
    expected = in_database(database)
    for page in pages:
        eventually(lambda page=page: page.state == "live" and set(page.rows) == expected, what="the truth")


def test_a_page_that_reads_too_slowly_is_read_afresh(hub: Hub, staff: Staff, token: Sign) -> None:
    slow = Subscriber(limit=3)
    for number in range(4):
        slow.put(Message(str(number), "booking", {}))
    assert slow.take(1) == [Mark.LIVE], "it should forget what it missed and be told to read afresh"


def test_a_page_waits_while_it_can_not_be_read_and_is_live_when_it_can(
    hub: Hub, wire: Wire, view: Callable[..., View], staff: Staff, token: Sign, backend: TestBackend
) -> None:
    address = urlsplit(backend.url)
    with Wire(address.hostname or "", address.port or 80).up() as road:
        road.kill()
        api, admin = Backend(road.url, backend.anon_key), staff("admin")
        ticket = Ticket(admin, token(admin), time.time() + 3600)
        dashboard = Dashboard(stream(hub, api, ticket, view("admin", view="bookings")))
        eventually(lambda: wire.connections > 0 and dashboard.state == "waiting", what="waiting")
        road.mend()
        dashboard.wait_until_live()
        hub.close()
        api.close()


def test_a_stream_ends_in_time_for_a_new_token(opens: Opens) -> None:
    begun = time.monotonic()
    page = opens("admin", seconds=MARGIN + 2)
    eventually(lambda: page.ended, what="the end")
    assert not page.reloaded
    assert time.monotonic() - begun > 1


def test_a_newer_tabs_token_keeps_the_older_tabs_connection(
    hub: Hub, staff: Staff, token: Sign, book: Book
) -> None:
    admin = staff("admin")
    older = hub.subscribe(admin, token(admin, 3), time.time() + 3)
    assert older.take(5) == [Mark.LIVE]
    newer = hub.subscribe(admin, token(admin, 3600), time.time() + 3600)
    assert newer.take(5) == [Mark.LIVE]
    throughout(
        3.5, lambda: Mark.LOST not in older.take(0.05), "the older tab's stream, past its token's end,"
    )
    booking = book()
    heard: list[object] = []
    eventually(lambda: heard.extend(older.take(0.1)) or any(isinstance(item, Message) for item in heard))
    assert Mark.LOST not in heard
    assert booking in str(heard)


def test_tabs_of_one_person_share_a_connection_that_ends_with_the_last(
    hub: Hub, staff: Staff, token: Sign, wire: Wire
) -> None:
    admin = staff("admin")
    tabs = [hub.subscribe(admin, token(admin), time.time() + 3600) for _ in range(5)]
    for tab in tabs:
        assert tab.take(5) == [Mark.LIVE]
    assert wire.in_use == 1
    other = hub.subscribe(staff("viewer"), token(staff("viewer")), time.time() + 3600)
    assert other.take(5) == [Mark.LIVE]
    assert wire.in_use == 2
    for tab in tabs:
        hub.unsubscribe(tab)
    eventually(lambda: wire.in_use == 1, what="the closing")


@pytest.mark.parametrize("role", ["viewer", None])
def test_a_person_whose_access_changes_has_their_pages_loaded_anew(
    opens: Opens, database: Database, staff: Staff, role: str | None
) -> None:
    agent = staff("operations2")
    page, bystander = opens("operations2").wait_until_live(), opens("admin").wait_until_live()
    try:
        if role:
            database.execute("update profiles set role = %s where id = %s", (role, agent.id))
        else:
            database.execute("delete from profiles where id = %s", (agent.id,))
        eventually(lambda: page.reloaded and page.ended, what="the reload")
        assert bystander.state == "live"
        assert not bystander.ended
    finally:
        database.execute(
            "insert into profiles (id, role, full_name, email) values (%s, 'operations', %s, %s)"
            " on conflict (id) do update set role = excluded.role",
            (agent.id, agent.full_name, agent.email),
        )


def test_nobody_listens_with_a_token_that_is_not_theirs(hub: Hub, staff: Staff, token: Sign) -> None:
    curious = hub.subscribe(staff("admin"), token(staff("operations")), time.time() + 3600)
    (told,) = curious.take(10)
    assert isinstance(told, Message), "an agent's token let somebody into the admin's topics"
    assert (told.event, told.payload) == (ACCESS, {}), "all that is told is to go"
    assert curious.take(1.5) == []


def test_closing_the_hub_ends_every_stream_at_once(opens: Opens, hub: Hub, staff: Staff, token: Sign) -> None:
    pages = [opens(name) for name in ("admin", "finance", "operations") for _ in range(5)]
    pages[0].wait_until_live()
    hub.close()
    eventually(lambda: all(page.ended for page in pages), what="The end of all streams")
    late = hub.subscribe(staff("admin"), token(staff("admin")), time.time() + 3600)
    assert late.take(1) == [Mark.END]


def test_hub_that_closes_while_a_connection_is_given_up_leaves_none_open(
    backend: TestBackend, staff: Staff, token: Sign
) -> None:
    admin = staff("admin")
    for _ in range(5):
        hub = Hub(backend.url, backend.anon_key)
        page = hub.subscribe(admin, token(admin), time.time() + 3600)
        assert Mark.LIVE in page.take(10)
        assert hub._loop
        hub._loop.call_soon_threadsafe(hub._give_up, hub._upstreams[admin.id])
        hub.close()
    gc.collect()  # pytest reports a connection that was left open, for what it says of itself when it goes
