"""Invited people choose a password and get in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask

from roamio_web.services.mailed_links import mail_another_code
from tests.support.accounts import make_account
from tests.support.backend import TestBackend
from tests.support.factories import Database
from tests.support.people import People
from tests.support.staff import StaffBrowser
from tests.support.totp import set_up

Opens = Callable[..., StaffBrowser]
NEW = "three-random-words"


@pytest.fixture
def invited(people: People, app: Flask) -> str:
    """The address of somebody whom an admin has invited as a viewer, and who was sent the mail."""
    email = f"invited-{uuid4().hex}@example.com"
    people.operator().table("invitations").insert({"email": email, "role": "viewer"}).execute()
    mail_another_code(app.extensions["roamio.backend"], email, "http://127.0.0.1:8000/staff/sign-in")
    return email


def hash_for(database: Database, email: str) -> str:
    """What the mail's link carries."""
    query = "select token_hash from auth.one_time_tokens where relates_to = %s"
    (row,) = database.execute(query, [email]).fetchall()
    return str(row["token_hash"])


def role_of(database: Database, email: str) -> object:
    found = database.execute("select role from profiles where email = %s", [email]).fetchone()
    return found and found["role"]


def test_invited_person_follows_the_link_and_gets_in(
    browser: Opens, invited: str, database: Database
) -> None:
    person, scanner = browser(), browser()
    address = f"/staff/accept-invitation?token_hash={hash_for(database, invited)}"
    # The mail's own scanner, and the person's second click, spend nothing.
    assert scanner.opens(address).status_code == person.opens(address).status_code == 200
    assert role_of(database, invited) is None
    response = person.sends(address, password=NEW, again=NEW)
    assert (response.status_code, response.location) == (303, "/staff/")
    assert "Welcome to Roamio" in person.opens("/staff/").text
    assert role_of(database, invited) == "viewer"
    assert browser().signs_in(invited, NEW).location == "/staff/"
    spent = scanner.sends(address, password="other-random-words", again="other-random-words")
    assert spent.location == "/staff/accept-invitation/another-code"
    assert "has been used or has expired" in scanner.opens(spent.location).text


def test_invited_person_types_the_code(
    browser: Opens, invited: str, people: People, database: Database, backend: TestBackend
) -> None:
    link = people.operator().auth.admin.generate_link({"type": "invite", "email": invited})
    person = browser()
    assert "E-mail address" in person.opens("/staff/accept-invitation").text
    code = f" {link.properties.email_otp[:3]} {link.properties.email_otp[3:]}"
    wrong = person.sends("/staff/accept-invitation", email=invited, code="000 000", password=NEW, again=NEW)
    assert wrong.status_code == 422
    assert "the newest mail" in wrong.text
    assert role_of(database, invited) is None
    response = person.sends("/staff/accept-invitation", email=invited, code=code, password=NEW, again=NEW)
    assert response.location == "/staff/"
    assert person.opens("/staff/").status_code == 200


def test_password_that_is_refused_does_not_spend_the_invitation(
    browser: Opens, invited: str, database: Database
) -> None:
    person = browser()
    address = f"/staff/accept-invitation?token_hash={hash_for(database, invited)}"
    person.opens(address)
    assert person.sends(address, password="short", again="short").status_code == 422
    assert person.sends(address, password=NEW, again="another").status_code == 422
    assert role_of(database, invited) is None
    assert person.sends(address, password=NEW, again=NEW).location == "/staff/"


@pytest.mark.parametrize("by_code", [False, True])
def test_person_who_comes_next_in_the_same_browser_chooses_their_own_password(
    browser: Opens, invited: str, people: People, database: Database, by_code: bool
) -> None:
    """The one before them was refused the password that they have already, with their mail spent."""
    before = make_account(people.operator(), app_metadata={"role": "admin"})
    mails = [
        people.operator().auth.admin.generate_link({"type": kind, "email": email}).properties
        for kind, email in (("magiclink", before.email), ("invite", invited))
    ]
    shared = browser()
    for mail, email, password, answer in (
        (mails[0], before.email, before.password, 422),
        (mails[1], invited, NEW, 303),
    ):
        address = "/staff/accept-invitation" + ("" if by_code else f"?token_hash={mail.hashed_token}")
        typed = {"email": email, "code": mail.email_otp} if by_code else {}
        shared.opens(address)
        sent = shared.sends(address, **typed, password=password, again=password)
        assert sent.status_code == answer
        if email == before.email:
            assert "Choose another password than the one you have" in sent.text
    assert role_of(database, invited) == "viewer"
    assert shared.tokens is not None
    assert shared.tokens["user_id"] != before.id
    assert browser().signs_in(invited, NEW).location == "/staff/"
    assert browser().signs_in(before.email, NEW).status_code == 422
    assert browser().signs_in(before.email, before.password).location == "/staff/"


