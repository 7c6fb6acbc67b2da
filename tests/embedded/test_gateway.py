"""The door before the API: keys, sizes, other people's pages."""

from __future__ import annotations

import contextlib
import http.client
import select
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from roamio_web.backend import POOL
from roamio_web.embedded.server import KEEP_ALIVE_SECONDS
from tests.support.backend import TestBackend

UVICORNS_OWN = 5  # seconds that it keeps an idle connection if it is not told


@pytest.fixture
def door(backend: TestBackend) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=backend.url) as client:
        yield client


def test_stranger_without_a_key_is_told_so(door: httpx.Client) -> None:
    answer = door.get("/rest/v1/bookings")
    assert answer.status_code == 401
    assert answer.json()["message"] == "No API key found in request"


@pytest.mark.parametrize(
    "path", ["/rest/v1/bookings", "/auth/v1/settings", "/realtime/v1/websocket", "/nowhere"]
)
def test_stranger_with_a_made_up_key_gets_in_nowhere(door: httpx.Client, path: str) -> None:
    answer = door.get(path, headers={"apikey": "made-up"})
    assert answer.status_code == 401
    assert answer.json()["message"] == "Invalid API key"


def test_visitor_gets_in_with_the_public_key_in_header_or_address(
    door: httpx.Client, backend: TestBackend
) -> None:
    assert door.get("/auth/v1/settings", headers={"apikey": backend.anon_key}).status_code == 200
    assert door.get("/auth/v1/settings", params={"apikey": backend.anon_key}).status_code == 200


def test_key_alone_acts_as_its_own_role(door: httpx.Client, backend: TestBackend) -> None:
    as_operator = door.get(
        "/rest/v1/bookings", params={"limit": 1}, headers={"apikey": backend.service_role_key}
    )
    as_visitor = door.get("/rest/v1/bookings", params={"limit": 1}, headers={"apikey": backend.anon_key})
    assert len(as_operator.json()) == 1
    assert as_visitor.json()["code"] == "42501"


def test_anybody_may_read_the_public_signing_keys(door: httpx.Client) -> None:
    assert door.get("/auth/v1/.well-known/jwks.json").json() == {"keys": []}


def test_somebody_who_sends_too_much_is_stopped(door: httpx.Client, backend: TestBackend) -> None:
    headers = {"apikey": backend.anon_key, "content-type": "application/json"}
    announced = door.post("/rest/v1/bookings", headers=headers, content=b" " * (11 * 1024 * 1024))
    assert announced.status_code == 413
    unannounced = door.post("/rest/v1/bookings", headers=headers, content=iter([b" " * 1024 * 1024] * 11))
    assert unannounced.status_code == 413


def test_page_on_another_site_may_call_the_api(door: httpx.Client) -> None:
    asking = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "apikey, authorization, prefer",
    }
    answer = door.options("/rest/v1/bookings", headers=asking)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] in ("*", asking["Origin"])
    assert "PATCH" in answer.headers["access-control-allow-methods"]


def test_visitor_who_asks_for_another_part_of_supabase_is_told_that_it_is_not_here(
    door: httpx.Client, backend: TestBackend
) -> None:
    answer = door.get("/storage/v1/bucket", headers={"apikey": backend.anon_key})
    assert answer.status_code == 404
    assert answer.json()["message"] == "no Route matched with those values"


def test_connection_waits_for_its_next_request_longer_than_the_site_keeps_it(backend: TestBackend) -> None:
    # Otherwise the gateway may close it at the moment in which a booking is sent through it.
    address = urlsplit(backend.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    with contextlib.closing(connection):
        connection.request("GET", "/health")
        connection.getresponse().read()
        assert connection.sock is not None
        readable, _, _ = select.select([connection.sock], [], [], UVICORNS_OWN + 2)
        assert not readable
        connection.request("GET", "/health")
        assert connection.getresponse().status == 200
    assert POOL.keepalive_expiry is not None
    assert POOL.keepalive_expiry < KEEP_ALIVE_SECONDS
