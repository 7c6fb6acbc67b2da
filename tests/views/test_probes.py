"""The answers for machines."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from roamio_web import create_app
from roamio_web.config import Settings
from tests.support.travellers import Traveller, answers


@pytest.fixture
def site_with(settings: Settings) -> Iterator[Callable[..., FlaskClient]]:
    """``site_with(metrics_token="…")`` is a browser at a site with these settings."""
    with ExitStack() as stack:

        def build(**changes: Any) -> FlaskClient:
            app: Flask = create_app(replace(settings, **changes))
            stack.callback(app.extensions["roamio.backend"].close)
            return app.test_client()

        yield build


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_a_site_that_reaches_its_database_is_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_a_site_that_does_not_reach_supabase_is_alive_and_not_ready(
    site_with: Callable[..., FlaskClient],
) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        cut_off = site_with(supabase_url=f"http://127.0.0.1:{held.getsockname()[1]}")
        assert cut_off.get("/healthz").status_code == 200
        response = cut_off.get("/readyz")
    assert (response.status_code, response.text) == (503, "Supabase can't be reached\n")


def test_the_counters_say_how_many_and_nothing_about_anybody(reader: FlaskClient) -> None:
    traveller = Traveller(reader)
    sent = answers("nri")
    traveller.opens("nri")
    traveller.sends("nri", sent | {"phone": "12"})
    traveller.reads_confirmation(traveller.sends("nri", sent))
    counted = reader.get("/metrics").text
    assert 'roamio_bookings_total{outcome="received",purpose="nri"}' in counted
    assert 'roamio_bookings_total{outcome="wrong",purpose="nri"}' in counted
    assert 'roamio_requests_total{method="POST",route="/book/<purpose>",status="303"}' in counted
    assert not [
        typed for typed in sent.values() if isinstance(typed, str) and len(typed) > 8 and typed in counted
    ]


def test_the_counters_are_for_who_has_the_token(site_with: Callable[..., FlaskClient]) -> None:
    site = site_with(metrics_token="monitoring")
    assert site.get("/metrics").status_code == 404
    assert site.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert site.get("/metrics", headers={"Authorization": "Bearer monitoring"}).status_code == 200


def test_production_shows_no_counters_unless_it_has_a_token(site_with: Callable[..., FlaskClient]) -> None:
    assert site_with(environment="production").get("/metrics").status_code == 404
