"""Who guesses passwords or codes gets as few tries at once as one after the other, and locks nobody out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from roamio_web.tries import CEILING
from tests.support.accounts import Account, make_account
from tests.support.asked import asked
from tests.support.at_once import Start, together
from tests.support.people import VIEWER, People
from tests.support.staff import StaffBrowser
from tests.support.totp import set_up

AT_ONCE = 50
LIMIT = 3
NEW = "three-random-words"
CODE = "/staff/sign-in/code"


@pytest.fixture
def strict(app_with: Callable[..., Flask]) -> Flask:
    """The site with a limit that can be reached."""
    return app_with(sign_in_rate=f"{LIMIT} per hour")


@pytest.fixture
def account(people: People) -> Account:
    return make_account(people.operator(), app_metadata={"role": "viewer"})


def at(address: str, app: Flask) -> StaffBrowser:
    """A browser in some network."""
    browser = StaffBrowser(app.test_client())
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def all_at_once(person: StaffBrowser, app: Flask, path: str, **fields: str) -> list[TestResponse]:
    """Send one form many times at the same moment, each time with the cookie as it is now."""
    cookie = person.client.get_cookie("roamio")
    assert cookie

    def send(_: int, start: Start) -> TestResponse:
        twin = StaffBrowser(app.test_client())
        twin.client.set_cookie("roamio", cookie.value)
        twin._csrf_token = person._csrf_token
        start()
        return twin.sends(path, **fields)

    return together(send, range(AT_ONCE))


def test_passwords_guessed_all_at_once_are_counted_like_any(strict: Flask, account: Account) -> None:
    guesser = at("127.0.0.1", strict)
    guesser.opens("/staff/sign-in")
    with asked(strict, "/token") as guesses:
        answers = all_at_once(guesser, strict, "/staff/sign-in", email=account.email, password="a guess")
    assert Counter(answer.status_code for answer in answers) == {422: LIMIT, 429: AT_ONCE - LIMIT}
    assert len(guesses) == LIMIT
    assert all(int(answer.headers["Retry-After"]) > 3000 for answer in answers if answer.status_code == 429)
    # Their own network has used up its tries, whoever's password it is; the owner is somewhere else.
    assert guesser.signs_in(account.email, account.password).status_code == 429
    assert at("203.0.113.7", strict).signs_in(account.email, account.password).location == "/staff/"


def test_codes_guessed_all_at_once_are_counted_like_any(
    strict: Flask, account: Account, people: People
) -> None:
    app, _client = set_up(people, account)
    guesser = at("127.0.0.1", strict)
    guesser.signs_in(account.email, account.password)
    guesser.opens(CODE)
    # One wrong code from starting again, which is an answer that looks like no failure.
    with guesser.client.session_transaction("/staff/") as session:
        session["waiting"] = session["waiting"] | {"tries": 4}
    # Each guess begins with a challenge; the first to be judged ends the sign-in, maybe before another is.
    with asked(strict, "/challenge") as guesses:
        answers = all_at_once(guesser, strict, CODE, code=app.wrong_code)
    assert Counter(answer.status_code for answer in answers) == {303: LIMIT, 429: AT_ONCE - LIMIT}
    assert len(guesses) == LIMIT
    # A person's codes are counted wherever they are tried.
    elsewhere = at("203.0.113.7", strict)
    elsewhere.signs_in(account.email, account.password)
    elsewhere.opens(CODE)
    assert elsewhere.sends(CODE, code=app.code).status_code == 429


def test_thief_of_an_open_browser_can_t_guess_all_at_once(strict: Flask, account: Account) -> None:
    person = at("127.0.0.1", strict)
    person.signs_in(account.email, account.password)
    person.opens("/staff/account")
    fields = {"current": "a guess", "password": NEW, "again": NEW}
    with asked(strict, "/token") as guesses:
        all_at_once(person, strict, "/staff/account/password", **fields)
    assert len(guesses) == LIMIT
    assert at("203.0.113.7", strict).signs_in(account.email, account.password).location == "/staff/"


def test_account_has_a_ceiling_for_guesses_from_everywhere(app_with: Callable[..., Flask]) -> None:
    app = app_with(sign_in_rate="1 per hour")
    codes = [at(f"203.0.113.{n}", app).signs_in(VIEWER, f"guess {n}").status_code for n in range(CEILING + 2)]
    assert codes == [422] * CEILING + [429] * 2


def test_refused_tries_and_those_that_nobody_answers_use_up_nothing(
    app_with: Callable[..., Flask], account: Account
) -> None:
    app = app_with(sign_in_rate=f"{LIMIT} per hour", supabase_url="http://127.0.0.1:9")
    person = at("127.0.0.1", app)
    assert [person.signs_in(account.email, "x").status_code for _ in range(LIMIT + 1)] == [503] * (LIMIT + 1)
