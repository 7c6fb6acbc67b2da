"""Everybody on the staff sees to how they sign in themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.accounts import PASSWORD, Account, make_account
from tests.support.factories import Database
from tests.support.people import People
from tests.support.staff import StaffBrowser
from tests.support.totp import App, set_up

Opens = Callable[..., StaffBrowser]
PAGE = "/staff/account"
NEW = "three-random-words"


@pytest.fixture
def new_account(people: People) -> Callable[[str], Account]:
    """``new_account("viewer")`` is a member of staff whom no other test knows."""
    return lambda role: make_account(people.operator(), app_metadata={"role": role, "full_name": "Asha Rao"})


@pytest.fixture
def viewer(new_account: Callable[[str], Account]) -> Account:
    return new_account("viewer")


def signed_in(browser: StaffBrowser, account: Account, password: str = PASSWORD) -> StaffBrowser:
    """At the page of their own account."""
    browser.signs_in(account.email, password)
    browser.opens(PAGE)
    return browser


@pytest.mark.parametrize("role", ["admin", "operations", "finance", "viewer"])
def test_everybody_finds_their_account_under_their_name(
    role: str, browser: Opens, new_account: Callable[[str], Account]
) -> None:
    account = new_account(role)
    person = signed_in(browser(), account)
    page = person.opens(PAGE)
    assert page.status_code == 200
    for said in ("Asha Rao", account.email, role.capitalize(), "Here, and nowhere else."):
        assert said in page.text
    assert ("Every admin needs a second factor" in page.text) is (role == "admin")
    assert f'href="{PAGE}"' in person.opens("/staff/").text


def test_person_changes_their_password_and_is_signed_out_elsewhere(browser: Opens, viewer: Account) -> None:
    elsewhere = signed_in(browser(), viewer)
    person = signed_in(browser(), viewer)
    assert "in 1 other place." in person.opens(PAGE).text
    response = person.sends(f"{PAGE}/password", current=PASSWORD, password=NEW, again=NEW)
    assert (response.status_code, response.location) == (303, PAGE)
    page = person.opens(PAGE).text
    assert "Your password is changed" in page
    assert "Here, and nowhere else." in page
    assert elsewhere.opens("/staff/").status_code == 303
    assert "Your session has ended" in elsewhere.opens("/staff/sign-in").text
    assert browser().signs_in(viewer.email, PASSWORD).status_code == 422
    assert browser().signs_in(viewer.email, NEW).status_code == 303


@pytest.mark.parametrize(
    ("current", "password", "again", "sentence"),
    [
        ("", NEW, NEW, "Enter the password that you have now"),
        ("not the password", NEW, NEW, "Enter the password that you have now"),
        (PASSWORD, "short", "short", "Use 10 to 72 characters"),
        (PASSWORD, NEW, "other", "Enter the same password twice"),
        (PASSWORD, PASSWORD, PASSWORD, "Choose another password than the one you have"),
    ],
)
def test_password_that_can_t_be_changed_says_why(
    browser: Opens, viewer: Account, current: str, password: str, again: str, sentence: str
) -> None:
    person = signed_in(browser(), viewer)
    response = person.sends(f"{PAGE}/password", current=current, password=password, again=again)
    assert response.status_code == 422
    assert sentence in response.text
    assert browser().signs_in(viewer.email, PASSWORD).status_code == 303


def test_thief_of_an_open_browser_can_t_guess_the_password(
    app_with: Callable[..., Flask], viewer: Account
) -> None:
    person = signed_in(StaffBrowser(app_with(sign_in_rate="3 per hour").test_client()), viewer)
    fields = {"current": "a guess", "password": NEW, "again": NEW}
    answers = [person.sends(f"{PAGE}/password", **fields).status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]


def test_person_sets_up_a_second_factor_and_takes_it_away_again(browser: Opens, viewer: Account) -> None:
    elsewhere, person = signed_in(browser(), viewer), signed_in(browser(), viewer)
    assert person.sends(f"{PAGE}/second-factor").location == f"{PAGE}/second-factor"
    page = person.opens(f"{PAGE}/second-factor")
    assert 'class="qr"' in page.text
    assert "style=" not in page.text
    app = being_set_up(person)
    groups = [app.secret[place : place + 4] for place in range(0, 32, 4)]
    assert " ".join(groups) in page.text
    assert person.sends(f"{PAGE}/second-factor/confirm", code=app.wrong_code).status_code == 422
    assert person.sends(f"{PAGE}/second-factor/confirm", code=app.code).location == PAGE
    page = person.opens(PAGE)
    assert "Your second factor is set up" in page.text
    assert app.secret not in page.text
    assert elsewhere.opens("/staff/").status_code == 303
    assert browser().signs_in(viewer.email, PASSWORD).location == "/staff/sign-in/code"
    person.opens(PAGE)
    assert person.sends(f"{PAGE}/second-factor/remove", code=app.wrong_code).status_code == 422
    assert person.sends(f"{PAGE}/second-factor/remove", code=app.code).location == PAGE
    assert "Set up a second factor" in person.opens(PAGE).text
    assert browser().signs_in(viewer.email, PASSWORD).location == "/staff/"


def being_set_up(person: StaffBrowser) -> App:
    """What the page shows to an app."""
    with person.client.session_transaction("/staff/") as session:
        return App(session["set_up"]["factor"], session["set_up"]["secret"])


def test_second_beginning_replaces_the_first(browser: Opens, viewer: Account, database: Database) -> None:
    person = signed_in(browser(), viewer)
    for _ in range(2):
        person.sends(f"{PAGE}/second-factor")
        person.opens(f"{PAGE}/second-factor")
    factors = database.execute("select id::text from auth.mfa_factors where user_id = %s", [viewer.id])
    assert factors.fetchall() == [{"id": being_set_up(person).factor}]


def test_person_who_has_begun_nothing_is_shown_their_account(browser: Opens, viewer: Account) -> None:
    person = signed_in(browser(), viewer)
    assert person.opens(f"{PAGE}/second-factor").location == PAGE
    person.opens(PAGE)
    assert person.sends(f"{PAGE}/second-factor/confirm", code="123456").location == PAGE
    assert person.sends(f"{PAGE}/second-factor/remove", code="123456").location == PAGE


def test_person_signs_out_everywhere(browser: Opens, viewer: Account, database: Database) -> None:
    elsewhere, person = signed_in(browser(), viewer), signed_in(browser(), viewer)
    response = person.sends(f"{PAGE}/sign-out-everywhere")
    assert (response.status_code, response.location) == (303, "/staff/sign-in")
    assert "You are signed out everywhere." in person.opens("/staff/sign-in").text
    assert person.tokens is None
    assert elsewhere.opens("/staff/").status_code == 303
    left = database.execute("select from auth.sessions where user_id = %s", [viewer.id]).fetchall()
    assert left == []


def test_admin_needs_a_factor_of_their_own_to_ask_it_of_others(
    browser: Opens, new_account: Callable[[str], Account], people: People, database: Database
) -> None:
    admin = new_account("admin")
    person = signed_in(browser(), admin)
    refused = person.sends(f"{PAGE}/rules", factor_for_admins="y")
    assert refused.status_code == 422
    assert "Set up a second factor of your own first." in refused.text
    app, _client = set_up(people, admin)
    person.opens("/staff/")
    person.signs_in(admin.email, admin.password)
    person.opens("/staff/sign-in/code")
    person.sends("/staff/sign-in/code", code=app.code)
    person.opens(PAGE)
    try:
        assert person.sends(f"{PAGE}/rules", factor_for_admins="y").location == PAGE
        assert "Every admin needs a second factor now." in person.opens(PAGE).text
        assert required(database) is True
        assert person.sends(f"{PAGE}/rules").location == PAGE
        assert required(database) is False
    finally:
        database.execute("update private.sign_in_rules set second_factor_for_admins = false")


def required(database: Database) -> object:
    found = database.execute("select second_factor_for_admins from private.sign_in_rules").fetchone()
    assert found
    return found["second_factor_for_admins"]


def test_nobody_but_an_admin_is_offered_the_rule(browser: Opens, viewer: Account, database: Database) -> None:
    person = signed_in(browser(), viewer)
    assert person.sends(f"{PAGE}/rules", factor_for_admins="y").status_code == 403
    assert required(database) is False
