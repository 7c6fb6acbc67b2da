"""Every page can be used by everybody, as far as axe-core tells: light and dark, from left and from right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import bring_axe, complaints
from tests.support.factories import Database, make_booking, make_client, make_task
from tests.support.people import ADMIN, AGENT
from tests.support.person import Person
from tests.support.travellers import PURPOSES, answers

People = Callable[..., Person]
# Sends these answers from the form that is on the page, as a browser without JavaScript does.
SUBMIT = """fields => {
  const shown = document.querySelector("#booking-form"), form = document.createElement("form");
  form.method = "post";
  form.action = shown.action;
  const add = (name, value) => form.append(Object.assign(document.createElement("input"), { name, value }));
  add("ticket", shown.elements.ticket.value);
  for (const [name, value] of fields) add(name, value);
  document.body.append(form);
  form.submit();
}"""


def send(page: Page, **fields: Any) -> None:
    """Send the form with these answers and see what comes back."""
    pairs = [
        (name, one)
        for name, given in fields.items()
        for one in (given if isinstance(given, list) else [given])
    ]
    with page.expect_navigation():
        page.evaluate(SUBMIT, pairs)


@pytest.mark.parametrize("language", ["", "/ar"], ids=["left to right", "right to left"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_traveller_can_use_the_form_its_errors_and_its_check(
    somebody: People, purpose: str, language: str
) -> None:
    page = somebody().page
    bring_axe(page)
    found = {}
    page.goto(f"{language}/book/{purpose}")
    if purpose == "cab":
        found["empty"] = complaints(page, colours=not language)
    # The empty form and its errors in one: every question is there again, and most say what is wrong.
    send(page)
    expect(page.locator("#error-summary")).to_be_visible()
    found["with errors"] = complaints(page, colours=not language)
    send(page, **answers(purpose))
    expect(page.locator("#check-title")).to_be_visible()
    found["check"] = complaints(page, colours=purpose == "cab" and not language)
    assert {state: each for state, each in found.items() if each} == {}


@pytest.mark.parametrize("language", ["", "/ar"], ids=["left to right", "right to left"])
@pytest.mark.parametrize("place", ["book", "embed"])
def test_traveller_can_use_the_confirmation(somebody: People, place: str, language: str) -> None:
    page = somebody().page
    bring_axe(page)
    page.goto(f"{language}/{place}/cab")
    found = [] if place == "book" else complaints(page)
    send(page, **answers("cab"), send="yes")
    expect(page.locator(".received__reference")).to_be_visible()
    assert found + complaints(page) == []


@pytest.mark.parametrize(
    "address",
    ["/", "/privacy", "/embed", "/ar/", "/ar/privacy", "/ar/embed", "/hi/", "/nothing", "/embed/nothing"],
)
def test_visitor_can_use_the_page(somebody: People, address: str) -> None:
    visitor = somebody()
    bring_axe(visitor.page)
    visitor.page.goto(address)
    found = complaints(visitor.page)
    visitor.problems.clear()  # the browser's own words about the pages that are not there
    assert found == []


@pytest.fixture
def work(database: Database) -> list[str]:
    """Pages about something: a booking with a client and a task, and that client."""
    client = make_client(database, name=f"Asha Rao {uuid4().hex[:8]}")
    booking = make_booking(database, client_id=client, agent=AGENT)
    task = make_task(database, booking, assigned_to=AGENT)
    return [f"/staff/bookings/{booking}", f"/staff/clients/{client}", f"/staff/tasks/{task}"]


@pytest.mark.parametrize("email", [ADMIN, AGENT])
def test_staff_can_use_every_page_of_their_menu(somebody: People, work: list[str], email: str) -> None:
    person = somebody(email)
    menu = person.page.locator("a.staff-menu__link").evaluate_all("links => links.map(link => link.pathname)")
    assert "/staff/bookings" in menu
    bring_axe(person.page)
    found = {}
    for path in [*menu, *work]:
        person.page.goto(path)
        found[path] = complaints(person.page, colours=email == ADMIN)
    person.problems.clear()
    assert {path: each for path, each in found.items() if each} == {}


def test_staff_can_use_the_way_in(somebody: People) -> None:
    page = somebody().page
    bring_axe(page)
    found = {}
    for path in ("/staff/sign-in", "/staff/forgot-password"):
        page.goto(path)
        found[path] = complaints(page)
    assert {path: each for path, each in found.items() if each} == {}
