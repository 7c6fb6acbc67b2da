"""What staff ask of the bookings list in a day, drawn from the bookings that are there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from tests.support.factories import Database

Question = dict[str, Any]
"""The arguments of ``find_bookings``."""
Kind = Callable[[list[dict[str, Any]]], list[Question]]

SAMPLE = """
select
  bookings.id, bookings.created_at, bookings.updated_at, bookings.reference,
  bookings.purpose::text, bookings.status::text, bookings.assigned_agent::text,
  clients.name, clients.email, clients.phone, booking_rows.headline, booking_rows.source,
  coalesce(booking_rows.starts_at, now()) as starts_at
from bookings
join booking_rows on booking_rows.id = bookings.id
join clients on clients.id = bookings.client_id
where bookings.id in (
  select id from bookings where assigned_agent = %(agent)s or %(agent)s::uuid is null
  order by md5(id::text) limit 60
)
"""


def sample(database: Database, agent: str | None) -> list[dict[str, Any]]:
    """Some bookings of an agent, or of all."""
    return database.execute(SAMPLE, {"agent": agent}).fetchall()


def pages(bookings: list[dict[str, Any]]) -> list[Question]:
    """The list in its three orders, from the top and from the middle."""
    columns = {"newest": "created_at", "changed": "updated_at", "soonest": "starts_at"}
    return [
        question
        for booking, (sort, column) in zip(bookings, cycle(columns.items()), strict=False)
        for question in (
            {"sort": sort},
            {"sort": sort, "after_value": booking[column], "after_id": booking["id"]},
        )
    ]


def searches(bookings: list[dict[str, Any]]) -> list[Question]:
    """By what people say on the phone: a reference, a name, an address, a number, a place, or two of them."""
    said: list[Callable[[dict[str, Any]], str]] = [
        lambda booking: str(booking["reference"]),
        lambda booking: str(booking["name"]),
        lambda booking: str(booking["email"] or booking["name"]),
        lambda booking: str(booking["phone"] or booking["reference"]),
        lambda booking: " ".join(str(booking["headline"]).split()[-2:]),
        lambda booking: str(booking["name"]).split()[-1],
        lambda booking: f"{str(booking['name']).split()[0]} {str(booking['headline']).split(' ')[-1]}",
    ]
    return [{"search": words(booking)} for booking, words in zip(bookings, cycle(said), strict=False)]


def filters(bookings: list[dict[str, Any]]) -> list[Question]:
    """By each of the filters, and by two together."""
    now = datetime.now(UTC)
    asked: list[Callable[[dict[str, Any]], Question]] = [
        lambda booking: {"purpose": booking["purpose"]},
        lambda booking: {"status": booking["status"]},
        lambda booking: {"status": "pending", "sort": "soonest"},
        lambda booking: {"purpose": booking["purpose"], "status": booking["status"]},
        lambda booking: {"source": booking["source"]},
        lambda booking: {"suspected": True},
        lambda booking: {"starts_since": now, "starts_until": now + timedelta(days=7), "sort": "soonest"},
        lambda booking: {"starts_since": now, "starts_until": now + timedelta(days=1)},
        lambda booking: (
            {"agent": booking["assigned_agent"]} if booking["assigned_agent"] else {"unassigned": True}
        ),
        lambda booking: {"unassigned": True},
        lambda booking: {"unassigned": True, "status": "pending", "sort": "soonest"},
        lambda booking: {"since": booking["created_at"] - timedelta(days=7), "until": booking["created_at"]},
        lambda booking: {"since": booking["created_at"] - timedelta(days=1)},
        lambda booking: {"until": booking["created_at"], "purpose": booking["purpose"]},
    ]
    return [question(booking) for booking, question in zip(bookings, cycle(asked), strict=False)]


def drawn(kind: Kind, bookings: list[dict[str, Any]], most: int) -> list[Question]:
    """So many questions of a kind."""
    return list(islice(cycle(kind(bookings)), most))
