"""Who may open a stream, and how it travels."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict

import pytest
from flask import Flask
from flask.testing import FlaskClient

from roamio_web.models.staff import StaffMember
from roamio_web.services.sign_in import Tokens
from tests.support.eventually import eventually

FROM_HTMX = {"HX-Request": "true", "Accept": "text/html, text/event-stream"}


@pytest.fixture
def signed_in(
    client: FlaskClient, staff: Callable[[str], StaffMember], token: Callable[..., str]
) -> Callable[[str], FlaskClient]:
    """A browser in which somebody is signed in."""

    def sign_in(name: str) -> FlaskClient:
        member = staff(name)
        tokens = Tokens(token(member), "unused", int(time.time() + 3600), member.id)
        with client.session_transaction("/staff/") as session:
            session["tokens"] = asdict(tokens)
        return client

    return sign_in


def test_somebody_signed_out_gets_a_bare_401_and_no_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/staff/live?view=bookings", headers=FROM_HTMX)
    assert answer.status_code == 401
    assert answer.data == b""


def test_a_stream_is_neither_kept_nor_held_back_on_its_way(
    signed_in: Callable[[str], FlaskClient], app: Flask
) -> None:
    answer = signed_in("admin").get("/staff/live?view=bookings", headers=FROM_HTMX)
    events = iter(answer.response)
    assert next(events) == b"retry: 500\nevent: live:state\ndata: waiting\n\n"
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert b"booking-rows" in next(events)
    hub = app.extensions["roamio.hub"]
    assert hub.open_streams == 1
    answer.close()
    eventually(lambda: hub.open_streams == 0, what="The page's being forgotten")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("admin", ""),
        ("admin", "view=nothing"),
        ("admin", "view=booking&id=nonsense"),
        ("viewer", "view=bookings"),
        ("viewer", "view=booking&id=00000000-0000-4000-8000-000000000000"),
    ],
)
def test_nobody_follows_a_page_that_they_do_not_have(
    signed_in: Callable[[str], FlaskClient], name: str, query: str
) -> None:
    assert signed_in(name).get(f"/staff/live?{query}", headers=FROM_HTMX).status_code == 404
