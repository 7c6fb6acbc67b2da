"""Every staff page, and what opens on it, can be used by everybody, as far as axe-core tells."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect
from supabase import Client

from roamio_web.models.staff import Role
from tests.support.axe import bring_axe, complaints, look_at
from tests.support.desk import Desk
from tests.support.factories import Database, book, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER, People
from tests.support.person import Person
from tests.support.site import Site
from tests.support.staff_pages import pages

Somebody = Callable[..., Person]
HEALTH = {
    "speciality": "cardiology",
    "need": "A bypass was advised",
    "consent": {"wording": "I agree", "given_at": "2026-11-22T10:00:00Z"},
}


@pytest.mark.parametrize(
    ("email", "role"),
    [(ADMIN, Role.ADMIN), (AGENT, Role.OPERATIONS), (FINANCE, Role.FINANCE), (VIEWER, Role.VIEWER)],
)
def test_staff_can_use_every_page(somebody: Somebody, database: Database, email: str, role: Role) -> None:
    person = somebody(email)
    bring_axe(person.page)
    addresses = pages(Desk(database), role)
    assert "/staff/" in addresses
    assert look_at(person.page, addresses) == {}


def test_agent_can_use_what_opens_and_what_is_said(
    somebody: Somebody, people: People, as_staff: Callable[[str], Client], database: Database
) -> None:
    agent, found = somebody(AGENT), {}
    page = agent.page
    bring_axe(page)
    booking = book(people.visitor(), purpose="medical", health=HEALTH)
    me = database.execute("select id from profiles where email = %s", [AGENT]).fetchone()
    assert me is not None
    agent.watches("/staff/bookings")
    page.wait_for_function("Object.keys(localStorage).some(key => key.startsWith('roamio-told'))")
    as_staff(ADMIN).table("bookings").update({"assigned_agent": str(me["id"])}).eq("id", booking).execute()
    expect(page.locator(".toast")).to_be_visible()
    page.locator(f"#booking-{booking} .pick__box").check()
    found["a toast, and a row chosen"] = complaints(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    found["the help"] = complaints(page)
    page.keyboard.press("Escape")
    page.get_by_label("Search", exact=True).fill(uuid4().hex)
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    found["nothing found"] = complaints(page)

    page.route("**/staff/live*", lambda route: route.abort())
    agent.goes_to(f"/staff/bookings/{booking}")
    page.locator("#health").get_by_role("button", name="Open").click()
    expect(page.locator("#health")).to_contain_text("A bypass was advised")
    database.execute("update bookings set status = 'cancelled' where id = %s", [booking])
    page.get_by_role("button", name="Confirm", exact=True).click()
    agent.is_told("Somebody was faster")
    expect(page.locator("#live-state")).to_contain_text("Offline since")
    found["health details, a conflict, and no stream"] = complaints(page)
    page.goto("about:blank")
    agent.problems.clear()  # they are about the stream that this test holds back
    assert {state: each for state, each in found.items() if each} == {}


def test_admin_can_use_what_a_form_complains_of(somebody: Somebody, database: Database) -> None:
    admin, booking = somebody(ADMIN), make_booking(database)
    bring_axe(admin.page)
    found = {}
    for address, button in (
        (f"/staff/tasks/new?booking={booking}", "Add the task"),
        ("/staff/team/invitations/new", "Send the invitation"),
    ):
        admin.goes_to(address)
        admin.page.get_by_role("button", name=button).click()
        expect(admin.page.locator("#error-summary")).to_be_visible()
        found[address] = complaints(admin.page)
    assert {state: each for state, each in found.items() if each} == {}


def test_staff_can_use_the_way_in_and_what_says_that_something_failed(
    browser: Browser, site_in_trouble: Site
) -> None:
    person = Person(browser, site_in_trouble)
    bring_axe(person.page)
    way_in = [
        "/staff/sign-in",
        "/staff/forgot-password",
        "/staff/forgot-password/sent",
        "/staff/new-password?token_hash=made-up",
        "/staff/accept-invitation",
        "/staff/accept-invitation?token_hash=made-up",
        "/staff/accept-invitation/another-code",
    ]
    found = look_at(
        person.page, [*way_in, *(f"{way_in[0]}?trouble={kind}" for kind in ("403", "404", "500"))]
    )
    person.leave()
    assert found == {}
