"""A traveller books a cab, and everybody concerned sees it arrive, move and leave, as far as they may."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support import cab
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER
from tests.support.person import Person

SOON = 20_000  # milliseconds; far less is usual, and `make bench` measures it
STAYED = "window.neverLeft === true"

People = Callable[..., Person]


def books_a_cab(visitor: Person, name: str) -> str:
    """Book as this visitor, and return the reference that the confirmation shows."""
    visitor.goes_to("/book/cab")
    cab.fill_in(visitor.page, name=name)
    cab.send(visitor.page)
    return confirmed_reference(visitor.page)


def confirmed_reference(page: Page) -> str:
    """The reference on the confirmation page, as it is read aloud."""
    page.wait_for_url("**/book/cab/received/**")
    shown = re.search(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b", page.locator("main").inner_text())
    assert shown, "The confirmation shows no reference"
    return shown[0]


def watches(person: Person, path: str = "/staff/bookings") -> Page:
    """Open a staff page, leave it open, and wait until it says that it is live."""
    person.goes_to(path)
    expect(person.page.locator("#live-state")).to_have_text(re.compile("live", re.IGNORECASE), timeout=SOON)
    person.page.evaluate("window.neverLeft = true")
    return person.page


def row(page: Page, reference: str) -> Locator:
    return page.locator("#booking-rows tr").filter(has_text=reference)


def booking_id(database: Any, reference: str) -> str:
    found = database.execute("select id from public.bookings where reference = %s", [stored(reference)])
    return str(found.fetchone()["id"])


def staff_id(database: Any, email: str) -> str:
    found = database.execute("select id from public.profiles where email = %s", [email])
    return str(found.fetchone()["id"])


def stored(reference: str) -> str:
    """A reference as the database keeps it."""
    return reference.replace("-", "")


def is_told(person: Person, sentence: str) -> None:
    expect(person.page.get_by_role("status").filter(has_text=sentence)).to_be_visible(timeout=SOON)


def assigns(admin: Person, booking: str, agent: str) -> None:
    """Hand a booking to an agent, on its page."""
    admin.goes_to(f"/staff/bookings/{booking}")
    admin.page.get_by_label("Assigned to").select_option(value=agent)
    admin.page.get_by_role("button", name="Assign", exact=True).click()
    is_told(admin, "Assigned.")


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_traveller_s_booking_appears_on_every_open_screen_that_may_show_it(
    javascript: bool, somebody: People, database: Any, record_property: Callable[[str, object], None]
) -> None:
    name = f"Asha Rao {time.monotonic_ns()}"
    admin, finance, viewer = somebody(ADMIN), somebody(FINANCE), somebody(VIEWER)
    lists = [watches(admin), watches(finance)]
    counts = watches(viewer, "/staff/")
    total = counts.locator("#overview tfoot td").last
    before = int(total.inner_text())
    month, table = counts.locator(".chart__sum"), counts.get_by_role("group", name="Bookings by day")
    counts.get_by_text("As a table").click()
    received = month.inner_text()

    reference = books_a_cab(somebody(javascript=javascript), name)
    started = time.perf_counter()
    expect(row(lists[0], reference)).to_be_visible(timeout=SOON)
    record_property("seconds from confirmation to the admin's screen", time.perf_counter() - started)

    expect(row(lists[0], reference)).to_contain_text(name)
    expect(row(lists[0], reference)).to_contain_text("1 open")
    expect(row(lists[1], reference)).to_be_visible(timeout=SOON)
    expect(total).to_have_text(str(before + 1), timeout=SOON)
    expect(month).not_to_have_text(received, timeout=SOON)
    expect(table).to_be_visible()  # what somebody opened stays open
    assert name not in lists[1].content()
    assert reference not in counts.content()
    assert all(page.evaluate(STAYED) for page in (*lists, counts))
    kept = database.execute(
        "select b.status, c.name from public.bookings b join public.clients c on c.id = b.client_id"
        " where b.reference = %s",
        [stored(reference)],
    ).fetchall()
    assert kept == [{"status": "pending", "name": name}]


def test_booking_follows_its_agent_from_screen_to_screen(somebody: People, database: Any) -> None:
    admin, agent, colleague = somebody(ADMIN), somebody(AGENT), somebody(OTHER_AGENT)
    reference = books_a_cab(somebody(), "Vikram Shah")
    booking = booking_id(database, reference)
    first, second = watches(agent), watches(colleague)
    assert row(first, reference).count() == row(second, reference).count() == 0

    assigns(admin, booking, staff_id(database, AGENT))
    expect(row(first, reference)).to_be_visible(timeout=SOON)
    expect(row(first, reference)).to_contain_text("1 open")
    assert row(second, reference).count() == 0

    assigns(admin, booking, staff_id(database, OTHER_AGENT))
    expect(row(second, reference)).to_be_visible(timeout=SOON)
    expect(row(first, reference)).to_have_count(0, timeout=SOON)
    assert first.evaluate(STAYED)
    assert second.evaluate(STAYED)


def test_agent_moves_a_booking_on_and_the_admin_sees_it(somebody: People, database: Any) -> None:
    admin, agent = somebody(ADMIN), somebody(AGENT)
    reference = books_a_cab(somebody(), "Meera Pillai")
    booking = booking_id(database, reference)
    assigns(admin, booking, staff_id(database, AGENT))
    page = watches(admin)

    agent.goes_to(f"/staff/bookings/{booking}")
    agent.page.get_by_role("button", name="Confirm").click()
    expect(agent.page.get_by_role("status").filter(has_text="Moved to confirmed.")).to_be_visible(
        timeout=SOON
    )

    expect(row(page, reference)).to_contain_text("Confirmed", timeout=SOON)
    assert page.evaluate(STAYED)
    trail = database.execute(
        "select actor, action from public.audit_logs where table_name = 'bookings' and record_id = %s"
        " order by created_at, id",
        [booking],
    ).fetchall()
    assert [(entry["action"], entry["actor"]) for entry in trail] == [
        ("INSERT", "system"),
        ("UPDATE", staff_id(database, ADMIN)),
        ("UPDATE", staff_id(database, AGENT)),
    ]


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_traveller_who_clicks_twice_makes_one_booking(
    javascript: bool, somebody: People, database: Any
) -> None:
    visitor = somebody(javascript=javascript)
    name = f"Two Clicks {time.monotonic_ns()}"
    visitor.goes_to("/book/cab")
    cab.fill_in(visitor.page, name=name)
    cab.check(visitor.page)
    visitor.page.get_by_role("button", name=cab.SEND).dblclick()
    confirmed_reference(visitor.page)
    made = database.execute(
        "select count(*) as made from public.bookings b join public.clients c on c.id = b.client_id"
        " where c.name = %s",
        [name],
    ).fetchone()
    assert made == {"made": 1}
