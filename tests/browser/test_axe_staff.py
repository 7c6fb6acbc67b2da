"""Every staff page, and what opens on it, can be used by everybody, as far as axe-core tells."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from supabase import Client

from roamio_web.models.staff import Role
from tests.support.accounts import Account, make_account
from tests.support.axe import Inspection
from tests.support.desk import Desk
from tests.support.eventually import eventually
from tests.support.factories import Database, book, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER, People
from tests.support.person import Person
from tests.support.site import Site
from tests.support.staff_pages import pages, site_map
from tests.support.totp import App

Somebody = Callable[..., Person]
HEALTH = {
    "speciality": "cardiology",
    "need": "A bypass was advised",
    "consent": {"wording": "I agree", "given_at": "2026-11-22T10:00:00Z"},
}
WAY_IN = {
    "/staff/sign-in": "Sign in",
    "/staff/forgot-password": "Mail me the link",
    "/staff/forgot-password/sent": "",
    "/staff/new-password?token_hash=made-up": "Set the password and sign in",
    "/staff/accept-invitation": "Set the password and sign in",
    "/staff/accept-invitation?token_hash=made-up": "Set the password and sign in",
    "/staff/accept-invitation/another-code": "Mail me another code",
}
"""Each page before anybody is let in, with the button of its form."""
STEPS = {"doorstep.code", "doorstep.set_up"}
RULE = "update private.sign_in_rules set second_factor_for_admins ="


@pytest.mark.parametrize(
    ("email", "role"),
    [(ADMIN, Role.ADMIN), (AGENT, Role.OPERATIONS), (FINANCE, Role.FINANCE), (VIEWER, Role.VIEWER)],
)
def test_staff_can_use_every_page(somebody: Somebody, database: Database, email: str, role: Role) -> None:
    person = somebody(email)
    look = Inspection(person.page)
    addresses = pages(Desk(database), role)
    assert "/staff/" in addresses
    look.of_pages(addresses)
    assert look.found == {}


def test_agent_can_use_what_opens_and_what_is_said(
    somebody: Somebody, people: People, as_staff: Callable[[str], Client], database: Database
) -> None:
    agent = somebody(AGENT)
    page = agent.page
    look = Inspection(page)
    booking = book(people.visitor(), purpose="medical", health=HEALTH)
    me = database.execute("select id from profiles where email = %s", [AGENT]).fetchone()
    assert me is not None
    agent.watches("/staff/bookings")
    told = "Object.keys(localStorage).some(key => key.startsWith('roamio-told'))"
    eventually(lambda: page.evaluate(told), what=told)
    as_staff(ADMIN).table("bookings").update({"assigned_agent": str(me["id"])}).eq("id", booking).execute()
    expect(page.locator(".toast")).to_be_visible()
    page.locator(f"#booking-{booking} .pick__box").check()
    look.of("a toast, and a row chosen")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    look.of("the help")
    page.keyboard.press("Escape")
    page.get_by_label("Search", exact=True).fill(uuid4().hex)
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    look.of("nothing found")

    page.route("**/staff/live*", lambda route: route.abort())
    agent.goes_to(f"/staff/bookings/{booking}")
    page.locator("#health").get_by_role("button", name="Open").click()
    expect(page.locator("#health")).to_contain_text("A bypass was advised")
    database.execute("update bookings set status = 'cancelled' where id = %s", [booking])
    page.get_by_role("button", name="Confirm", exact=True).click()
    agent.is_told("Somebody was faster")
    expect(page.locator("#live-state")).to_contain_text("Offline since")
    look.of("health details, a conflict, and no stream")
    page.goto("about:blank")
    agent.problems.clear()  # they are about the stream that this test holds back
    assert look.found == {}


def test_admin_can_use_what_a_form_complains_of(somebody: Somebody, database: Database) -> None:
    admin, booking = somebody(ADMIN), make_booking(database)
    look = Inspection(admin.page)
    for address, button in (
        (f"/staff/tasks/new?booking={booking}", "Add the task"),
        ("/staff/team/invitations/new", "Send the invitation"),
    ):
        admin.goes_to(address)
        look.of_errors(address, button)
    assert look.found == {}


def test_staff_can_use_the_way_in_and_what_says_that_something_failed(
    browser: Browser, site_in_trouble: Site
) -> None:
    person = Person(browser, site_in_trouble)
    look = Inspection(person.page)
    for address, button in WAY_IN.items():
        look.of_pages([address])
        if button:
            look.of_errors(address, button)
    look.of_pages(f"/staff/sign-in?trouble={kind}" for kind in ("403", "404", "500"))
    person.leave()
    assert look.found == {}


def test_admin_can_use_every_step_of_a_second_factor(
    somebody: Somebody, people: People, database: Database
) -> None:
    account = make_account(people.operator(), app_metadata={"role": "admin", "full_name": "Asha Rao"})
    page = somebody().page
    look = Inspection(page)
    gives_password(page, account)
    page.wait_for_url("**/staff/")
    page.goto("/staff/account")
    page.get_by_role("button", name="Set up a second factor").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    look.of("setting it up")
    look.of_errors("setting it up", "Finish")

    database.execute(f"{RULE} true")
    page.context.clear_cookies()
    gives_password(page, account)
    page.wait_for_url("**/staff/sign-in/second-factor")
    database.execute(f"{RULE} false")
    look.of("setting it up at the door")
    look.of_errors("setting it up at the door", "Finish and go on")
    app = App("", page.locator(".set-up__key").inner_text().replace(" ", ""))
    page.get_by_label("Six-digit code").fill(app.code)
    page.get_by_role("button", name="Finish and go on").click()
    page.wait_for_url("**/staff/")
    look.of("in, and told so")
    page.goto("/staff/account")
    look.of("the account that has one")
    look.of_errors("the account that has one", "Remove the second factor")

    page.context.clear_cookies()
    gives_password(page, account)
    page.wait_for_url("**/staff/sign-in/code")
    look.of("the code")
    look.of_errors("the code", "Sign in")
    assert look.found == {}


def test_every_page_at_the_door_is_looked_at() -> None:
    site = site_map()
    to_address = site.url_map.bind("127.0.0.1")
    looked_at = {to_address.match(address.partition("?")[0])[0] for address in WAY_IN} | STEPS
    served = {
        rule.endpoint
        for rule in site.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in ("sign_in", "doorstep") and "GET" in (rule.methods or ())
    }
    assert served == looked_at, f"Add the page to WAY_IN: {served - looked_at}"


def gives_password(page: Page, account: Account) -> None:
    """Fill in the sign-in form and send it."""
    page.goto("/staff/sign-in")
    page.get_by_label("E-mail address").fill(account.email)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
