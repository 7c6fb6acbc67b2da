"""A traveller at a booking form in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.support.cab import CHECK, SEND, check, fill_in, send
from tests.support.factories import Database
from tests.support.person import Person
from tests.support.travellers import PURPOSES

# What the history says of the check in the first moment after it was put into the page.
STEP_AT_FIRST_SIGHT = """() => new Promise(tell => {
  const next = new MessageChannel();
  next.port1.onmessage = () => tell(history.state?.step);
  new MutationObserver(() => document.querySelector("[data-step=check]") && next.port2.postMessage(""))
    .observe(document.body, { childList: true, subtree: true });
  document.querySelector(".form__send").click();
})"""

STORAGE_BLOCKED = """Object.defineProperty(window, "sessionStorage", {
  get() { throw new DOMException("Access is denied for this document.", "SecurityError"); } })"""

People = Callable[..., Person]
NARROW = {"width": 320, "height": 640}


def somebody_else() -> str:
    """A name that nobody else in the tests has."""
    return f"Farah Khan {uuid4().hex[:10]}"


def count(database: Database, name: str) -> int:
    row = database.execute(
        "select count(*) from bookings join clients on clients.id = client_id where clients.name = %s", [name]
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
    check(page)
    expect(page).to_have_title("Error: Book a cab – Roamio")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="Enter your full name").click()
    name = page.get_by_label("Full name")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("Error: Enter your full name")
    expect(page.get_by_label("Pick-up place", exact=True)).to_have_value("BLR Airport")


def test_half_filled_form_survives_a_reload_and_is_gone_once_it_was_sent(somebody: People) -> None:
    name = somebody_else()
    page = somebody().page
    page.goto("/book/cab")
    fill_in(page, name=name)
    page.reload()
    expect(page.get_by_label("Full name")).to_have_value(name)
    expect(page.get_by_label("One way")).to_be_checked()
    send(page)
    page.get_by_role("link", name="Make another request").click()
    expect(page.get_by_label("Full name")).to_have_value("")


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_traveller_checks_the_answers_changes_one_and_books(
    somebody: People, database: Database, javascript: bool
) -> None:
    name = somebody_else()
    page = somebody(javascript=javascript).page
    page.goto("/book/cab")
    fill_in(page, name=name)
    check(page)
    expect(page).to_have_title("Check your answers – Book a cab – Roamio")
    title = page.get_by_role("heading", name="Check your answers")
    expect(title).to_be_focused()
    expect(title).to_be_in_viewport()
    expect(page.locator(".answers__row").filter(has_text="Drop-off place")).to_contain_text(
        "The Leela Palace"
    )
    assert count(database, name) == 0

    page.get_by_role("button", name="Change Drop-off place").click()
    place = page.get_by_label("Drop-off place")
    expect(place).to_be_in_viewport()
    if javascript:
        expect(place).to_be_focused()
    expect(page.get_by_label("Full name")).to_have_value(name)
    place.fill("Nandi Hills")
    send(page)
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    row = database.execute(
        "select details ->> 'dropoff_place' as place from bookings"
        " join clients on clients.id = client_id where clients.name = %s",
        [name],
    ).fetchall()
    assert row == [{"place": "Nandi Hills"}]


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_traveller_who_presses_back_at_the_check_is_at_the_questions_again(
    somebody: People, javascript: bool
) -> None:
    name = somebody_else()
    page = somebody(javascript=javascript).page
    page.goto("/book/cab")
    fill_in(page, name=name)
    check(page)
    expect(page.get_by_role("button", name=SEND)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name=CHECK)).to_be_visible()
    expect(page.get_by_label("Full name")).to_have_value(name)
    assert page.url.endswith("/book/cab")


def test_traveller_who_presses_back_as_soon_as_the_check_is_seen_does_not_leave_the_site(
    somebody: People,
) -> None:
    page = somebody().page
    page.goto("/book/cab")
    fill_in(page, name=somebody_else())
    assert page.evaluate(STEP_AT_FIRST_SIGHT) == "check"


def test_check_and_confirmation_fit_the_narrowest_phone(somebody: People) -> None:
    page = somebody().page
    page.set_viewport_size(NARROW)
    page.goto("/book/cab")
    fill_in(page, name=somebody_else())
    page.get_by_label("Pick-up place", exact=True).fill(
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    )
    check(page)
    expect(page.get_by_role("button", name=SEND)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("#asked")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_confirmation_shows_what_was_asked_and_says_it_in_no_address(somebody: People) -> None:
    name = somebody_else()
    page = somebody().page
    page.goto("/book/cab")
    fill_in(page, name=name)
    send(page)
    asked = page.locator("#asked")
    expect(page.locator("#unsaid")).to_be_hidden()
    expect(asked).to_contain_text("The Leela Palace, Old Airport Road")
    expect(asked).to_contain_text(name)
    assert "Leela" not in page.url
    page.reload()
    expect(asked).to_contain_text(name)
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    assert download.value.suggested_filename.endswith(".ics")


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with storage blocked"])
def test_confirmation_says_what_was_chosen_where_the_browser_keeps_nothing(
    somebody: People, javascript: bool
) -> None:
    page = somebody(javascript=javascript).page
    page.add_init_script(STORAGE_BLOCKED)
    page.goto("/book/cab")
    fill_in(page, name=somebody_else())
    send(page)
    expect(page.locator(".received__reference")).to_be_visible()
    expect(page.get_by_text("We confirm the car and send you")).to_be_visible()
    expect(page.locator("#asked")).to_contain_text("One way")
    expect(page.locator("#asked")).to_contain_text("09:30")
    expect(page.get_by_text("What you wrote in your own words is with us too.")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible(visible=javascript)


def test_browser_keeps_nothing_about_anybody_s_health(somebody: People) -> None:
    page = somebody().page
    page.goto("/book/medical")
    page.get_by_label("Full name", exact=True).fill("Farah Khan")
    page.get_by_label("What is needed?").fill("A bypass")
    page.get_by_label("Field of medicine").select_option("cardiology")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "Farah Khan" in kept
    assert "bypass" not in kept
    assert "cardiology" not in kept


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_traveller_who_goes_back_and_sends_again_makes_one_booking(
    somebody: People, database: Database, javascript: bool
) -> None:
    name = somebody_else()
    page = somebody(javascript=javascript).page
    page.goto("/book/cab")
    fill_in(page, name=name)
    send(page)
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    reference = page.locator(".received__reference [aria-hidden]").inner_text()
    # Without JavaScript the check is a page of its own, which the browser does not keep: on past it.
    page.evaluate(f"history.go({-1 if javascript else -2})")
    page.wait_for_url("**/book/cab")
    expect(page.get_by_role("button", name=CHECK)).to_be_visible()
    fill_in(page, name=name)
    send(page)
    expect(page.get_by_text("We had this request already")).to_be_visible()
    assert page.locator(".received__reference [aria-hidden]").inner_text() == reference
    assert count(database, name) == 1


def test_traveller_who_loses_the_network_keeps_everything_and_sends_later(
    somebody: People, database: Database
) -> None:
    name = somebody_else()
    traveller = somebody()
    page = traveller.page
    page.goto("/book/cab")
    fill_in(page, name=name)
    check(page)
    button = page.get_by_role("button", name=SEND)
    expect(button).to_be_visible()
    page.context.set_offline(True)
    button.click()
    expect(page.get_by_text("We could not be reached. Nothing was lost")).to_be_visible()
    traveller.problems.clear()  # the browser's own complaint about the network
    page.context.set_offline(False)
    button.click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    assert count(database, name) == 1


def test_traveller_who_writes_a_lot_is_told_how_much_is_left(somebody: People) -> None:
    page = somebody().page
    page.goto("/book/cab")
    notes = page.get_by_label("Notes")
    notes.fill("x" * 9_990)
    expect(page.get_by_text("Characters left: 10")).to_be_visible()
    notes.fill("x" * 10_002)
    expect(page.get_by_text("Characters too many: 2")).to_be_visible()


def test_every_page_fits_the_narrowest_phone(somebody: People) -> None:
    traveller = somebody()
    traveller.page.set_viewport_size(NARROW)
    widths = {}
    for path in ("/", "/privacy", *(f"/book/{purpose}" for purpose in PURPOSES)):
        traveller.goes_to(path)
        widths[path] = traveller.page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in widths.items() if width != NARROW["width"]} == {}
