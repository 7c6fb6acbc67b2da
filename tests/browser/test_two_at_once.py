"""Two people change the same thing in the same moment: one wins, and the other loses nothing of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.support.colleagues import Colleague, make_colleague
from tests.support.factories import Database, book, make_booking
from tests.support.people import ADMIN, AGENT, People
from tests.support.person import Person
from tests.support.rows import name_of

Somebody = Callable[..., Person]
NOTE = "They asked for a child seat"
CONSENT = {"wording": "I agree", "given_at": "2026-11-22T10:00:00Z"}


@pytest.fixture
def second_admin(database: Database) -> Colleague:
    return make_colleague(database, "admin")


@contextmanager
def on_the_way(page: Page, address: str) -> Iterator[None]:
    """What this page sends there is on its way meanwhile, and arrives when the block ends."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(address, hold)
    yield
    assert len(held) == 1, "Nothing was sent"
    held[0].continue_()
    page.unroute(address)


def press(button: Locator) -> None:
    """Press, and wait until the form has left."""
    with button.page.expect_request(lambda request: request.method == "POST"):
        button.click()


def agent_of(database: Database, booking: str) -> str:
    row = database.execute(
        "select p.email from bookings b join profiles p on p.id = b.assigned_agent where b.id = %s", [booking]
    ).fetchone()
    assert row is not None
    return str(row["email"])


def test_of_two_who_move_and_assign_one_wins_and_the_other_sees_by_whom(
    somebody: Somebody, database: Database, second_admin: Colleague
) -> None:
    booking, (taker, other) = (
        make_booking(database, agent=AGENT),
        (make_colleague(database), make_colleague(database)),
    )
    one, two, agent = somebody(ADMIN), somebody(second_admin.email), somebody(AGENT)
    first, second, third = (person.watches(f"/staff/bookings/{booking}") for person in (one, two, agent))

    # The agent cancels in the moment in which the admin confirms.
    third.get_by_label("Write a note").fill(NOTE)
    third.once("dialog", lambda dialog: dialog.accept())
    with on_the_way(third, "**/status"):
        press(third.get_by_role("button", name="Cancel booking"))
        first.get_by_role("button", name="Confirm", exact=True).click()
        one.is_told("Moved to confirmed.")
    notice = third.get_by_role("alert")
    expect(notice).to_contain_text("Somebody was faster, so nothing was written.")
    expect(notice).to_contain_text("It is confirmed now; you saw it pending.")
    expect(notice).to_contain_text(f"pending to confirmed: {name_of(database, ADMIN)}, ")
    expect(third.get_by_label("Write a note")).to_have_value(NOTE)
    kept = database.execute("select status::text from bookings where id = %s", [booking]).fetchone()
    assert kept == {"status": "confirmed"}
    # Looking again, they may still do it.
    third.once("dialog", lambda dialog: dialog.accept())
    third.get_by_role("button", name="Cancel booking").click()
    agent.is_told("Moved to cancelled.")

    # Two admins hand it to two people.
    for page in (first, second):
        expect(page.locator(".booking__head")).to_contain_text("Cancelled")
    first.get_by_label("Assigned to").select_option(value=taker.id)
    with on_the_way(first, "**/assignment"):
        press(first.get_by_role("button", name="Assign", exact=True))
        second.get_by_label("Assigned to").select_option(value=other.id)
        second.get_by_role("button", name="Assign", exact=True).click()
        two.is_told("Assigned.")
    notice = first.get_by_role("alert")
    expect(notice).to_contain_text(f"{other.name} looks after it now.")
    expect(notice).to_contain_text(second_admin.name)
    expect(first.get_by_label("Assigned to")).to_have_value(taker.id)
    assert agent_of(database, booking) == other.email
    first.get_by_role("button", name="Assign", exact=True).click()
    one.is_told("Assigned.")
    assert agent_of(database, booking) == taker.email
    # Whom it was taken from sees it no more.
    expect(third.get_by_role("heading", name="There is nothing here")).to_be_visible()
    agent.problems.clear()  # that page's address is closed to them now


def test_of_two_with_the_same_rows_the_second_is_told_row_by_row(
    somebody: Somebody, database: Database, second_admin: Colleague
) -> None:
    free, taken = (make_booking(database) for _ in range(2))
    one, two = somebody(ADMIN), somebody(second_admin.email)
    page, other = one.watches("/staff/bookings"), two.watches(f"/staff/bookings/{taken}")
    boxes = [page.locator(f"#booking-{booking}").get_by_role("checkbox") for booking in (free, taken)]
    for box in boxes:
        box.check()
    page.locator("#several-status").select_option("confirmed")
    with on_the_way(page, "**/several/status*"):
        press(page.get_by_role("button", name="Move", exact=True))
        other.once("dialog", lambda dialog: dialog.accept())
        other.get_by_role("button", name="Cancel booking").click()
        two.is_told("Moved to cancelled.")
    one.is_told("1 booking moved to confirmed")
    one.is_told("1 not changed, and still chosen below")
    one.is_told(f"{second_admin.name} was faster. It is cancelled now")
    expect(boxes[0]).not_to_be_checked()
    expect(boxes[1]).to_be_checked()
    expect(page.locator(f"#booking-{taken}")).to_contain_text("Cancelled")
    rows = database.execute(
        "select status::text from bookings where id::text = any(%s) order by status", [[free, taken]]
    ).fetchall()
    assert [row["status"] for row in rows] == ["cancelled", "confirmed"]


def test_health_details_are_open_for_who_opened_them_and_the_admin_reads_who_did(
    somebody: Somebody, people: People, database: Database
) -> None:
    health = {"speciality": "cardiology", "need": "A bypass was advised", "consent": CONSENT}
    booking = book(people.visitor(), purpose="medical", health=health)
    database.execute(
        "update bookings set assigned_agent = (select id from profiles where email = %s) where id = %s",
        [AGENT, booking],
    )
    agent, admin = (somebody(email).watches(f"/staff/bookings/{booking}") for email in (AGENT, ADMIN))
    assert "bypass" not in agent.content()
    agent.locator("#health").get_by_role("button", name="Open").click()
    expect(agent.locator("#health")).to_contain_text("A bypass was advised")
    # They stay open while somebody else works on the booking, and closed for that person.
    admin.get_by_role("button", name="Confirm", exact=True).click()
    expect(agent.locator(".booking__head")).to_contain_text("Confirmed")
    expect(agent.locator("#health")).to_contain_text("A bypass was advised")
    assert "bypass" not in admin.content()
    readings = people.staff(ADMIN).table("health_readings").select("read_by").eq("booking_id", booking)
    reader = database.execute("select id::text from profiles where email = %s", [AGENT]).fetchone()
    assert reader is not None
    assert readings.execute().data == [{"read_by": reader["id"]}]
