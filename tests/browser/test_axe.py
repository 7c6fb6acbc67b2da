"""Every page can be used by everybody, as far as axe-core tells: light and dark, from left and from right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.support.axe import bring_axe, complaints, look_at
from tests.support.person import Person
from tests.support.plain_post import send
from tests.support.site import Site
from tests.support.travellers import PURPOSES, answers

People = Callable[..., Person]
LANGUAGES = [pytest.param("", id="left to right"), pytest.param("/ar", id="right to left")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_traveller_can_use_the_form_its_errors_and_its_check(
    somebody: People, purpose: str, language: str
) -> None:
    page = somebody().page
    bring_axe(page)
    found = look_at(page, [f"{language}/embed/{purpose}", f"{language}/book/{purpose}"])
    send(page)
    expect(page.locator("#error-summary")).to_be_visible()
    found["with errors"] = complaints(page)
    send(page, **answers(purpose))
    expect(page.locator("#check-title")).to_be_visible()
    found["check"] = complaints(page)
    assert {state: each for state, each in found.items() if each} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["book", "embed"])
def test_traveller_can_use_the_confirmation(somebody: People, place: str, language: str) -> None:
    page = somebody().page
    bring_axe(page)
    page.goto(f"{language}/{place}/cab")
    send(page, **answers("cab"), send="yes")
    expect(page.locator(".received__reference")).to_be_visible()
    assert complaints(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_visitor_can_use_every_other_page(somebody: People, language: str) -> None:
    page = somebody().page
    bring_axe(page)
    assert look_at(page, [f"{language}/", f"{language}/privacy", f"{language}/embed"]) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_visitor_can_use_what_says_that_something_failed(
    browser: Browser, site_in_trouble: Site, language: str
) -> None:
    visitor = Person(browser, site_in_trouble)
    bring_axe(visitor.page)
    pages = [f"{language}/", f"{language}/embed/cab"]
    addresses = [
        f"{page}?trouble={kind}" for page in pages for kind in ("404", "429", "500", "503", "closed")
    ]
    found = look_at(visitor.page, addresses)
    visitor.leave()
    assert found == {}
