"""Bookings and what belongs to them, with sensible defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb
from supabase import Client

Database = psycopg.Connection[dict[str, Any]]


def contact(**overrides: Any) -> dict[str, Any]:
    """A traveller whom nobody else in the tests is."""
    nobody_else = uuid4().hex[:10]
    return {
        "name": f"Asha Rao {nobody_else}",
        "email": f"asha.{nobody_else}@example.com",
        "phone": f"+9198{int(nobody_else, 16) % 10**8:08d}",
        "country": "IN",
    } | overrides


def cab_details(**overrides: Any) -> dict[str, Any]:
    """What the cab form sends, for a pick-up tomorrow."""
    return {
        "contact": contact(),
        "reach_by": "whatsapp",
        "trip": "one_way",
        "pickup_place": "BLR Airport, terminal 2",
        "dropoff_place": "The Leela Palace",
        "starts_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds"),
        "time_zone": "Asia/Kolkata",
        "passengers": 2,
        "luggage": 2,
        "vehicle": "sedan",
        "child_seat": False,
    } | overrides


def book(visitor: Client, *, id: UUID | None = None, purpose: str = "cab", **details: Any) -> str:
    """Book through the website's door, as the site does; returns the booking's id."""
    booking = str(id or uuid4())
    row = {"id": booking, "purpose": purpose, "details": cab_details(**details)}
    visitor.table("bookings").insert(row, returning="minimal").execute()
    return booking


def book_about_health(visitor: Client, database: Database, agent: str) -> str:
    """Book a medical trip that says something about a person's health, for this agent to arrange."""
    health = {"need": "A knee", "consent": {"wording": "I agree", "at": "2027-03-14T09:30:00Z"}}
    booking = book(visitor, purpose="medical", health=health)
    database.execute(
        "update bookings set assigned_agent = (select id from profiles where email = %s) where id = %s",
        [agent, booking],
    )
    return booking


def make_client(database: Database, **overrides: Any) -> str:
    """A client's row, written directly; returns its id."""
    person = contact(**overrides)
    row = database.execute(
        "insert into clients (name, email, phone, country)"
        " values (%(name)s, %(email)s, %(phone)s, %(country)s) returning id",
        person,
    ).fetchone()
    assert row is not None
    return str(row["id"])


def make_booking(
    database: Database,
    *,
    purpose: str = "cab",
    status: str = "pending",
    agent: str | None = None,
    client_id: str | None = None,
    **details: Any,
) -> str:
    """A booking's row, written directly, assigned to the ``agent`` with this address; returns its id."""
    kept = {name: value for name, value in cab_details(**details).items() if name != "contact"}
    row = database.execute(
        "insert into bookings (client_id, purpose, status, details, assigned_agent)"
        " values (%s, %s, %s, %s, (select id from profiles where email = %s)) returning id",
        [client_id or make_client(database), purpose, status, Jsonb(kept), agent],
    ).fetchone()
    assert row is not None
    return str(row["id"])


def make_task(
    database: Database,
    booking: str,
    *,
    title: str = "Call the driver",
    status: str = "open",
    assigned_to: str | None = None,
    due_date: datetime | None = None,
) -> str:
    """A task's row, written directly, given to the person with this address; returns its id."""
    row = database.execute(
        "insert into tasks (booking_id, title, status, assigned_to, due_date)"
        " values (%s, %s, %s, (select id from profiles where email = %s), %s) returning id",
        [booking, title, status, assigned_to, due_date or datetime.now(UTC)],
    ).fetchone()
    assert row is not None
    return str(row["id"])
