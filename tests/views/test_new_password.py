"""Staff who forgot their password set a new one by the mailed link."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from tests.support.backend import PASSWORD, TestBackend
from tests.support.factories import Database
from tests.support.people import AGENT, People
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


def test_forgotten_password_gets_one_answer_for_any_address(browser: Opens) -> None:
    answers = set()
    for email in (AGENT, "nobody@roamio.example"):
        person = browser()
        person.opens("/staff/forgot-password")
        response = person.sends("/staff/forgot-password", email=email)
        answers.add((response.status_code, response.location, person.opens(response.location).text))
    assert len(answers) == 1


def test_new_password_page_without_a_link_leads_to_asking_for_one(browser: Opens) -> None:
    person = browser()
    response = person.opens("/staff/new-password")
    assert (response.status_code, response.location) == (303, "/staff/forgot-password")
    assert "ask for a new one" in person.opens(response.location).text


def forgets_the_password(person: StaffBrowser, people: People, database: Database) -> tuple[str, str]:
    """Make an account, ask for a new password, and look up what the mail's link carries."""
    email = f"agent-{uuid4().hex}@example.com"
    people.operator().auth.admin.create_user(
        {"email": email, "password": PASSWORD, "email_confirm": True, "app_metadata": {"role": "viewer"}}
    )
    person.opens("/staff/forgot-password")
    person.sends("/staff/forgot-password", email=email)
    row = database.execute(
        "select token_hash from auth.one_time_tokens where relates_to = %s", [email]
    ).fetchone()
    assert row is not None
    return email, str(row["token_hash"])


def test_agent_sets_a_new_password_on_another_device(
    browser: Opens, people: People, database: Database
) -> None:
    email, token_hash = forgets_the_password(browser(), people, database)
    elsewhere, address = browser(), f"/staff/new-password?token_hash={token_hash}"
    assert elsewhere.opens(address).status_code == elsewhere.opens(address).status_code == 200
    response = elsewhere.sends(address, password="three-random-words", again="three-random-words")
    assert (response.status_code, response.location) == (303, "/staff/")
    assert "Your new password is set." in elsewhere.opens("/staff/").text
    assert browser().signs_in(email, "three-random-words").status_code == 303
    assert browser().signs_in(email, PASSWORD).status_code == 422
    again = browser()
    again.opens(address)
    spent = again.sends(address, password="five-other-random-words", again="five-other-random-words")
    assert spent.location == "/staff/forgot-password"


def test_agent_follows_the_mailed_link_in_the_browser_that_asked(
    browser: Opens, people: People, database: Database, backend: TestBackend
) -> None:
    person, thief = browser(), browser()
    email, token_hash = forgets_the_password(person, people, database)
    site = "http://127.0.0.1:8000"  # where config.toml lets links lead
    link = {"token": token_hash, "type": "recovery", "redirect_to": f"{site}/staff/new-password"}
    followed = httpx.get(f"{backend.url}/auth/v1/verify", params=link, headers={"apikey": backend.anon_key})
    landing = followed.headers["Location"].removeprefix(site)
    assert landing.startswith("/staff/new-password?code=")
    response = person.opens(landing)
    assert (response.status_code, response.location) == (303, "/staff/new-password")
    assert thief.opens(landing).location == "/staff/forgot-password"
    person.opens("/staff/new-password")
    refused = person.sends("/staff/new-password", password=PASSWORD, again=PASSWORD)
    assert refused.status_code == 422
    done = person.sends("/staff/new-password", password="three-random-words", again="three-random-words")
    assert (done.status_code, done.location) == (303, "/staff/")
    assert browser().signs_in(email, "three-random-words").status_code == 303


def test_person_who_comes_next_in_the_same_browser_sets_their_own_password(
    browser: Opens, people: People, database: Database
) -> None:
    """The one before them was refused the password that they have already, with their link spent."""
    before, after = (forgets_the_password(browser(), people, database) for _ in "ab")
    shared, new = browser(), "three-random-words"
    for (_, token_hash), password, status in ((before, PASSWORD, 422), (after, new, 303), (before, new, 303)):
        address = f"/staff/new-password?token_hash={token_hash}"
        shared.opens(address)
        answer = shared.sends(address, password=password, again=password)
        assert answer.status_code == status
    # The first one's session went with the second one's coming, and their link was spent before.
    assert answer.location == "/staff/forgot-password"
    assert browser().signs_in(after[0], new).status_code == 303
    assert browser().signs_in(before[0], new).status_code == 422
    assert browser().signs_in(before[0], PASSWORD).status_code == 303


def test_spent_link_says_so(browser: Opens) -> None:
    person = browser()
    address = "/staff/new-password?token_hash=made-up"
    assert person.opens(address).status_code == 200
    response = person.sends(address, password="three-random-words", again="three-random-words")
    assert (response.status_code, response.location) == (303, "/staff/forgot-password")
    assert "has been used, has expired" in person.opens(response.location).text
    assert person.tokens is None


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "Use 10 to 72 characters"),
        ("three-random-words", "other", "Enter the same password"),
    ],
)
def test_new_password_must_be_usable(browser: Opens, password: str, again: str, sentence: str) -> None:
    person = browser()
    address = "/staff/new-password?token_hash=made-up"
    person.opens(address)
    response = person.sends(address, password=password, again=again)
    assert response.status_code == 422
    assert sentence in response.text
    assert password not in response.text