def test_withdrawn_invitation_leads_nowhere(browser: Opens, invited: str, database: Database) -> None:
    address = f"/staff/accept-invitation?token_hash={hash_for(database, invited)}"
    database.execute("delete from invitations where email = %s", [invited])
    person = browser()
    person.opens(address)
    assert person.sends(address, password=NEW, again=NEW).location == "/staff/sign-in"
    assert "no access to Roamio" in person.opens("/staff/sign-in").text
    assert person.tokens is None
    assert role_of(database, invited) is None


def test_person_with_a_second_factor_is_asked_for_it_and_keeps_their_password(
    browser: Opens, people: People
) -> None:
    account = make_account(people.operator(), app_metadata={"role": "viewer"})
    set_up(people, account)
    link = people.operator().auth.admin.generate_link({"type": "magiclink", "email": account.email})
    person = browser()
    address = f"/staff/accept-invitation?token_hash={link.properties.hashed_token}"
    person.opens(address)
    assert person.sends(address, password=NEW, again=NEW).location == "/staff/sign-in/code"
    assert "its password stays as it is" in person.opens("/staff/sign-in/code").text
    assert person.opens("/staff/").status_code == 303
    assert browser().signs_in(account.email, account.password).location == "/staff/sign-in/code"


def test_another_code_is_promised_to_everybody_and_mailed_to_the_invited(
    browser: Opens, people: People, database: Database
) -> None:
    email = f"invited-{uuid4().hex}@example.com"
    people.operator().table("invitations").insert({"email": email, "role": "viewer"}).execute()
    answers = set()
    stranger = f"stranger-{uuid4().hex}@example.com"
    for address in (email, stranger):
        person = browser()
        person.opens("/staff/accept-invitation/another-code")
        response = person.sends("/staff/accept-invitation/another-code", email=address)
        answers.add((response.status_code, response.location, person.opens(response.location).text))
    # The pages differ in nothing but their own tokens, which are as long as each other.
    assert len({(status, place, len(page)) for status, place, page in answers}) == 1
    assert hash_for(database, email)
    assert database.execute("select from auth.users where email = %s", [stranger]).fetchone() is None


@pytest.mark.parametrize(
    ("brought", "place"),
    [
        ("token_hash=abc&type=recovery", "/staff/new-password?token_hash=abc"),
        ("token_hash=abc&type=signup", "/staff/accept-invitation?token_hash=abc"),
        ("code=abc", "/staff/sign-in"),
        ("error=access_denied&error_code=otp_expired", "/staff/sign-in"),
    ],
)
def test_link_that_leads_to_the_sign_in_page_leads_on(browser: Opens, brought: str, place: str) -> None:
    person = browser()
    response = person.opens(f"/staff/sign-in?{brought}")
    assert (response.status_code, response.location) == (303, place)


def test_link_from_another_browser_says_so(browser: Opens) -> None:
    person = browser()
    person.opens("/staff/sign-in?code=abc")
    assert "asked for in another browser" in person.opens("/staff/sign-in").text


def test_guesser_of_codes_is_slowed_down(app_with: Callable[..., Flask], invited: str) -> None:
    person = StaffBrowser(app_with(sign_in_rate="5 per hour").test_client())
    person.opens("/staff/accept-invitation")
    for expected in (422, 422, 422, 422, 422, 429):
        guess = person.sends(
            "/staff/accept-invitation", email=invited, code="000000", password=NEW, again=NEW
        )
        assert guess.status_code == expected


def test_guesser_does_not_slow_down_those_who_come_by_a_link(app_with: Callable[..., Flask]) -> None:
    app = app_with(sign_in_rate="1 per hour")
    address = "/staff/accept-invitation?token_hash=made-up"
    for place in ("192.0.2.1", "192.0.2.2"):
        person = StaffBrowser(app.test_client())
        person.client.environ_base["REMOTE_ADDR"] = place
        person.opens(address)
        # What Supabase Auth is not asked is no guess.
        assert person.sends(address, password="short", again="short").status_code == 422
        assert person.sends(address, password=NEW, again=NEW).status_code == 303
        assert person.sends(address, password=NEW, again=NEW).status_code == 429
