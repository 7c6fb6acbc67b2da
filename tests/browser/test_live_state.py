"""A staff page says whether it is live, comes back by itself, and then shows what it missed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from supabase import Client

from tests.support import factories
from tests.support.backend import TestBackend
from tests.support.people import ADMIN
from tests.support.person import Person
from tests.support.site import Site, serve
from tests.support.wire import Wire

SOON = 20_000  # milliseconds
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

Visitor = Callable[[], Client]


@pytest.fixture
def wire(site: Site) -> Iterator[Wire]:
    """What the admin's browser reaches the site through."""
    address = urlsplit(site.url)
    with Wire(address.hostname or "", address.port or 80).up() as wire:
        yield wire


@pytest.fixture
def admin(browser: Browser, site: Site, wire: Wire) -> Iterator[Person]:
    """An admin at the list of bookings. What the console says of broken connections is no matter."""
    person = Person(browser, replace(site, url=wire.url))
    person.sign_in(ADMIN)
    person.goes_to("/staff/bookings")
    yield person
    person.leave()


def says(page: Page, words: str) -> None:
    expect(page.locator("#live-state")).to_have_text(re.compile(words), timeout=SOON)


def shows(page: Page, booking: str) -> None:
    expect(page.locator(f"#booking-{booking}")).to_be_visible(timeout=SOON)


def test_page_says_since_when_it_is_offline_and_shows_afterwards_what_it_missed(
    admin: Person, wire: Wire, visitor: Visitor
) -> None:
    says(admin.page, "^Live$")
    wire.kill()
    says(admin.page, "^Catching up")
    says(admin.page, r"^Offline since \d\d:\d\d$")
    missed = factories.book(visitor())
    wire.mend()
    says(admin.page, "^Live$")
    shows(admin.page, missed)


def test_page_notices_a_connection_that_went_silent(admin: Person, wire: Wire, visitor: Visitor) -> None:
    page = admin.page
    page.clock.install()
    page.reload()
    says(page, "^Live$")
    wire.mute()
    missed = factories.book(visitor())
    page.clock.fast_forward("01:00")
    says(page, "^(Catching up|Offline since)")
    wire.cut()
    wire.mend()
    says(page, "^Live$")
    shows(page, missed)


def test_tab_that_was_in_the_background_shows_what_it_missed(admin: Person, visitor: Visitor) -> None:
    says(admin.page, "^Live$")
    admin.page.evaluate(HIDE, True)
    missed = factories.book(visitor())
    admin.page.evaluate(HIDE, False)
    shows(admin.page, missed)
    says(admin.page, "^Live$")


def test_stream_that_fails_at_first_is_tried_again(admin: Person, visitor: Visitor) -> None:
    attempts = 0

    def fail_twice(route: Route) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            route.abort()
        elif attempts == 2:
            route.fulfill(status=503, body="<p>Not now</p>", content_type="text/html")
        else:
            route.continue_()

    admin.page.route("**/staff/live*", fail_twice)
    admin.page.reload()
    says(admin.page, "^Live$")
    assert attempts >= 3
    booking = factories.book(visitor())
    shows(admin.page, booking)


def test_page_of_somebody_signed_out_elsewhere_asks_to_sign_in(admin: Person, wire: Wire) -> None:
    says(admin.page, "^Live$")
    admin.page.context.clear_cookies()
    wire.cut()
    admin.page.wait_for_url(re.compile("/staff/sign-in"), timeout=SOON)


def test_page_of_somebody_who_gets_another_role_reloads_itself(
    somebody: Callable[..., Person], database: Any
) -> None:
    agent = somebody("operations2@roamio.example")
    agent.goes_to("/staff/bookings")
    says(agent.page, "^Live$")
    try:
        database.execute("update profiles set role = 'finance' where email = 'operations2@roamio.example'")
        expect(agent.page.locator(".account__name")).to_contain_text("Finance", timeout=SOON)
    finally:
        database.execute("update profiles set role = 'operations' where email = 'operations2@roamio.example'")
    # Chromium may never close a page that is on its way to another one.
    expect(agent.page.locator(".account__name")).to_contain_text("Operations", timeout=SOON)
    says(agent.page, "^Live$")


def test_page_that_finds_no_room_is_offline_and_comes_back_when_it_was_told_to(
    admin: Person, wire: Wire, visitor: Visitor
) -> None:
    page, asked = admin.page, []
    page.clock.install()
    page.reload()
    says(page, "^Live$")

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "600"})

    page.route("**/staff/live?*", refuse)
    wire.cut()
    says(page, r"^Offline since \d\d:\d\d$")
    page.clock.fast_forward("01:00")
    says(page, "^Offline since")
    # Once as hx-sse does, and once to be told when to come back.
    assert len(asked) == 2
    page.unroute("**/staff/live?*")
    missed = factories.book(visitor())
    page.clock.fast_forward("14:00")
    says(page, "^Live$")
    shows(page, missed)


def test_oldest_of_too_many_pages_rests_until_somebody_is_at_it(
    browser: Browser, backend: TestBackend, visitor: Visitor, tmp_path: Path
) -> None:
    settings = {"SUPABASE_URL": backend.url, "SUPABASE_ANON_KEY": backend.anon_key, "ROAMIO_ENV": "testing"}
    with serve(settings | {"ROAMIO_STREAMS_EACH": "1"}, tmp_path / "site.log") as small:
        person = Person(browser, small)
        person.sign_in(ADMIN)
        person.goes_to("/staff/bookings")
        older, newer = person.page, person.open_tab()
        says(older, "^Live$")
        newer.goto("/staff/bookings")
        says(newer, "^Live$")
        says(older, "^Resting, as you have many pages open. Click to go on$")
        missed = factories.book(visitor())
        shows(newer, missed)
        expect(older.locator(f"#booking-{missed}")).to_have_count(0)
        older.locator("#live-state").click()
        says(older, "^Live$")
        shows(older, missed)
        says(newer, "^Resting")
        assert not person.problems
        person.leave()
