"""Every form booked from the first question to the reference in Chromium, and one without a mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from roamio_web.models.offer import BY_SLUG
from tests.support.factories import Database
from tests.support.person import Person
from tests.support.travellers import PURPOSES, answers

People = Callable[..., Person]
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
CHECK = "Check your answers"
FARTHEST = 40  # presses of the tab key


def answer(page: Page, name: str, given: str | list[str]) -> None:
    """Answer one question as its kind of control takes it."""
    control = page.locator(f"#booking-form [name='{name}']")
    kind = control.first.evaluate("control => control.type")
    if kind in ("radio", "checkbox"):
        for value in given if isinstance(given, list) else [given]:
            page.locator(f"#booking-form [name='{name}'][value='{value}']").check()
    elif kind == "select-one":
        control.select_option(given)
    else:
        control.fill(str(given))


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


@pytest.mark.parametrize(
    ("javascript", "size"),
    [(False, PHONE), (True, DESK)],
    ids=["on a phone without JavaScript", "at a desk with JavaScript"],
)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_traveller_books(
    somebody: People, database: Database, purpose: str, javascript: bool, size: dict[str, int]
) -> None:
    page = somebody(javascript=javascript).page
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    given = answers(purpose)
    page.goto(f"/book/{purpose}")
    for name, each in given.items():
        answer(page, name, each)
    page.get_by_role("button", name=CHECK).click()
    page.get_by_role("button", name=BY_SLUG[purpose].action).click()
    assert booked(database, reference(page)) == {"purpose": purpose, "name": given["name"]}


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_traveller_books_by_keyboard_alone(somebody: People, database: Database, javascript: bool) -> None:
    page = somebody(javascript=javascript).page
    given = answers("service")
    page.goto("/book/service")
    for name in ("need", "name", "email", "phone"):
        tab_to(page, name)
        page.keyboard.type(given[name])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=CHECK)).to_be_focused()
    tab_to(page, "send")
    page.keyboard.press("Enter")
    assert booked(database, reference(page)) == {"purpose": "service", "name": given["name"]}
