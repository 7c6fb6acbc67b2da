"""Signing in with a second factor: nothing of the dashboard for a password alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask

from roamio_web import waiting_room
from tests.support.accounts import Account, make_account
from tests.support.factories import Database
from tests.support.people import People
from tests.support.staff import StaffBrowser
from tests.support.totp import App, set_up

Opens = Callable[..., StaffBrowser]
CODE = "/staff/sign-in/code"
SET_UP = "/staff/sign-in/second-factor"


@pytest.fixture
def admin(people: People) -> Account:
    """An admin whom no other test knows."""
    return make_account(people.operator(), app_metadata={"role": "admin", "full_name": "Asha Rao"})


@pytest.fixture
def app_of(people: People, admin: Account) -> App:
    """The admin's authenticator app."""
    app, _client = set_up(people, admin)
    return app


@pytest.fixture
def admins_need_one(database: Database) -> Iterator[None]:
    """Every admin needs a second factor, for as long as the test lasts."""
    rule = "update private.sign_in_rules set second_factor_for_admins = %s"
    database.execute(rule, [True])
    yield
    database.execute(rule, [False])


def test_code_lets_the_admin_in_to_where_they_wanted(browser: Opens, admin: Account, app_of: App) -> None:
    person = browser()
    wanted = "/staff/bookings?status=pending"
    response = person.signs_in(admin.email, admin.password, next=wanted)
    assert (response.status_code, response.location) == (303, CODE)
    assert person.tokens is None
    assert person.opens("/staff/sign-in").location == CODE
    assert "Enter your code" in person.opens(CODE).text
    response = person.sends(CODE, code=f"{app_of.code[:3]} {app_of.code[3:]}")
    assert (response.status_code, response.location) == (303, wanted)
    assert person.opens(wanted).status_code == 200
    assert person.opens(CODE).location == "/staff/sign-in"


def test_half_a_sign_in_opens_no_page(app: Flask, browser: Opens, admin: Account, app_of: App) -> None:
    person = browser()
    person.signs_in(admin.email, admin.password)
    with person.client.session_transaction("/staff/") as session:
        half = session["waiting"]["tokens"]
    inside = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and hasattr(app.view_functions[rule.endpoint], "permission")
    ]
    assert "/staff/bookings" in inside
    thief = browser().holds(half["access"], refresh="none", expires_at=2_000_000_000)
    for page in inside:
        assert person.opens(page).status_code == 303, page
        assert urlsplit(thief.opens(page).location).path == "/staff/sign-in", page
        thief.holds(half["access"], refresh="none", expires_at=2_000_000_000)


def test_five_wrong_codes_and_the_admin_starts_again(browser: Opens, admin: Account, app_of: App) -> None:
    person = browser()
    person.signs_in(admin.email, admin.password)
    person.opens(CODE)
    for _ in range(waiting_room.TRIES - 1):
        refused = person.sends(CODE, code=app_of.wrong_code)
        assert refused.status_code == 422
        assert "Enter the six digits that your app shows now" in refused.text
    assert person.sends(CODE, code=app_of.wrong_code).location == "/staff/sign-in"
    assert "wrong code too often" in person.opens("/staff/sign-in").text
    assert person.sends(CODE, code=app_of.code).location == "/staff/sign-in"
    assert person.opens("/staff/").status_code == 303
    assert person.signs_in(admin.email, admin.password).location == CODE
    person.opens(CODE)
    assert person.sends(CODE, code=app_of.code).location == "/staff/"


def test_guesser_who_sends_the_same_cookie_again_is_slowed_down(
    app_with: Callable[..., Flask], admin: Account, app_of: App
) -> None:
    person = StaffBrowser(app_with(sign_in_rate="3 per hour").test_client())
    person.signs_in(admin.email, admin.password)
    person.opens(CODE)
    with person.client.session_transaction("/staff/") as session:
        untried = dict(session["waiting"])
    answers = []
    for _ in range(4):
        with person.client.session_transaction("/staff/") as session:
            session["waiting"] = untried
        answers.append(person.sends(CODE, code=app_of.wrong_code).status_code)
    assert answers == [422, 422, 422, 429]


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "1234567"])
def test_admin_is_told_what_a_code_is(browser: Opens, admin: Account, app_of: App, code: str) -> None:
    person = browser()
    person.signs_in(admin.email, admin.password)
    person.opens(CODE)
    refused = person.sends(CODE, code=code)
    assert refused.status_code == 422
    assert "Enter the six digits that your app shows now" in refused.text


