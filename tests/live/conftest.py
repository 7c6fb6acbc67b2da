"""The site's hub on a real backend, with a wire between them that the tests can cut."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from flask import Flask
from supabase import Client

from roamio_web.backend import Backend
from roamio_web.embedded import tokens
from roamio_web.live.access_view import look_with
from roamio_web.live.events import view_of
from roamio_web.live.hub import Hub
from roamio_web.live.road import Patience
from roamio_web.live.stream import Ticket, stream
from roamio_web.live.view import View
from roamio_web.models.staff import StaffMember
from tests.support import factories
from tests.support.backend import TestBackend
from tests.support.dashboard import Dashboard
from tests.support.wire import Wire

IMPATIENT = Patience(
    grace=0.3, joining=3.0, heartbeat=0.2, silence=1.0, first_retry=0.05, last_retry=0.4, settling=0.1
)
HOUR = 3600.0

Database = psycopg.Connection[dict[str, Any]]
Opens = Callable[..., Dashboard]
Book = Callable[..., str]


@pytest.fixture
def wire(backend: TestBackend) -> Iterator[Wire]:
    """What the hub goes through to reach Realtime."""
    address = urlsplit(backend.url)
    with Wire(address.hostname or "", address.port or 80).up() as wire:
        yield wire


@pytest.fixture
def hub(app: Flask, backend: TestBackend, wire: Wire) -> Iterator[Hub]:
    """A hub that waits for nothing long; whether somebody's access has changed it asks past the wire."""
    hub = Hub(wire.url, backend.anon_key, IMPATIENT, look=look_with(app.extensions["roamio.backend"]))
    yield hub
    hub.close()


@pytest.fixture
def staff(database: psycopg.Connection[dict[str, Any]]) -> Callable[[str], StaffMember]:
    """A demo account by the part of its address before the @."""

    def find(name: str) -> StaffMember:
        address = f"{name}@roamio.example"
        row = database.execute("select * from profiles where email = %s", (address,)).fetchone()
        assert row is not None
        return StaffMember.from_row({**row, "id": str(row["id"])})

    return find


@pytest.fixture
def token(backend: TestBackend) -> Callable[..., str]:
    """An access token as Auth signs them, good for as many seconds as wanted."""

    def sign(member: StaffMember, seconds: float = HOUR) -> str:
        payload = {"sub": member.id, "role": "authenticated", "aud": "authenticated", "email": member.email}
        return tokens.encode(payload | {"exp": int(time.time() + seconds)}, backend.jwt_secret)

    return sign


@pytest.fixture
def view(app: Flask, staff: Callable[[str], StaffMember]) -> Callable[..., View]:
    """A page as somebody sees it: ``view("admin", view="bookings", status="pending")``."""

    def find(name: str, **query: str) -> View:
        site = app.extensions["roamio.settings"].address
        environ = app.test_request_context("/staff/live", base_url=site).request.environ
        page = view_of(query, staff(name), app.extensions["roamio.drawing"], environ)
        assert page is not None
        return page

    return find


@pytest.fixture
def opens(
    app: Flask,
    hub: Hub,
    staff: Callable[[str], StaffMember],
    token: Callable[..., str],
    view: Callable[..., View],
) -> Callable[..., Dashboard]:
    """Opens a live page as somebody: ``opens("admin", "bookings", status="pending")``."""

    def open_page(name: str, page: str = "bookings", seconds: float = HOUR, **query: str) -> Dashboard:
        member = staff(name)
        ticket = Ticket(member, token(member, seconds), time.time() + seconds)
        backend: Backend = app.extensions["roamio.backend"]
        return Dashboard(stream(hub, backend, ticket, view(name, view=page, **query)))

    return open_page


@pytest.fixture
def book(
    visitor: Callable[[], Client], database: psycopg.Connection[dict[str, Any]]
) -> Iterator[Callable[..., str]]:
    """Books a cab as the website does, for a client of that name, and gives the booking's id.

    What was booked is gone after the test, so that the first page of the list shows what the next one books.
    """
    made: list[str] = []

    def make(name: str = "Kavya Rao", agent: StaffMember | None = None) -> str:
        made.append(factories.book(visitor(), contact=factories.contact(name=name)))
        if agent:
            assign(database, made[-1], agent)
        return made[-1]

    yield make
    database.execute("delete from bookings where id = any(%s::uuid[])", (made,))


def assign(database: psycopg.Connection[dict[str, Any]], booking_id: str, agent: StaffMember) -> None:
    """Hand a booking to an agent."""
    database.execute("update bookings set assigned_agent = %s where id = %s", (agent.id, booking_id))
