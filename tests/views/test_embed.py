"""A traveller books in a frame on somebody else's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from roamio_web import create_app
from roamio_web.config import Settings
from tests.support.factories import Database
from tests.support.travellers import PURPOSES, Traveller, answers, sentences

HOST = "https://travel.example"


@pytest.fixture
def embedded(settings: Settings) -> Iterator[Flask]:
    """The site with one page of another origin that may frame it."""
    app = create_app(replace(settings, embed_origins=(HOST,)))
    yield app
    app.extensions["roamio.backend"].close()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_traveller_books_in_a_frame(client: FlaskClient, database: Database, purpose: str) -> None:
    reference = Traveller(client, channel="embed").books(purpose)
    row = database.execute("select details from bookings where reference = %s", [reference]).fetchone()
    assert row is not None
    assert row["details"]["source"] == {"channel": "embed"}


def test_a_form_in_a_frame_stays_in_it(client: FlaskClient) -> None:
    traveller = Traveller(client, channel="embed")
    page = traveller.opens("cab", host=f"{HOST}/goa")
    assert 'action="/embed/cab?sent=&amp;host=https' in page.text
    answer = traveller.sends("cab", answers("cab", phone="12"), host=f"{HOST}/goa")
    assert answer.status_code == 422
    assert sentences(answer)
    confirmed = traveller.sends("cab", answers("cab"), host=f"{HOST}/goa").headers["Location"]
    assert confirmed.startswith("/embed/cab/received/")
    assert "host=https" in confirmed


def test_the_page_around_a_form_is_kept_as_its_source(client: FlaskClient, database: Database) -> None:
    traveller = Traveller(client, channel="embed")
    traveller.opens("cab")
    sent = traveller.sends("cab", answers("cab"), host=f"{HOST}/goa", utm_campaign="winter")
    reference = traveller.reads_confirmation(sent)
    row = database.execute("select details from bookings where reference = %s", [reference]).fetchone()
    assert row is not None
    assert row["details"]["source"] == {"channel": "embed", "host": f"{HOST}/goa", "utm_campaign": "winter"}


def test_a_campaign_is_kept_and_a_stranger_s_word_is_not(client: FlaskClient, database: Database) -> None:
    traveller = Traveller(client, channel="embed")
    traveller.opens("cab")
    said = {"host": "javascript:alert(1)", "ref": "r" * 300, "colour": "red", "utm_medium": "newsletter"}
    reference = traveller.reads_confirmation(traveller.sends("cab", answers("cab"), **said))
    row = database.execute("select details from bookings where reference = %s", [reference]).fetchone()
    assert row is not None
    assert row["details"]["source"] == {"channel": "embed", "ref": "r" * 200, "utm_medium": "newsletter"}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (f"{HOST}/goa?name=Lena", "host=https://travel.example/goa"),
        ("https://lena:secret@travel.example/goa", "host=https://travel.example/goa"),
        ("ftp://travel.example/goa", ""),
        ("https://[", ""),
        ("goa", ""),
    ],
)
def test_the_page_around_a_form_is_named_without_what_may_name_a_person(
    client: FlaskClient, told: str, kept: str
) -> None:
    page = unquote(unescape(client.get("/embed/cab", query_string={"host": told}).text))
    action = re.search(r'action="/embed/cab\?sent=&?([^"]*)"', page)
    assert action
    assert action[1] == kept


def test_a_frame_that_was_put_there_by_hand_says_where_too(client: FlaskClient) -> None:
    frame = {"Sec-Fetch-Dest": "iframe", "Referer": f"{HOST}/"}
    framed = unquote(client.get("/embed/cab", headers=frame).text)
    assert 'host=https://travel.example/"' in framed
    itself = frame | {"Referer": "http://localhost/embed"}
    assert "host=" not in client.get("/embed/cab", headers=itself).text
    link = {"Referer": f"{HOST}/"}
    assert "host=" not in client.get("/book/cab", headers=link).text


def test_the_page_around_a_form_answers_questions_but_never_gives_consent(client: FlaskClient) -> None:
    page = client.get("/embed/medical?city=Chennai&help=visa_letter&help=airport&consent=y&patient=another")
    assert re.search(r'<input[^>]*name="city"[^>]*value="Chennai"', page.text)
    chosen = re.findall(r"<input checked[^>]*>", page.text)
    assert len([box for box in chosen if 'name="help"' in box]) == 2
    assert any('value="another"' in box for box in chosen)
    assert not any('name="consent"' in box for box in chosen)


@pytest.mark.parametrize(
    ("asked", "theme", "scheme"),
    [
        ("", "auto", "light dark"),
        ("?theme=dark", "dark", "dark"),
        ("?theme=light", "light", "light"),
        ("?theme=neon", "auto", "light dark"),
    ],
)
def test_a_form_looks_as_the_page_around_it_asks(
    client: FlaskClient, asked: str, theme: str, scheme: str
) -> None:
    page = client.get(f"/embed/cab{asked}").text
    assert f'data-theme="{theme}"' in page
    assert f'name="color-scheme" content="{scheme}"' in page
    assert ("tokens-dark.css" in page) is (theme != "light")


def test_the_look_stays_until_the_confirmation(client: FlaskClient) -> None:
    look = {"theme": "dark", "accent": "#B0305F"}
    traveller = Traveller(client, channel="embed")
    for page in (
        traveller.opens("cab", **look),
        traveller.sends("cab", answers("cab", phone="12"), **look),
        client.get(traveller.sends("cab", answers("cab"), **look).headers["Location"]),
    ):
        assert 'data-theme="dark"' in page.text
        assert "/embed/accents/b0305f/dark.css" in page.text
        assert "/embed/accents/b0305f/light.css" not in page.text


def test_the_colours_of_an_accent_are_a_style_sheet_of_ours(client: FlaskClient) -> None:
    response = client.get("/embed/accents/b0305f/light.css")
    assert response.mimetype == "text/css"
    assert response.text.startswith("@layer tokens{:root{--colour-brand:#b0305f;")
    for wrong in ("B0305F/light", "red/light", "b0305f/neon", "b0305f%3B/light"):
        assert client.get(f"/embed/accents/{wrong}.css").status_code == 404


def test_an_error_in_a_frame_has_no_site_around_it(client: FlaskClient) -> None:
    page = client.get("/embed/boat")
    assert page.status_code == 404
    assert "There is nothing here" in page.text
    assert "site-header" not in page.text
    assert 'href="/"' not in page.text


def test_a_form_may_be_framed_by_the_pages_that_the_settings_name(embedded: Flask) -> None:
    policy = embedded.test_client().get("/embed/cab").headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors 'self' {HOST}")


def test_a_form_may_be_framed_by_nobody_else(client: FlaskClient) -> None:
    policy = client.get("/embed/cab").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self'")


def test_the_page_of_a_form_may_not_be_framed_at_all(embedded: Flask) -> None:
    headers = embedded.test_client().get("/book/cab").headers
    assert headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert headers["X-Frame-Options"] == "DENY"


def test_any_page_may_load_the_script_and_keeps_it_briefly(client: FlaskClient) -> None:
    response = client.get("/embed.js")
    assert response.status_code == 200
    assert response.mimetype in ("text/javascript", "application/javascript")
    assert "customElements.define" in response.text
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_the_confirmation_names_the_reference_for_the_page_around_it(client: FlaskClient) -> None:
    traveller = Traveller(client, channel="embed")
    traveller.opens("cab")
    sent = answers("cab")
    page = client.get(traveller.sends("cab", sent).headers["Location"])
    assert 'data-booked="' in page.text
    assert sent["name"] not in page.text
