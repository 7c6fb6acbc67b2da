"""What a request may hold when it does not say how long it is."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from roamio_web.config import Settings
from tests.support.travellers import Traveller, answers, brought_along

LIMIT = Settings.max_body


def in_chunks(client: FlaskClient, body: bytes) -> TestResponse:
    """Send a form as gunicorn hands on what came in chunks."""
    return client.post(
        "/book/cab",
        input_stream=BytesIO(body),
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    )


@pytest.mark.parametrize("too_much", [1, LIMIT, 10 * LIMIT])
def test_traveller_is_told_that_it_is_too_much(client: FlaskClient, too_much: int) -> None:
    answer = in_chunks(client, b"notes=" + b"x" * (LIMIT - 6 + too_much))
    assert answer.status_code == 413
    assert "That is too much at once" in answer.text


def test_form_in_chunks_is_read_to_its_end(client: FlaskClient) -> None:
    traveller = Traveller(client)
    traveller.opens("cab")
    fields = answers("cab", notes="In chunks") | {"ticket": traveller.ticket}
    checked = in_chunks(client, urlencode(fields).encode())
    assert checked.status_code == 200
    assert brought_along(checked)["notes"] == ["In chunks"]
