"""Every form booked by keyboard alone, from the first question to the reference, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.factories import Database
from tests.support.person import Person
from tests.support.travellers import PURPOSES, answers

People = Callable[..., Person]
CHECK = "Check your answers"
FARTHEST = 150  # presses of the tab key
FOCUSED = """() => {
  const { name, type, value, checked, textContent, selectedOptions } = document.activeElement;
  return { name, type, value, checked, words: (selectedOptions?.[0] ?? { textContent }).textContent.trim() };
}"""
LABEL = "([name, value]) => document.querySelector(`[name='${name}'] [value='${value}']`).label"


def reference(page: Page) -> str:
    """The reference that the confirmation shows, as the database keeps it."""
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    return page.locator(".received__reference [aria-hidden]").inner_text().replace("-", "")


def booked(database: Database, reference: str) -> dict[str, Any]:
    row = database.execute(
        "select purpose::text, name from bookings join clients on clients.id = client_id"
        " where reference = %s",
        [reference],
    ).fetchone()
    assert row is not None, f"There is no booking {reference}"
    return row


def tab_to(page: Page, name: str) -> None:
    """Press the tab key until the control of this name has the focus."""
    for _ in range(FARTHEST):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The tab key does not lead to {name}")


def fill_in_by_keyboard(page: Page, given: dict[str, Any]) -> None:
    """Go through the form as the tab key leads, answer what is to be answered, and end at its button."""
    left = {name: list(each) if isinstance(each, list) else [each] for name, each in given.items()}
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["type"] == "submit" and at["words"] == CHECK:
            break
        if wanted := left.get(at["name"]):
            answer_by_keyboard(page, at, wanted)
    assert not {name: each for name, each in left.items() if each}, "Not reached by the tab key"


def answer_by_keyboard(page: Page, at: dict[str, Any], wanted: list[str]) -> None:
    """Answer at the control that has the focus, and take what is answered from ``wanted``."""
    match at["type"]:
        case "checkbox":
            if at["value"] in wanted:
                page.keyboard.press("Space")
                wanted.remove(at["value"])
            return
        case "radio":
            page.keyboard.press("Space")
            while page.evaluate(FOCUSED)["value"] != wanted[0]:
                page.keyboard.press("ArrowDown")
        case "select-one":
            if at["value"] != wanted[0]:
                page.keyboard.type(page.evaluate(LABEL, [at["name"], wanted[0]]))
            assert page.evaluate(FOCUSED)["value"] == wanted[0]
        case "date":
            # In the order of the browser's own language, whatever the page's.
            for order in ("%m%d%Y", "%d%m%Y"):
                page.keyboard.type(date.fromisoformat(wanted[0]).strftime(order))
                if page.evaluate(FOCUSED)["value"] == wanted[0]:
                    break
                for _ in range(3):
                    page.keyboard.press("ArrowLeft")
            assert page.evaluate(FOCUSED)["value"] == wanted[0]
        case "time":
            page.keyboard.type(time.fromisoformat(wanted[0]).strftime("%I%M%p"))
            assert page.evaluate(FOCUSED)["value"] == wanted[0]
        case _:
            page.keyboard.insert_text(wanted[0])  # what its keys would, at once
    wanted.clear()


@pytest.mark.parametrize("width", [320, 1280], ids=["on a small phone", "at a desk"])
@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_traveller_books_by_keyboard_alone(
    somebody: People, database: Database, purpose: str, javascript: bool, width: int
) -> None:
    page = somebody(javascript=javascript).page
    page.set_viewport_size({"width": width, "height": 800})
    given = answers(purpose)
    page.goto(f"/book/{purpose}")
    fill_in_by_keyboard(page, given)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=CHECK)).to_be_focused()
    tab_to(page, "send")
    page.keyboard.press("Enter")
    assert booked(database, reference(page)) == {"purpose": purpose, "name": given["name"]}
