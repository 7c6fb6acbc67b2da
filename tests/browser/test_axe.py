"""Every page and state that a visitor meets can be used by everybody, as far as axe-core tells.

In light and dark, from left and from right, on a desk and on the smallest phone. A new public page is to be
among those below; one of these tests says so.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from roamio_web.security import KINDS, Kind
from tests.support.axe import Inspection
from tests.support.person import Person
from tests.support.plain_post import send
from tests.support.site import Site
from tests.support.staff_pages import site_map
from tests.support.travellers import PURPOSES, answers
from tests.support.trouble import old_ticket

People = Callable[..., Person]
LANGUAGES = [pytest.param("", id="left to right"), pytest.param("/ar", id="right to left")]
PAGES = {"site.home": "/", "site.privacy": "/privacy", "embedding.page": "/embed"}
FORMS = {"book.form", "book.received", "embed.form", "embed.received"}
NOT_PAGES = {"book.ways", "book.calendar", "embed.calendar", "embed.accent", "embed.script", "discovery"}
"""What leads to another page, and files."""
DESK = {"width": 1280, "height": 720}
PHONE = {"width": 320, "height": 640}
LOOKS = ("theme=dark&accent=b0305f", "theme=light&accent=b0305f")
# Of two questions that shut each other out, one opens.
ANSWER_WHAT_OPENS_QUESTIONS = """() => {
  const form = document.querySelector("#booking-form");
  for (const part of form.querySelectorAll("[data-asked]")) {
    if (!part.hidden) continue;
    for (const field of form.querySelectorAll(`[name="${part.dataset.asked}"]`)) {
      const answer = part.dataset.answers.split(" ")[0];
      if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === answer;
      else field.value = answer;
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  for (const area of form.querySelectorAll("[data-limit]")) {
    area.value = "x".repeat(area.dataset.limit - 10);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_traveller_can_use_every_step_of_a_form(somebody: People, purpose: str, language: str) -> None:
    page, sent = somebody().page, answers(purpose)
    look = Inspection(page)
    ticket = ""
    for place, size in (("book", DESK), ("embed", PHONE)):
        address = f"{language}/{place}/{purpose}"
        page.set_viewport_size(size)
        page.goto(address)
        look.of(address)
        if place == "embed":
            page.evaluate(ANSWER_WHAT_OPENS_QUESTIONS)
            expect(page.locator(".field__count").first).to_be_visible()
            look.of(f"{address}, with what its answers open")
        ticket = ticket or page.locator("[name=ticket]").input_value()
        send(page)
        expect(page.locator("#error-summary")).to_be_visible()
        look.of(f"{address}, with errors")
        send(page, **sent)
        expect(page.locator("#check-title")).to_be_visible()
        look.of(f"{address}, check")
        # The second time it was there already, and says so.
        send(page, **sent, ticket=ticket, send="yes")
        expect(page.locator(".received__reference")).to_be_visible()
        expect(page.locator(".received .notice")).to_have_count(1 if place == "embed" else 0)
        look.of(f"{address}, received")
    assert look.found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_traveller_without_javascript_can_use_every_form(somebody: People, language: str) -> None:
    look = Inspection(somebody().page)
    with look.without_scripts():
        look.page.goto(f"{language}/embed")
    look.of("/embed")
    for purpose in PURPOSES:
        with look.without_scripts():
            look.page.goto(f"{language}/book/{purpose}")
        look.of(purpose)
    assert look.found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_visitor_can_use_every_other_page(somebody: People, language: str) -> None:
    look = Inspection(somebody().page)
    for size in (DESK, PHONE):
        look.page.set_viewport_size(size)
        look.of_pages(f"{language}{address}" for address in PAGES.values())
    assert look.found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_traveller_can_use_a_form_that_looks_like_the_page_around_it(somebody: People, language: str) -> None:
    page = somebody().page
    look = Inspection(page)
    for chosen in LOOKS:
        address = f"{language}/embed/hybrid?{chosen}"
        look.of_pages([address])
        send(page, **answers("hybrid"))
        expect(page.locator("#check-title")).to_be_visible()
        look.of(f"{address}, check")
    assert look.found == {}


def test_visitor_can_use_what_says_that_something_failed(browser: Browser, site_in_trouble: Site) -> None:
    visitor = Person(browser, site_in_trouble)
    page = visitor.page
    look = Inspection(page)
    for language in ("", "/ar"):
        for address in (f"{language}/", f"{language}/embed/cab"):
            look.of_pages(f"{address}?trouble={kind}" for kind in ("404", "429", "500", "503", "closed"))
    # Two are tried in vain, and then there were too many.
    for state, fields in (("unavailable", {"send": "yes"}), ("limited", {"send": "yes"}), ("expired", {})):
        for address in ("/book/cab", "/ar/embed/cab"):
            page.goto(address)
            send(page, **answers("cab"), **fields, **({"ticket": old_ticket()} if state == "expired" else {}))
            expect(page.locator("#form-notice")).to_be_visible()
            look.of(f"{address}, {state}")
    visitor.leave()
    assert look.found == {}


def test_every_public_page_is_looked_at() -> None:
    served = {
        rule.endpoint
        for rule in site_map().url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and KINDS.get(rule.endpoint.split(".")[0]) in (Kind.PUBLIC, Kind.EMBED)
    }
    left_out = {name for name in served if not NOT_PAGES & {name, name.split(".")[0]}} - {*PAGES, *FORMS}
    assert not left_out, f"Add the page to PAGES, or what is none to NOT_PAGES: {left_out}"
