"""A traveller at a booking form in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.support.cab import fill_in
from tests.support.factories import Database
from tests.support.person import Person
from tests.support.travellers import PURPOSES

People = Callable[..., Person]
SEND = "Book this cab"
NARROW = {"width": 320, "height": 640}


def somebody_else() -> tuple[str, str]:
    """A name and an address that nobody else in the tests has."""
    nobody_else = uuid4().hex[:10]
    return f"Farah Khan {nobody_else}", f"farah.{nobody_else}@example.com"


def send(page: Page) -> None:
    page.get_by_role("button", name=SEND).click()


def count(database: Database, email: str) -> int:
    row = database.execute(
        "select count(*) from bookings join clients on clients.id = client_id where email = %s", [email]
    ).fetchone()
    assert row is not None
    return int(row["count"])


def test_traveller_is_asked_what_belongs_to_the_ride(somebody: People) -> None:
    page = somebody().page
    page.goto("/book/cab")
    asked = {}
    for ride in ("One way", "Round trip", "By the hour", "To or from an airport"):
        page.get_by_label(ride, exact=True).check()
        asked[ride] = page.locator(".form__if:visible label").all_inner_texts()
    assert asked == {
        "One way": ["Drop-off place"],
        "Round trip": ["Drop-off place", "Return date", "Return time"],
        "By the hour": ["For how many hours?"],
        "To or from an airport": ["Drop-off place", "Flight number (optional)"],
    }


def test_traveller_without_javascript_sees_every_question_and_when_it_matters(somebody: People) -> None:
    page = somebody(javascript=False).page
    page.goto("/book/cab")
    expect(page.get_by_label("Return date")).to_be_visible()
    expect(page.get_by_text("Only for: By the hour")).to_be_visible()


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_traveller_is_led_to_what_has_to_be_mended(somebody: People, javascript: bool) -> None:
    page = somebody(javascript=javascript).page
    page.goto("/book/cab")
    page.get_by_label("Pick-up place", exact=True).fill("BLR Airport")
    send(page)
    expect(page).to_have_title("Error: Book a cab – Roamio")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="Enter your full name").click()
    name = page.get_by_label("Full name")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("Error: Enter your full name")
    expect(page.get_by_label("Pick-up place", exact=True)).to_have_value("BLR Airport")


def test_half_filled_form_survives_a_reload_and_is_gone_once_it_was_sent(somebody: People) -> None:
    name, email = somebody_else()
    page = somebody().page
    page.goto("/book/cab")
    fill_in(page, name=name, email=email)
    page.reload()
    expect(page.get_by_label("Full name")).to_have_value(name)
    expect(page.get_by_label("One way")).to_be_checked()
    send(page)
    page.get_by_role("link", name="Make another request").click()
    expect(page.get_by_label("Full name")).to_have_value("")


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_traveller_who_goes_back_and_sends_again_makes_one_booking(
    somebody: People, database: Database, javascript: bool
) -> None:
    name, email = somebody_else()
    page = somebody(javascript=javascript).page
    page.goto("/book/cab")
    fill_in(page, name=name, email=email)
    send(page)
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    reference = page.locator(".received__reference [aria-hidden]").inner_text()
    page.go_back()
    fill_in(page, name=name, email=email)
    send(page)
    expect(page.get_by_text("We had this request already")).to_be_visible()
    assert page.locator(".received__reference [aria-hidden]").inner_text() == reference
    assert count(database, email) == 1


def test_traveller_who_loses_the_network_keeps_everything_and_sends_later(
    somebody: People, database: Database
) -> None:
    name, email = somebody_else()
    traveller = somebody()
    page = traveller.page
    page.goto("/book/cab")
    fill_in(page, name=name, email=email)
    page.context.set_offline(True)
    send(page)
    expect(page.get_by_text("We could not be reached. Nothing was lost")).to_be_visible()
    traveller.problems.clear()  # the browser's own complaint about the network
    page.context.set_offline(False)
    send(page)
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    assert count(database, email) == 1


def test_traveller_who_writes_a_lot_is_told_how_much_is_left(somebody: People) -> None:
    page = somebody().page
    page.goto("/book/cab")
    notes = page.get_by_label("Notes")
    notes.fill("x" * 9_990)
    expect(page.get_by_text("10 characters left")).to_be_visible()
    notes.fill("x" * 10_002)
    expect(page.get_by_text("2 characters too many")).to_be_visible()


def test_every_page_fits_the_narrowest_phone(somebody: People) -> None:
    traveller = somebody()
    traveller.page.set_viewport_size(NARROW)
    widths = {}
    for path in ("/", "/privacy", *(f"/book/{purpose}" for purpose in PURPOSES)):
        traveller.goes_to(path)
        widths[path] = traveller.page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in widths.items() if width != NARROW["width"]} == {}
