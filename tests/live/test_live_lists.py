"""What appears on, changes on and leaves the open pages of each role."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from supabase import Client

from roamio_web.models.booking_query import PAGE_SIZE, BookingQuery
from roamio_web.models.staff import StaffMember
from roamio_web.services.staff_bookings import list_bookings
from tests.live.conftest import assign
from tests.support.dashboard import Dashboard
from tests.support.eventually import eventually, throughout
from tests.support.people import ADMIN

Database = psycopg.Connection[dict[str, Any]]
Opens = Callable[..., Dashboard]
Book = Callable[..., str]
Staff = Callable[[str], StaffMember]

SILENCE = 0.7


def test_an_admin_sees_a_new_booking_appear_with_its_review_task(opens: Opens, book: Book) -> None:
    page = opens("admin").wait_until_live()
    booking = book("Kavya Rao")
    eventually(lambda: page.shows(booking, "Kavya Rao"), what="the row")
    assert page.readings == 1, "the whole list was sent again for one row"
    assert page.shows(booking, "1 open")


def test_everybody_with_the_same_list_gets_the_same_row(opens: Opens, book: Book) -> None:
    pages = [opens("admin").wait_until_live() for _ in range(3)]
    booking = book()
    eventually(lambda: all(page.shows(booking) for page in pages), what="the row on all three")
    assert len({page.rows[booking] for page in pages}) == 1


def test_a_change_of_status_shows_on_the_row(opens: Opens, book: Book, database: Database) -> None:
    booking = book()
    page = opens("admin").wait_until_live()
    assert page.shows(booking, "Pending")
    database.execute("update bookings set status = 'confirmed' where id = %s", (booking,))
    eventually(lambda: page.shows(booking, "Confirmed"), what="the new status")


def test_a_booking_that_no_longer_fits_the_filter_leaves_the_list(
    opens: Opens, book: Book, database: Database
) -> None:
    booking = book()
    page = opens("admin", status="pending").wait_until_live()
    assert page.shows(booking)
    database.execute("update bookings set status = 'confirmed' where id = %s", (booking,))
    eventually(lambda: not page.shows(booking), what="its leaving")
    database.execute("update bookings set status = 'pending' where id = %s", (booking,))
    eventually(lambda: page.shows(booking), what="its return")


def test_a_deleted_booking_leaves_every_list(opens: Opens, book: Book, database: Database) -> None:
    booking = book()
    pages = [opens("admin").wait_until_live(), opens("finance").wait_until_live()]
    database.execute("delete from bookings where id = %s", (booking,))
    eventually(lambda: not any(page.shows(booking) for page in pages), what="its leaving")


def test_a_handed_over_booking_moves_from_one_agents_list_to_the_others(
    opens: Opens, book: Book, database: Database, staff: Staff
) -> None:
    first, second = staff("operations"), staff("operations2")
    booking = book(agent=first)
    admin, before, after = (opens(name).wait_until_live() for name in ("admin", "operations", "operations2"))
    assert before.shows(booking)
    assert not after.shows(booking)
    assign(database, booking, second)
    eventually(lambda: after.shows(booking, "Kavya Rao"), what="the row on the second agent's list")
    eventually(lambda: not before.shows(booking), what="the row's leaving")
    eventually(lambda: admin.shows(booking, second.full_name), what="the second agent's name")


def test_an_admin_who_had_a_booking_still_sees_it_after_handing_it_over(
    opens: Opens, book: Book, database: Database, staff: Staff
) -> None:
    booking = book(agent=staff("admin"))
    page = opens("admin").wait_until_live()
    assign(database, booking, staff("operations"))
    eventually(lambda: page.shows(booking, staff("operations").full_name), what="the agent's name")
    throughout(SILENCE, lambda: page.shows(booking), "the row")


def test_an_agent_is_told_nothing_of_bookings_that_are_not_theirs(opens: Opens, book: Book) -> None:
    page, admin = opens("operations").wait_until_live(), opens("admin").wait_until_live()
    booking = book("Somebody Else")
    eventually(lambda: admin.shows(booking), what="the row on the admin's list")
    throughout(SILENCE, lambda: booking not in page.html and "Somebody Else" not in page.html, "the silence")


def test_finance_sees_the_booking_and_nothing_of_the_client(
    opens: Opens, book: Book, database: Database
) -> None:
    page = opens("finance").wait_until_live()
    booking = book("Kavya Private")
    eventually(lambda: page.shows(booking), what="the row")
    client = database.execute(
        "select name, email, phone from clients where id = (select client_id from bookings where id = %s)",
        (booking,),
    ).fetchone()
    assert client is not None
    assert client["name"] == "Kavya Private"
    for private in client.values():
        assert private not in page.html


def received_today(database: Database) -> int:
    count = database.execute(
        "select count(*) as n from bookings"
        " where (created_at at time zone 'Asia/Kolkata')::date = (now() at time zone 'Asia/Kolkata')::date"
    ).fetchone()
    assert count is not None
    return int(count["n"])


@pytest.mark.parametrize("role", ["admin", "finance"])
def test_the_charts_follow_the_bookings(opens: Opens, book: Book, database: Database, role: str) -> None:
    page = opens(role, "overview").wait_until_live()
    for number in range(3):
        book(f"Guest {number}")
    eventually(lambda: page.says(f"in 30 days, {received_today(database)} today"), what="newer charts")


def test_a_viewer_sees_the_count_go_up_and_no_booking(opens: Opens, book: Book, database: Database) -> None:
    page = opens("viewer", "overview").wait_until_live()
    booking = book("Kavya Private")
    eventually(lambda: page.readings > 1, what="newer counts")
    count = database.execute("select count(*) as n from bookings where status = 'pending'").fetchone()
    assert count is not None
    assert page.says(f"{count['n']} pending")
    assert page.says(f"in 30 days, {received_today(database)} today"), "the charts came along"
    for private in ("Kavya Private", booking, "The Leela Palace"):
        assert private not in page.html


def test_an_old_booking_that_changes_does_not_jump_onto_the_first_page(
    opens: Opens, book: Book, database: Database
) -> None:
    old = book("Old Hand")
    for number in range(PAGE_SIZE):
        book(f"Newer {number}")
    page = opens("admin").wait_until_live()
    assert len(page.rows) == PAGE_SIZE
    assert not page.shows(old)
    database.execute("update bookings set status = 'confirmed' where id = %s", (old,))
    newest = book("Newest")
    eventually(lambda: page.shows(newest), what="the newest")
    assert not page.shows(old)


def test_a_full_page_hands_its_last_row_to_the_next_one_and_takes_it_back(
    opens: Opens, book: Book, database: Database, as_staff: Callable[[str], Client]
) -> None:
    first = book("First")
    for number in range(PAGE_SIZE - 1):
        book(f"Newer {number}")
    page = opens("admin").wait_until_live()
    assert page.shows(first)
    newest = book("Newest")
    eventually(lambda: page.shows(newest) and not page.shows(first), what="the last row's leaving")
    assert len(page.rows) == PAGE_SIZE
    after = parse_qs(urlsplit(unescape(page.next_page)).query)["after"][0]
    behind = list_bookings(as_staff(ADMIN), BookingQuery.from_args({"after": after}))
    assert behind.rows[0].id == first, "the row that left is on no page"
    database.execute("delete from bookings where id = %s", (newest,))
    eventually(lambda: page.shows(first) and not page.shows(newest), what="the row's return")
    assert len(page.rows) == PAGE_SIZE


def test_a_row_moves_when_the_list_is_sorted_by_what_changed(
    opens: Opens, book: Book, database: Database
) -> None:
    booking = book()
    page = opens("admin", sort="changed").wait_until_live()
    before = page.rows[booking]
    database.execute("update bookings set status = 'confirmed' where id = %s", (booking,))
    eventually(lambda: page.shows(booking, "Confirmed"), what="the change")
    assert f'hx-target="#booking-{booking}" hx-swap="delete"' in page.html
    assert page.rows[booking].split("data-key")[1] > before.split("data-key")[1]


def test_an_empty_list_takes_its_first_booking_and_loses_its_last(
    opens: Opens, book: Book, database: Database
) -> None:
    page = opens("admin", search="Zebra Crossing").wait_until_live()
    assert page.rows == {}
    booking = book("Zebra Crossing")
    eventually(lambda: page.shows(booking), what="the row")
    database.execute("delete from bookings where id = %s", (booking,))
    eventually(lambda: page.rows == {}, what="its leaving")


def test_an_open_booking_shows_what_a_colleague_does_with_it(
    opens: Opens, book: Book, database: Database, staff: Staff
) -> None:
    booking = book(agent=staff("operations"))
    page = opens("operations", "booking", id=booking).wait_until_live()
    database.execute("update bookings set status = 'confirmed' where id = %s", (booking,))
    eventually(lambda: "Start</button>" in page.html, what="the next step")
    database.execute("update tasks set status = 'done' where booking_id = %s", (booking,))
    eventually(lambda: "task--done" in page.html, what="the finished task")


def test_an_open_booking_that_is_taken_away_is_loaded_anew(
    opens: Opens, book: Book, database: Database, staff: Staff
) -> None:
    booking = book(agent=staff("operations"))
    page = opens("operations", "booking", id=booking).wait_until_live()
    assign(database, booking, staff("operations2"))
    eventually(lambda: page.reloaded and page.ended, what="the reload")
