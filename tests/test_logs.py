"""The server's log: enough to mend things, nothing about anybody."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.logs import JsonLines, describe
from tests.support.travellers import PURPOSES, Traveller, answers


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that any logger of this process says, down to DEBUG, as the server writes it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


def lines(log: StringIO, logger: str = "roamio.access") -> list[dict[str, Any]]:
    """What one logger said."""
    return [line for line in map(json.loads, log.getvalue().splitlines()) if line["logger"] == logger]


def typed_values(fields: dict[str, Any]) -> list[str]:
    """What a traveller typed that says something about them: no ticks, no choices, no small numbers."""
    personal = {"name", "email", "phone", "pickup_place", "dropoff_place", "need", "place", "patient_name"}
    personal |= {"city", "destinations", "goods", "language", "notes"}
    return [value for name, value in fields.items() if name in personal]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_log_of_a_whole_booking_says_nothing_that_was_typed(
    reader: FlaskClient, log: StringIO, purpose: str
) -> None:
    traveller = Traveller(reader)
    sent = answers(purpose, notes="Kept between us")
    traveller.opens(purpose, name="Prefilled Person")
    ticket = traveller.ticket
    assert traveller.sends(purpose, sent | {"email": "wrong"}).status_code == 422
    response = traveller.sends(purpose, sent)
    traveller.reads_confirmation(response)
    said = log.getvalue()
    receipt = response.headers["Location"].split("receipt=")[1]
    secrets = [*typed_values(sent), sent["phone"][1:], ticket, receipt, "Prefilled", "wrong"]
    assert [secret for secret in secrets if secret in said] == []
    assert [line["status"] for line in lines(log)] == [200, 422, 303, 200]


def test_a_request_is_one_line_with_its_id(reader: FlaskClient, log: StringIO) -> None:
    response = reader.get("/book/cab?name=Meera")
    (line,) = lines(log)
    assert line["request"] == response.headers["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/book/<purpose>", 200)
    assert line["ms"] >= 0
    assert "Meera" not in log.getvalue()


def test_nobody_waits_for_the_line_about_their_page(client: FlaskClient, log: StringIO) -> None:
    response = client.get("/book/cab")
    assert lines(log) == []
    response.close()
    assert len(lines(log)) == 1


def test_a_stream_has_its_line_when_it_begins(settings: Settings, log: StringIO) -> None:
    app = create_app(settings)
    app.add_url_rule("/endless", view_func=lambda: app.response_class(iter(["event", "event"])))
    response = app.test_client().get("/endless")
    assert [line["route"] for line in lines(log)] == ["/endless"]
    response.close()
    assert len(lines(log)) == 1
    app.extensions["roamio.backend"].close()


def test_an_address_that_does_not_exist_is_not_repeated(reader: FlaskClient, log: StringIO) -> None:
    reader.get("/meera.iyer@example.com", method="GET")
    (line,) = lines(log)
    assert (line["route"], line["status"]) == ("(none)", 404)
    assert "meera" not in log.getvalue()


@pytest.fixture
def breaks(settings: Settings) -> Iterator[Callable[[Exception], FlaskClient]]:
    """``breaks(error)`` is a browser at a site with an address, /broken, that raises it."""
    apps: list[Flask] = []

    def build(error: Exception) -> FlaskClient:
        app = create_app(settings)
        apps.append(app)

        @app.get("/broken")
        def fail() -> str:
            try:
                raise KeyError("meera@example.com")
            except KeyError:
                raise error from None

        return app.test_client()

    yield build
    for app in apps:
        app.extensions["roamio.backend"].close()


def test_an_error_that_nobody_expected_is_logged_without_what_it_quotes(
    breaks: Callable[[Exception], FlaskClient], log: StringIO
) -> None:
    response = breaks(ValueError("+91 98100 12345")).get("/broken")
    assert response.status_code == 500
    (line,) = lines(log, "roamio.errors")
    assert line["exception"]["type"] == "builtins.ValueError"
    assert any("test_logs.py" in frame and frame.endswith(" fail") for frame in line["exception"]["frames"])
    assert (line["route"], line["request"]) == ("/broken", response.headers["X-Request-ID"])
    assert "98100" not in log.getvalue()
    assert "meera" not in log.getvalue()


def test_an_error_names_what_caused_it_and_its_code() -> None:
    class Coded(Exception):
        code = "23505"

    try:
        try:
            raise KeyError("meera@example.com")
        except KeyError as cause:
            raise Coded("secret") from cause
    except Coded as error:
        told = describe(error)
    assert told["causes"] == ["builtins.KeyError"]
    assert told["code"] == "23505"
    assert "meera" not in json.dumps(told)
    assert "secret" not in json.dumps(told)


def test_an_outage_is_logged_with_its_cause(settings: Settings, log: StringIO) -> None:
    app = create_app(Settings("http://127.0.0.1:9", "key", environment="testing", ticket_minimum_age=0))
    traveller = Traveller(app.test_client())
    traveller.opens("cab")
    sent = answers("cab")
    assert traveller.sends("cab", sent).status_code == 503
    app.extensions["roamio.backend"].close()
    (line,) = lines(log, "roamio.errors")
    assert line["exception"]["type"] == "roamio_web.services.failures.Unavailable"
    assert "httpx.ConnectError" in line["exception"]["causes"]
    assert [value for value in typed_values(sent) if value in log.getvalue()] == []


def test_a_library_s_exception_is_written_without_its_message(log: StringIO) -> None:
    try:
        raise ValueError("meera@example.com")
    except ValueError:
        logging.getLogger("some.library").exception("it failed")
    (line,) = lines(log, "some.library")
    assert line["message"] == "it failed"
    assert line["exception"]["type"] == "builtins.ValueError"
    assert "meera" not in log.getvalue()
