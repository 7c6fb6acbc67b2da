"""A visitor goes from page to page: one turns into the next, unless they asked for less motion."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.cab import CHECK, SEND, check, fill_in
from tests.support.person import Person
from tests.support.travellers import contact

People = Callable[..., Person]
NOTE_TURNS = "addEventListener('pagereveal', shown => { window.turned = Boolean(shown.viewTransition); });"
MOVES = """() => {
  const long = times => times.split(",").some(time => parseFloat(time) > 0);
  const moving = [...document.querySelectorAll("*")].flatMap(element =>
    [null, "::before", "::after"].map(part => [element, getComputedStyle(element, part)])
  ).filter(([, style]) => long(style.transitionDuration) || long(style.animationDuration)
    || style.scrollBehavior === "smooth");
  const named = moving.map(([element]) => element.className || element.tagName);
  return [...document.getAnimations().map(String), ...named];
}"""


def turned(page: Page) -> bool:
    """Whether this page came out of the one before it."""
    return bool(page.evaluate("window.turned"))


def test_a_page_turns_into_the_next_and_a_booking_into_its_confirmation(somebody: People) -> None:
    page = somebody().page
    page.add_init_script(NOTE_TURNS)
    page.goto("/")
    page.locator("#main").get_by_role("link", name="Book a cab").click()
    expect(page.get_by_role("button", name=CHECK)).to_be_visible()
    assert turned(page)
    fill_in(page, name=str(contact()["name"]))
    page.evaluate("window.turned = 'the same page'")
    check(page)
    expect(page.get_by_role("heading", name=CHECK)).to_be_focused()
    assert page.evaluate("window.turned") == "the same page", "htmx puts the check there at once"
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    assert turned(page)


def test_nothing_moves_for_a_visitor_who_asked_for_less_motion(somebody: People) -> None:
    page = somebody().page
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(NOTE_TURNS)
    page.goto("/")
    assert page.evaluate(MOVES) == []
    page.locator("#main").get_by_role("link", name="Book a cab").click()
    expect(page.get_by_role("button", name=CHECK)).to_be_visible()
    assert not turned(page)
    assert page.evaluate(MOVES) == []
    fill_in(page, name=str(contact()["name"]))
    check(page)
    expect(page.get_by_role("heading", name=CHECK)).to_be_focused()
    assert page.evaluate(MOVES) == []
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    assert not turned(page)
    for address in ("/embed", "/embed/cab"):
        page.goto(address)
        assert page.evaluate(MOVES) == [], address
