"""Somebody sets up a second factor and signs in with it, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.accounts import Account, make_account
from tests.support.people import People
from tests.support.person import Person
from tests.support.totp import App

SOON = 20_000  # milliseconds
Somebody = Callable[..., Person]


def gives_password(page: Page, account: Account) -> None:
    """Fill in the sign-in form and send it."""
    page.goto("/staff/sign-in")
    page.get_by_label("E-mail address").fill(account.email)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()


def test_admin_sets_up_an_app_signs_in_with_it_and_signs_out_everywhere(
    somebody: Somebody, people: People
) -> None:
    account = make_account(people.operator(), app_metadata={"role": "admin", "full_name": "Asha Rao"})
    desk, phone = somebody(), somebody()
    for person in (desk, phone):
        gives_password(person.page, account)
        person.page.wait_for_url("**/staff/")
    phone.goes_to("/staff/bookings")
    expect(phone.page.locator("#live-state")).to_have_text("Live", timeout=SOON)

    # The account is beneath the person's own name.
    page = desk.page
    page.get_by_text("Asha Rao").click()
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("button", name="Set up a second factor").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    app = App("", page.locator(".set-up__key").inner_text().replace(" ", ""))
    page.get_by_label("Six-digit code").fill(app.code)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Your second factor is set up")).to_be_visible()

    # A page that was open elsewhere hears that its session ended, and closes.
    phone.page.wait_for_url("**/staff/sign-in**", timeout=SOON)
    gives_password(phone.page, account)
    phone.page.wait_for_url("**/staff/sign-in/code")
    phone.page.get_by_label("Six-digit code").fill(app.wrong_code)
    phone.page.get_by_role("button", name="Sign in").first.click()
    expect(phone.page.get_by_role("alert")).to_contain_text("Enter the six digits")
    phone.page.get_by_label("Six-digit code").fill(app.code)
    phone.page.get_by_role("button", name="Sign in").first.click()
    phone.page.wait_for_url(re.compile(r"/staff/(bookings)?$"))
    phone.goes_to("/staff/bookings")
    expect(phone.page.locator("#live-state")).to_have_text("Live", timeout=SOON)

    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_text("You are signed out everywhere.")).to_be_visible()
    phone.page.wait_for_url("**/staff/sign-in**", timeout=SOON)
    assert desk.problems == phone.problems == []
