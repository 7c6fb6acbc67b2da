"""Whom the site believes, and what it says in production."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.extensions import visitor_address
from tests.support.travellers import Traveller, answers

PROJECT = Settings("http://127.0.0.1:9", "key", environment="testing")
FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}


@pytest.fixture
def seen() -> Callable[..., dict[str, Any]]:
    """``seen(headers, trusted_proxies=1)`` is what the site takes a request for."""

    def ask(headers: dict[str, str], address: str = "192.0.2.1", **changes: Any) -> dict[str, Any]:
        app = create_app(replace(PROJECT, **changes))
        found: dict[str, Any] = {}

        @app.before_request
        def look() -> None:
            found.update(address=visitor_address(), scheme=request.scheme, host=request.host)

        app.test_client().get("/healthz", headers=headers, environ_base={"REMOTE_ADDR": address})
        return found

    return ask


def test_nobody_can_say_that_they_come_from_somewhere_else(seen: Callable[..., dict[str, Any]]) -> None:
    assert seen(FORWARDED)["address"] == "192.0.2.1"
    assert seen(FORWARDED)["scheme"] == "http"


def test_a_trusted_proxy_says_where_a_visitor_comes_from(seen: Callable[..., dict[str, Any]]) -> None:
    assert seen(FORWARDED, trusted_proxies=1) == {
        "address": "198.51.100.7",
        "scheme": "https",
        "host": "localhost",
    }
    assert seen(FORWARDED, trusted_proxies=2)["address"] == "203.0.113.9"


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("not an address", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_visitor_is_counted_as_one_however_many_addresses_they_have(
    seen: Callable[..., dict[str, Any]], address: str, counted_as: str
) -> None:
    assert seen({}, address=address)["address"] == counted_as


def test_a_site_that_knows_its_names_answers_to_no_other() -> None:
    browser = create_app(replace(PROJECT, hosts=("roamio.example",))).test_client()
    assert browser.get("/", headers={"Host": "roamio.example"}).status_code == 200
    refused = browser.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert "evil.example" not in refused.text
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]


def test_production_asks_browsers_to_come_back_by_https_only() -> None:
    production = replace(
        PROJECT, environment="production", supabase_url="https://abc.example", secret_key="s" * 32
    )
    headers = create_app(production).test_client().get("/").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_laptop_does_not(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_public_pages_are_compressed_and_staff_pages_are_not(client: FlaskClient) -> None:
    """What is typed and a token, compressed together, would give the token away by its size."""
    gzip = {"Accept-Encoding": "gzip"}
    assert client.get("/book/cab", headers=gzip).headers["Content-Encoding"] == "gzip"
    assert client.get("/nowhere", headers=gzip).headers["Content-Encoding"] == "gzip"
    assert client.post("/book/cab", headers=gzip).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/staff/sign-in", headers=gzip).headers


def test_a_page_that_breaks_says_so_without_saying_how(app: Flask, settings: Settings) -> None:
    broken = create_app(settings)

    @broken.get("/broken")
    def fail() -> str:
        raise ValueError("the secret is 12345")

    @broken.get("/staff/broken")
    def fail_staff() -> str:
        return fail()

    for path, headers in (("/broken", {}), ("/broken", {"HX-Request": "true"}), ("/staff/broken", {})):
        response = broken.test_client().get(path, headers=headers)
        assert response.status_code == 500
        assert "Something broke on our side" in response.text
        assert "12345" not in response.text
        assert "Traceback" not in response.text
        assert headers or response.headers["X-Request-ID"] in response.text, "what the log has it under"
    broken.extensions["roamio.backend"].close()


def test_a_request_id_is_passed_on_if_it_is_one(client: FlaskClient) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": "edge-0123456789"}).headers["X-Request-ID"]
    assert given == "edge-0123456789"


@pytest.mark.parametrize("forged", ["short", "with space in it", "x" * 100, 'a"b{c}12345', "<script>alert"])
def test_a_request_id_that_is_none_is_replaced(client: FlaskClient, forged: str) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": forged}).headers["X-Request-ID"]
    assert given != forged
    assert len(given) == 24


def test_a_method_that_a_page_does_not_know_is_refused_in_words(client: FlaskClient) -> None:
    response = client.delete("/book/cab")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert "That can’t be done here" in response.text


def test_a_booking_is_taken_behind_a_proxy(settings: Settings) -> None:
    app = create_app(replace(settings, trusted_proxies=1))
    traveller = Traveller(app.test_client())
    traveller.opens("cab")
    response = traveller.sends("cab", answers("cab"))
    assert response.headers["Location"].startswith("/book/cab/received/")
    app.extensions["roamio.backend"].close()
