"""Staff ask for something, and the answer is slow, is an error, or does not come at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN
from tests.support.person import Person
from tests.support.site import Site

NOT_READ = "This could not be read"
BAR = "getComputedStyle(document.querySelector('main'), '::before').animationName"
GATEWAY = "<!doctype html><h1>502 Bad Gateway</h1>"


@pytest.fixture
def admin(browser: Browser, site: Site) -> Iterator[Person]:
    """An admin. What the console says of requests that fail is no matter."""
    person = Person(browser, site)
    person.sign_in(ADMIN)
    yield person
    person.leave()


def search(page: Page, words: str) -> None:
    page.get_by_role("searchbox").fill(words)


def held(page: Page, address: str) -> list[Route]:
    """The requests for this address, from now on, none of which gets an answer by itself."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(address, hold)
    return waiting


def test_admin_is_told_what_could_not_be_read_and_asks_again(admin: Person, database: Database) -> None:
    page = admin.page
    sought, other = make_booking(database, pickup_place="Sought"), make_booking(database)
    admin.goes_to("/staff/bookings")
    found, rest = page.locator(f"#booking-{sought}"), page.locator(f"#booking-{other}")
    expect(rest).to_be_visible()
    asked = "**/staff/bookings?*search=*"
    for fail in (lambda route: route.abort(), lambda route: route.fulfill(status=502, body=GATEWAY)):
        page.route(asked, fail)
        search(page, f"Sought {sought[:1]}")
        search(page, "Sought")
        expect(page.locator("#notices")).to_contain_text(NOT_READ)
        expect(page.get_by_role("searchbox")).to_have_value("Sought")
        expect(rest).to_be_visible()
        assert page.url.endswith("/staff/bookings"), "the address says what is shown"
        assert "search" not in (page.locator("#live").get_attribute("hx-sse:connect") or "")
        page.unroute(asked)
        page.get_by_role("button", name="Try again").click()
        expect(rest).to_be_hidden()
        expect(found).to_be_visible()
        expect(page.locator("#notices")).not_to_contain_text(NOT_READ)
        assert "search=Sought" in (page.locator("#live").get_attribute("hx-sse:connect") or "")
        search(page, "")
        expect(rest).to_be_visible()
        expect(page.locator("#live-state")).to_have_text("Live")
        page.goto(page.url.partition("?")[0])


def test_page_is_busy_for_as_long_as_an_answer_takes(admin: Person) -> None:
    page = admin.page
    streams, waiting = held(page, "**/staff/live*"), held(page, "**/staff/bookings?*status=pending*")
    admin.goes_to("/staff/bookings")
    page.get_by_label("Status", exact=True).first.select_option("pending")
    expect(page.locator("#bookings")).to_have_attribute("aria-busy", "true")
    # What the stream draws meanwhile, as it does when it has just begun, changes nothing about that.
    page.unroute("**/staff/live*")
    for stream in streams:
        stream.continue_()
    expect(page.locator("#live-state")).to_have_text("Live")
    expect(page.locator("#bookings")).to_have_attribute("aria-busy", "true")
    expect(page.locator("html")).to_have_attribute("data-asking", "")
    assert page.evaluate(BAR) == "asking"
    waiting[0].continue_()
    page.wait_for_url("**status=pending**")
    expect(page.locator("#bookings")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("html")).not_to_have_attribute("data-asking", "")


def test_page_that_is_not_live_says_only_when_it_is_offline(admin: Person) -> None:
    page = admin.page
    admin.goes_to("/staff/team")
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    expect(page.locator("#live-state")).to_have_text("")
    page.context.set_offline(True)
    expect(page.locator("#live-state")).to_contain_text("Offline since")
    page.context.set_offline(False)
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    expect(page.locator("#live-state")).to_have_text("")
