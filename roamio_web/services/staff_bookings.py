"""Bookings as staff read and move them. Row Level Security decides which exist for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from supabase import Client

from roamio_web.models.booking import Booking, BookingRow, Status
from roamio_web.models.booking_query import NOBODY, PAGE_SIZE, BookingQuery, Cursor, Sort, Term
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
    asked = client.table("booking_rows").select("*")
    if query.purpose:
        asked = asked.eq("purpose", query.purpose)
    if query.status:
        asked = asked.eq("status", query.status)
    if query.agent == NOBODY:
        asked = asked.is_("assigned_agent", None)
    elif query.agent:
        asked = asked.eq("assigned_agent", query.agent)
    if query.suspected:
        asked = asked.is_("suspected", True)
    if query.starts:
        start, end = query.starts.span()
        asked = asked.gte("starts_at", start.isoformat()).lt("starts_at", end.isoformat())
    for term in query.terms:
        asked = asked.or_(_found(term))
    if query.after:
        asked = asked.or_(_behind(query.sort, query.after))
    descending = query.sort.descending
    asked = asked.order(query.sort.column, desc=descending, nullsfirst=False).order("id", desc=descending)
    found = ask(asked.limit(size + 1))
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


def _found(term: Term) -> str:
    """Where a word may stand, as a PostgREST ``or``; ``Term.finds`` says the same in Python."""
    escaped = term.word.replace("_", r"\\_")
    places = [f'{column}.ilike."*{escaped}*"' for column in ("headline", "client_name", "client_email")]
    if term.as_reference:
        places.append(f"reference.like.*{term.as_reference}*")
    if term.as_phone:
        places.append(f"client_phone.like.*{term.as_phone}*")
    return ",".join(places)


def _behind(sort: Sort, cursor: Cursor) -> str:
    """What comes after the cursor, as a PostgREST ``or``. Rows without a value in that column are last."""
    further = "lt" if sort.descending else "gt"
    column = sort.column
    if cursor.value is None:
        return f"and({column}.is.null,id.{further}.{cursor.id})"
    value = f'"{cursor.value.isoformat()}"'
    behind = f"{column}.{further}.{value},and({column}.eq.{value},id.{further}.{cursor.id})"
    return f"{behind},{column}.is.null" if sort is Sort.SOONEST else behind
