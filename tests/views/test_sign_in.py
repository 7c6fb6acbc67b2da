"""Staff get in, out, and back in when they forgot how."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask

from roamio_web.models.demo import DEMO_ACCOUNTS
from tests.support.accounts import make_account
from tests.support.backend import PASSWORD
from tests.support.people import AGENT, VIEWER, People
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


@pytest.fixture
def strict(app_with: Callable[..., Flask]) -> Flask:
    """The site with a rate limit that can be reached."""
    return app_with(sign_in_rate="3 per hour")


def test_agent_signs_in_and_lands_on_the_overview(browser: Opens) -> None:
    agent = browser()
    response = agent.signs_in(AGENT)
    assert (response.status_code, response.location) == (303, "/staff/")
    assert agent.opens("/staff/").status_code == 200


def test_agent_who_followed_a_link_lands_where_it_led(browser: Opens) -> None:
    agent = browser()
    asked = agent.opens("/staff/bookings?status=pending")
    assert asked.status_code == 303
    sent = agent.opens(asked.location)
    assert sent.status_code == 200
    response = agent.signs_in(AGENT, next="/staff/bookings?status=pending")
    assert response.location == "/staff/bookings?status=pending"


@pytest.fixture
def live(app_with: Callable[..., Flask]) -> StaffBrowser:
    """A browser at the site in production, on a project that still has the demo accounts."""
    return StaffBrowser(app_with(environment="production").test_client())


def at_live(browser: StaffBrowser, email: str, password: str) -> int:
    """Sign in over https, as production's cookie wants it, and try to open the dashboard."""
    https = "https://localhost"
    browser.opens("/staff/sign-in", base_url=https)
    fields = {"csrf_token": browser._csrf_token, "email": email, "password": password}
    headers = {"Referer": f"{https}/staff/sign-in"}
    response = browser.client.post("/staff/sign-in", base_url=https, data=fields, headers=headers)
    opened = browser.opens("/staff/", base_url=https).status_code
    assert opened == {422: 303, 303: 200}[response.status_code]
    return response.status_code


@pytest.mark.parametrize("email", sorted(DEMO_ACCOUNTS))
def test_production_lets_no_demo_account_in(
    live: StaffBrowser, caplog: pytest.LogCaptureFixture, email: str
) -> None:
    assert at_live(live, email.upper(), PASSWORD) == 422
    said = [record.getMessage() for record in caplog.records if record.name == "roamio_web.views.sign_in"]
    assert said == ["A demo account was refused. Remove the demo accounts from this project."]


def test_production_lets_its_own_people_in(live: StaffBrowser, people: People) -> None:
    account = make_account(people.operator(), app_metadata={"role": "viewer"})
    assert at_live(live, account.email, account.password) == 303


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/staff/",
        "//evil.example/staff/",
        "/\\evil.example/staff/",
        "\\\\evil.example",
        "/staff/\\..\\..",
        "/staff/../../evil",
        "/staff//evil.example",
        "javascript:alert(1)",
        "/staff/sign-out",
        "/staff/live",
        "/book/cab",
        "/staff/\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_crafted_link_cannot_send_anybody_elsewhere(browser: Opens, elsewhere: str) -> None:
    agent = browser()
    assert agent.signs_in(AGENT, next=elsewhere).location == "/staff/"
    assert agent.opens("/staff/sign-in", query_string={"next": elsewhere}).location == "/staff/"


def test_wrong_address_and_wrong_password_get_one_answer(browser: Opens) -> None:
    answers = set()
    for email, password in ((AGENT, "not-the-password"), ("nobody@roamio.example", PASSWORD)):
        stranger = browser()
        response = stranger.signs_in(email, password)
        assert response.status_code == 422
        assert stranger.tokens is None
        assert password not in response.text
        answers.add(response.text.partition("error-summary")[2].partition("</div>")[0])
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("", "x", "Enter your e-mail address"),
        ("agent", "x", "Enter an e-mail address like name@example.com"),
        (AGENT, "", "Enter your password"),
    ],
)
def test_agent_is_told_what_to_enter(browser: Opens, email: str, password: str, sentence: str) -> None:
    response = browser().signs_in(email, password)
    assert response.status_code == 422
    assert response.text.count(sentence) == 2  # beside the field and in the summary


def test_typed_address_stays_when_the_password_was_wrong(browser: Opens) -> None:
    assert f'value="{AGENT}"' in browser().signs_in(AGENT, "not-the-password").text


def test_sign_in_without_the_form_s_token_is_refused(browser: Opens) -> None:
    stranger = browser()
    response = stranger.client.post("/staff/sign-in", data={"email": AGENT, "password": PASSWORD})
    assert response.status_code == 400
    assert stranger.tokens is None


def test_signed_in_agent_is_not_asked_again(browser: Opens) -> None:
    response = browser(AGENT).opens("/staff/sign-in")
    assert (response.status_code, response.location) == (303, "/staff/")


def test_signing_in_drops_what_the_cookie_held_before(browser: Opens) -> None:
    agent = browser()
    agent.opens("/staff/sign-in")
    with agent.client.session_transaction("/staff/") as session:
        session["planted"], before = "by somebody else", session["csrf_token"]
    agent.signs_in(AGENT)
    agent.opens("/staff/")
    with agent.client.session_transaction("/staff/") as session:
        assert "planted" not in session
        assert session["csrf_token"] != before


def test_agent_signs_out_and_the_session_is_worthless(browser: Opens, people: People) -> None:
    agent = browser()
    agent.signs_in(AGENT)
    kept = agent.tokens
    agent.opens("/staff/")
    response = agent.sends("/staff/sign-out")
    assert (response.status_code, response.location) == (303, "/staff/sign-in")
    assert agent.tokens is None
    assert "You are signed out." in agent.opens("/staff/sign-in").text
    assert agent.opens("/staff/").status_code == 303
    assert kept is not None
    thief = browser().holds(kept["access"], refresh=kept["refresh"], expires_at=1)
    assert thief.opens("/staff/").status_code == 303


def test_link_cannot_sign_anybody_out(browser: Opens) -> None:
    agent = browser(AGENT)
    assert agent.opens("/staff/sign-out").status_code == 405
    assert agent.client.post("/staff/sign-out").status_code == 400
    assert agent.opens("/staff/").status_code == 200


def test_stranger_without_a_profile_is_told_so_and_signed_out(browser: Opens, people: People) -> None:
    email = f"stranger-{uuid4().hex}@example.com"
    people.operator().auth.admin.create_user({"email": email, "password": PASSWORD, "email_confirm": True})
    stranger = browser()
    response = stranger.signs_in(email)
    assert (response.status_code, response.location) == (303, "/staff/sign-in")
    assert stranger.tokens is None
    assert "This account has no access to Roamio." in stranger.opens("/staff/sign-in").text


def test_somebody_who_guesses_is_slowed_down(strict: Flask) -> None:
    guesser = StaffBrowser(strict.test_client())
    codes = [guesser.signs_in(AGENT, f"guess {n}").status_code for n in range(5)]
    assert codes == [422, 422, 422, 429, 429]
    assert guesser.signs_in(VIEWER).status_code == 429


def test_office_behind_one_address_may_sign_in_together(strict: Flask) -> None:
    codes = [StaffBrowser(strict.test_client()).signs_in(AGENT).status_code for _ in range(5)]
    assert codes == [303] * 5
