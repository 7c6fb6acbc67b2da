"""No staff page asks Supabase more than twice: once who is there, and once for all that it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask
from psycopg.rows import dict_row

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.security import KINDS, Kind
from tests.support.backend import TestBackend
from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT
from tests.support.staff import StaffBrowser

MOST = 2
ROUTES = sorted(
    rule.rule
    for rule in create_app(Settings("http://127.0.0.1:9", "key")).url_map.iter_rules()
    if KINDS.get(rule.endpoint.split(".")[0]) is Kind.STAFF and "GET" in (rule.methods or ())
)
ENDLESS = {"/staff/live"}
"""Streams: they read for as long as their page is open."""


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """What the site asks Supabase meanwhile."""
    asked: list[str] = []
    http = app.extensions["roamio.backend"]._http
    http.event_hooks = {"request": [lambda request: asked.append(f"{request.method} {request.url.path}")]}
    try:
        yield asked
    finally:
        http.event_hooks = {}


@pytest.fixture(scope="module")
def values(backend: TestBackend) -> dict[str, str]:
    """What stands in for the variable parts of an address: things that the agent may see, too."""
    with psycopg.connect(backend.db_url, autocommit=True, row_factory=dict_row) as database:
        return _values(database)


def _values(database: Database) -> dict[str, str]:
    booking = make_booking(database, agent=AGENT)
    row = database.execute(
        "select client_id::text, assigned_agent::text from bookings where id = %s", [booking]
    ).fetchone()
    assert row is not None
    return {
        "booking_id": booking,
        "task_id": make_task(database, booking, assigned_to=AGENT),
        "client_id": row["client_id"],
        "person_id": row["assigned_agent"],
        "purpose": "cab",
    }


@pytest.mark.parametrize("route", [route for route in ROUTES if route not in ENDLESS])
@pytest.mark.parametrize("email", [ADMIN, AGENT])
def test_page_asks_supabase_at_most_twice(
    app: Flask, browser: Callable[..., StaffBrowser], values: dict[str, str], route: str, email: str
) -> None:
    person = browser(email)
    address = route
    for name, value in values.items():
        for kind in ("uuid:", ""):
            address = address.replace(f"<{kind}{name}>", value)
    with counted(app) as asked:
        person.client.get(address)
    assert len(asked) <= MOST, f"{address}: {asked}"
