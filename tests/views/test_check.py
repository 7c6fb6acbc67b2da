"""A traveller reads the answers once more, changes some, and sends them."""

from __future__ import annotations

from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer

from tests.support.factories import Database
from tests.support.travellers import PURPOSES, Traveller, answers, brought_along, sentences

MARKUP = '"><script>alert(1)</script>'


CONTACT = {"name", "email", "phone", "country", "reach_by", "notes", "need", "child_ages"}
PLACES = {"place", "pickup_place", "dropoff_place", "destinations", "city", "goods", "size", "accessibility"}
HEALTH = {"patient", "patient_name", "patient_age", "patient_relation", "speciality", "hospital", "consent"}
NOT_SAID = CONTACT | PLACES | HEALTH
"""What stands in no address: whatever is written, and whatever is about a person or about health."""


@pytest.fixture(params=["book", "embed"])
def traveller(client: FlaskClient, request: pytest.FixtureRequest) -> Traveller:
    """On the site, and in a frame."""
    return Traveller(client, channel=request.param)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_traveller_checks_the_answers_before_anything_is_sent(
    traveller: Traveller, database: Database, purpose: str
) -> None:
    sent = answers(purpose)
    traveller.opens(purpose)
    ticket = traveller.ticket
    checked = traveller.checks(purpose, sent)
    assert checked.status_code == 200
    assert "<title>Check your answers – " in checked.text
    assert "Nothing has been sent yet." in checked.text
    assert unescape(checked.text).count(sent["name"]) >= 2  # to read, and to send
    assert traveller.ticket == ticket
    assert _count(database, sent["email"]) == 0


def test_htmx_gets_the_check_alone(client: FlaskClient) -> None:
    traveller = Traveller(client, htmx=True)
    traveller.opens("cab")
    checked = traveller.checks("cab", answers("cab"))
    assert "<!doctype html>" not in checked.text
    assert "<title>Check your answers – Book a cab – Roamio</title>" in checked.text
    assert 'data-step="check"' in checked.text


def test_traveller_goes_back_to_a_question_and_finds_everything(
    traveller: Traveller, database: Database
) -> None:
    sent = answers("medical", notes="first\r\nsecond")
    traveller.opens("medical")
    ticket = traveller.ticket
    checked = traveller.checks("medical", sent)
    assert 'name="change" value="city" formaction="' in checked.text
    form = traveller.changes("medical", "city", brought_along(checked))
    assert form.status_code == 200
    assert 'data-step="questions"' in form.text
    assert 'data-focus="city"' in form.text
    assert f'value="{sent["email"]}"' in form.text
    assert "first\nsecond</textarea>" in form.text
    assert 'checked id="help-0"' in form.text
    assert 'checked id="consent"' in form.text
    assert traveller.ticket == ticket
    assert _count(database, sent["email"]) == 0

    checked = traveller.checks("medical", sent | {"city": "Kochi"})
    traveller.reads_confirmation(traveller.sends("medical", brought_along(checked)))
    row = database.execute(
        "select details from bookings join clients on clients.id = client_id where email = %s",
        [sent["email"]],
    ).fetchone()
    assert row is not None
    assert row["details"]["city"] == "Kochi"
    assert "notes" not in row["details"]


def test_traveller_who_goes_back_is_not_told_off(traveller: Traveller) -> None:
    """What was wrong has been said, and what is wrong now will be."""
    traveller.opens("cab")
    form = traveller.changes("cab", "phone", answers("cab", phone="12"))
    assert sentences(form) == []
    assert 'value="12"' in form.text


def test_a_question_that_is_not_in_the_form_is_gone_back_to_without_harm(traveller: Traveller) -> None:
    traveller.opens("cab")
    form = traveller.changes("cab", MARKUP, answers("cab"))
    assert form.status_code == 200
    assert "data-focus" not in form.text
    assert "<script>alert" not in form.text


@pytest.mark.parametrize("question", ["pickup_place", "notes", "name"])
def test_markup_is_shown_as_text(traveller: Traveller, question: str) -> None:
    traveller.opens("cab")
    checked = traveller.checks("cab", answers("cab") | {question: MARKUP})
    assert checked.status_code == 200
    assert "<script>alert" not in checked.text
    assert brought_along(checked)[question] == [MARKUP]


def test_answers_that_have_become_wrong_since_the_check_are_not_taken(
    traveller: Traveller, database: Database
) -> None:
    sent = answers("cab")
    traveller.opens("cab")
    checked = traveller.checks("cab", sent)
    late = brought_along(checked) | {"pickup_date": ["2020-01-01"]}
    assert traveller.sends("cab", late).status_code == 422
    assert _count(database, sent["email"]) == 0


def test_a_robot_s_mark_is_not_lost_on_the_way(traveller: Traveller) -> None:
    traveller.opens("cab")
    checked = traveller.checks("cab", answers("cab", homepage="https://spam.example"))
    assert brought_along(checked)["homepage"] == ["https://spam.example"]


@pytest.mark.parametrize(
    ("purpose", "kept_apart"),
    [("cab", set()), ("medical", {"patient", "patient_name", "speciality", "need", "hospital", "notes"})],
)
def test_what_concerns_health_is_named_as_not_to_be_kept_in_the_browser(
    client: FlaskClient, purpose: str, kept_apart: set[str]
) -> None:
    page = Traveller(client).opens(purpose).text
    named = page.partition('data-private="')[2].partition('"')[0]
    assert kept_apart <= set(named.split())
    assert bool(named) is bool(kept_apart)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_confirmation_says_what_was_chosen_and_its_address_says_nothing_of_anybody(
    traveller: Traveller, purpose: str
) -> None:
    sent = answers(purpose, notes="Two dogs")
    traveller.opens(purpose)
    address = traveller.sends(purpose, sent).headers["Location"]
    page = traveller.client.get(address).text
    shown = page.partition('id="asked"')[2].partition("</dl>")[0]
    held = URLSafeSerializer("").loads_unsafe(parse_qs(urlsplit(address).query)["receipt"][0])[1]
    asked = held.pop()
    assert len(address) < 2000
    assert ("<dt>" in shown) is bool(asked)
    assert not {name for name, _ in asked} & NOT_SAID
    typed = [text for name, text in sent.items() if name in NOT_SAID and len(text) > 3]
    assert not [text for text in typed if text in str(held) + str(asked) + unescape(shown)]


def _count(database: Database, email: str) -> int:
    row = database.execute(
        "select count(*) from bookings join clients on clients.id = client_id where email = %s", [email]
    ).fetchone()
    assert row is not None
    return int(row["count"])