def test_somebody_who_takes_too_long_starts_again(browser: Opens, admin: Account, app_of: App) -> None:
    person = browser()
    person.signs_in(admin.email, admin.password)
    with person.client.session_transaction("/staff/") as session:
        session["waiting"] = session["waiting"] | {"since": 0}
    assert person.opens(CODE).location == "/staff/sign-in"
    assert "took too long" in person.opens("/staff/sign-in").text


def test_person_at_the_door_may_be_somebody_else(
    browser: Opens, admin: Account, app_of: App, database: Database
) -> None:
    person = browser()
    person.signs_in(admin.email, admin.password)
    person.opens(CODE)
    assert person.sends("/staff/sign-out").location == "/staff/sign-in"
    assert person.opens("/staff/sign-in").status_code == 200
    lesser = database.execute(
        "select from auth.sessions where user_id = %s and aal = 'aal1'", [admin.id]
    ).fetchall()
    assert lesser == []


def test_nobody_is_at_the_door_without_signing_in(browser: Opens) -> None:
    person = browser()
    person.opens("/staff/sign-in")
    for place in (CODE, SET_UP):
        assert person.opens(place).location == person.sends(place, code="123456").location == "/staff/sign-in"


def test_new_password_needs_the_code_too(
    browser: Opens, admin: Account, app_of: App, database: Database
) -> None:
    person = browser()
    person.opens("/staff/forgot-password")
    person.sends("/staff/forgot-password", email=admin.email)
    (row,) = database.execute(
        "select token_hash from auth.one_time_tokens where relates_to = %s", [admin.email]
    ).fetchall()
    address = f"/staff/new-password?token_hash={row['token_hash']}"
    new = {"password": "three-random-words", "again": "three-random-words"}
    person.opens(address)
    assert person.sends(address, **new).location == CODE
    person.opens(CODE)
    assert person.sends(CODE, code=app_of.code).location == "/staff/new-password"
    person.opens("/staff/new-password")
    assert person.sends("/staff/new-password", **new).location == "/staff/"
    assert "Your new password is set" in person.opens("/staff/").text
    assert browser().signs_in(admin.email, "three-random-words").location == CODE


@pytest.mark.usefixtures("admins_need_one")
def test_admin_who_needs_a_factor_is_led_to_it(browser: Opens, admin: Account, database: Database) -> None:
    person = browser()
    response = person.signs_in(admin.email, admin.password, next="/staff/team")
    assert response.location == "/staff/sign-in"
    assert person.opens("/staff/sign-in").location == SET_UP
    page = person.opens(SET_UP)
    assert page.status_code == 200
    assert person.opens("/staff/bookings").status_code == person.opens("/staff/account").status_code == 303
    app = being_set_up(person)
    assert "".join(app.secret[:4]) in page.text
    assert "<svg" in page.text
    person.opens(SET_UP)
    assert being_set_up(person) == app
    assert person.sends(SET_UP, code=app.wrong_code).status_code == 422
    assert person.sends(SET_UP, code=app.code).location == "/staff/team"
    assert person.opens("/staff/team").status_code == 200
    assert browser().signs_in(admin.email, admin.password).location == CODE


def being_set_up(person: StaffBrowser) -> App:
    """What the page shows to an app."""
    with person.client.session_transaction("/staff/") as session:
        return App(session["set_up"]["factor"], session["set_up"]["secret"])


def test_open_page_of_an_admin_leads_to_setting_one_up_once_admins_need_it(
    browser: Opens, admin: Account, request: pytest.FixtureRequest
) -> None:
    person = browser()
    person.signs_in(admin.email, admin.password)
    assert person.opens("/staff/bookings").status_code == 200
    request.getfixturevalue("admins_need_one")
    swapped = person.swaps("/staff/bookings")
    assert (swapped.status_code, swapped.headers["HX-Refresh"]) == (401, "true")
    assert person.opens("/staff/sign-in").location == SET_UP
