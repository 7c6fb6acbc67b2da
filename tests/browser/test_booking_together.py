"""Several people at one booking: who else is there, what they write, what becomes of a half-written note."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE
from tests.support.person import Person
from tests.support.rows import name_of

STAYED = "window.neverLeft === true"
HALF = "The guest comes with a wheel"

People = Callable[..., Person]


def opens(person: Person, booking: str) -> Page:
    """Open the booking, leave it open, and wait until it says that it is live."""
    person.goes_to(f"/staff/bookings/{booking}")
    expect(person.page.locator("#live-state")).to_have_text("Live")
    person.page.evaluate("window.neverLeft = true")
    return person.page


def box(page: Page) -> Locator:
    return page.get_by_label("Write a note")


def notes(page: Page) -> Locator:
    return page.locator("#booking-notes .note")


def company(page: Page) -> Locator:
    return page.locator("#company")


@pytest.fixture
def booking(database: Database) -> str:
    """A booking of the agent's."""
    return make_booking(database, agent=AGENT)


def test_agent_and_admin_work_on_one_booking_at_once(
    somebody: People, database: Database, booking: str
) -> None:
    people = somebody(AGENT), somebody(ADMIN), somebody(FINANCE)
    agent, admin, finance = (opens(person, booking) for person in people)

    expect(company(agent)).to_have_text(f"{name_of(database, ADMIN)} is looking at this too")
    expect(company(admin)).to_have_text(f"{name_of(database, AGENT)} is looking at this too")
    expect(company(finance)).to_be_empty()

    # What one is writing stays, and the cursor in it, while the other writes and moves the booking on.
    box(agent).press_sequentially(HALF)
    box(admin).fill("Paid by phone.\nWants an invoice.")
    admin.get_by_role("button", name="Add the note").click()
    expect(notes(agent)).to_contain_text(re.compile(r"Paid by phone\.\s+Wants an invoice\."))
    expect(box(admin)).to_have_value("")
    admin.get_by_role("button", name="Confirm", exact=True).click()
    expect(agent.locator(".booking__head")).to_contain_text("Confirmed")
    expect(agent.locator(".timeline")).to_contain_text("moved from pending to confirmed")
    expect(box(agent)).to_be_focused()
    agent.keyboard.type("chair")
    expect(box(agent)).to_have_value(f"{HALF}chair")
    agent.get_by_role("button", name="Add the note").click()
    expect(notes(admin)).to_have_count(2)
    expect(notes(admin).first).to_contain_text("wheelchair")
    expect(box(agent)).to_have_value("")
    expect(notes(finance)).to_have_count(0)

    # One's own can be taken back, and is gone for the other.
    agent.once("dialog", lambda dialog: dialog.accept())
    expect(agent.get_by_role("button", name="Delete the note")).to_have_count(1)
    agent.get_by_role("button", name="Delete the note").click()
    expect(notes(admin)).to_have_count(1)
    assert all(page.evaluate(STAYED) for page in (agent, admin, finance))

    admin.goto("/staff/bookings")
    expect(company(agent)).to_be_empty()


def test_half_written_note_outlives_an_outage_a_refusal_and_a_reload(somebody: People, booking: str) -> None:
    agent = somebody(AGENT)
    page = opens(agent, booking)
    box(page).fill(HALF)
    page.route("**/notes", lambda route: route.abort())
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be sent")
    expect(box(page)).to_have_value(HALF)
    agent.problems.clear()  # they are about the outage
    page.reload()
    expect(box(page)).to_have_value(HALF)
    page.unroute("**/notes")
    page.get_by_role("button", name="Add the note").click()
    expect(notes(page)).to_contain_text(HALF)
    page.reload()
    expect(box(page)).to_have_value("")

    box(page).fill("   ")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_role("alert")).to_have_text("Write the note first")
    expect(notes(page)).to_have_count(1)
