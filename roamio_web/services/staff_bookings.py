"""Bookings as staff read and move them. Row Level Security decides which exist for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from supabase import Client

from roamio_web.models.booking import Booking, BookingRow, Status
from roamio_web.models.booking_query import NOBODY, PAGE_SIZE, BookingQuery
from roamio_web.models.health import HealthRecord
from roamio_web.services.failures import NOT_ALLOWED, NotFound, Refused, ServiceError, ask

__all__ = [
    "BookingPage",
    "BookingQuery",
    "Conflict",
    "assign",
    "change_status",
    "list_bookings",
    "read_booking",
    "read_health",
]


class Conflict(ServiceError):
    """Somebody changed the booking after this person had read it; nothing was written."""


@dataclass(frozen=True)
class BookingPage:
    """One page of the list. ``following`` asks for the next, and is None on the last."""

    rows: tuple[BookingRow, ...]
    query: BookingQuery
    following: BookingQuery | None = None


def list_bookings(client: Client, query: BookingQuery, size: int | None = None) -> BookingPage:
    """Read one page of bookings, in one round trip.

    :param size: how many rows make a page; the list's own size if it is not said.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    size = size or PAGE_SIZE
    found = ask(client.rpc("find_bookings", {**_asked_for(query), "page_size": size + 1}))
    rows = tuple(BookingRow.from_row(row) for row in found[:size])
    more = len(found) > size
    return BookingPage(rows, query, query.page_after(rows[-1]) if more else None)


def read_booking(client: Client, booking_id: str) -> Booking:
    """Read one booking whole, in one round trip: answers, client, tasks, history, and who could take it.

    :raise NotFound: there is none, or it is not this person's to see.
    """
    page = ask(client.rpc("booking_page", {"booking": booking_id}))
    if not page:
        raise NotFound("This booking does not exist, or it is not yours to see.")
    return Booking.from_page(page)


def read_health(client: Client, booking_id: str) -> HealthRecord | None:
    """Read what a booking says about somebody's health; None when it says nothing. The reading is recorded.

    :raise Refused: this person may not read it.
    """
    found = ask(client.rpc("booking_health", {"booking": booking_id}))
    return HealthRecord.from_row(found[0]) if found else None


def change_status(client: Client, booking_id: str, status: Status, *, seen: str) -> None:
    """Move a booking on, if it still is as this person saw it.

    :param seen: the booking's ``version`` when it was read.
    :raise Conflict: it has changed since; nothing was written.
    :raise NotFound: it is not this person's any more.
    :raise Refused: the database says no, in a sentence.
    """
    _update(client, booking_id, {"status": status}, seen)


def assign(client: Client, booking_id: str, agent_id: str | None, *, seen: str) -> None:
    """Hand a booking, with its unfinished tasks, to an agent or to nobody, if it still is as it was seen.

    :param seen: the booking's ``version`` when it was read.
    :raise Conflict, NotFound, Refused: as ``change_status``.
    """
    _update(client, booking_id, {"assigned_agent": agent_id}, seen)


def _update(client: Client, booking_id: str, values: dict[str, Any], seen: str) -> None:
    if ask(client.table("bookings").update(values).eq("id", booking_id).eq("updated_at", seen)):
        return
    current = ask(client.table("booking_rows").select("*").eq("id", booking_id))
    if not current:
        raise NotFound("This booking does not exist, or it is not yours to see.")
    if BookingRow.from_row(current[0]).version == seen:
        # Readable and unchanged, yet not one row was written: a policy filtered the update.
        raise Refused(NOT_ALLOWED)
    raise Conflict("Somebody changed this booking while you were looking at it.")


def _asked_for(query: BookingQuery) -> dict[str, Any]:
    """What ``find_bookings`` is told; what it is not told narrows nothing down."""
    start, end = query.starts.span() if query.starts else (None, None)
    after = query.after
    arguments = {
        "search": query.search,
        "purpose": query.purpose,
        "status": query.status,
        "agent": query.agent if query.agent != NOBODY else None,
        "unassigned": query.agent == NOBODY,
        "starts_since": start and start.isoformat(),
        "starts_until": end and end.isoformat(),
        "suspected": query.suspected,
        "source": query.source,
        "sort": query.sort,
        "after_value": after and after.value and after.value.isoformat(),
        "after_id": after and after.id,
    }
    return {name: value for name, value in arguments.items() if value}
