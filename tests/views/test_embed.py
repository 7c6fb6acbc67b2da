"""A traveller books in a frame on somebody else's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
