"""Bookings as staff read and move them. Row Level Security decides which exist for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from supabase import Client

from roamio_web.models.booking import Booking, BookingRow, Status
from roamio_web.models.booking_query import NOBODY, PAGE_SIZE, BookingQuery
from roamio_web.models.errand import Errand
from roamio_web.models.health import HealthRecord
from roamio_web.services.failures import (
    NOT_ALLOWED,
    NotFound,
    Refused,
    ServiceError,
    ask,
    refusal_in,
    write,
)

NOT_FOUND = "This booking does not exist, or it is not yours to see."


class Conflict(ServiceError):
    """Somebody changed the booking after this person had read it; nothing was written.

    ``booking`` is as it is now.
    """

    def __init__(self, booking: Booking) -> None:
        super().__init__("Somebody changed this booking while you were looking at it.")
        self.booking = booking


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
    return page_of(ask(client.rpc("find_bookings", asked_for(query, size))), query, size)


def page_of(found: list[dict[str, Any]], query: BookingQuery, size: int) -> BookingPage:
    """The page that the answer of ``find_bookings`` makes: one row more than fits tells of the next."""
    rows = tuple(BookingRow.from_row(row) for row in found[:size])
    more = len(found) > size
    return BookingPage(rows, query, query.page_after(rows[-1]) if more else None)


def read_booking(client: Client, booking_id: str) -> Booking:
    """Read one booking whole, in one round trip: answers, client, tasks, history, and who could take it.

    :raise NotFound: there is none, or it is not this person's to see.
    """
    return booking_in(ask(client.rpc("booking_page", {"booking": booking_id})))


def booking_in(page: dict[str, Any] | None) -> Booking:
    """The booking that the answer of ``booking_page`` holds.

    :raise NotFound: none.
    """
    if not page:
        raise NotFound(NOT_FOUND)
    return Booking.from_page(page)


def health_reading(booking_id: str) -> Errand:
    """Recording that somebody reads what a booking says about health; for a minute they may then."""
    return Errand("record_health_reading", {"booking": booking_id})


def open_health(client: Client, booking_id: str, recorded: dict[str, Any]) -> tuple[Booking, HealthRecord]:
    """Read a booking and what it says about somebody's health, if anything.

    :param recorded: what ``health_reading`` was answered.
    :raise NotFound: there is none, or it is not this person's to see.
    :raise Refused: this person may not read it.
    """
    if refusal := refusal_in(recorded):
        raise Refused(refusal)
    found = ask(client.rpc("open_booking_health", {"booking": booking_id}))
    health = HealthRecord.from_row(found["health"]) if found["health"] else HealthRecord()
    return booking_in(found["page"]), health


def change_status(client: Client, booking_id: str, status: Status, *, seen: str) -> Booking:
    """Move a booking on, if it still is as this person saw it; returns it as it is then.

    A second click, which finds its own work done, is no conflict.

    :param seen: the booking's ``version`` when it was read.
    :raise Conflict: it has changed since; nothing was written.
    :raise NotFound: it is not this person's any more.
    :raise Refused: the database says no, in a sentence.
    """
    return _change(client, booking_id, {"status": status}, seen)


def assign(client: Client, booking_id: str, agent_id: str | None, *, seen: str) -> Booking:
    """Hand a booking, with its unfinished tasks, to an agent or to nobody, if it still is as it was seen.

    :param seen: the booking's ``version`` when it was read.
    :raise Conflict, NotFound, Refused: as ``change_status``.
    """
    return _change(client, booking_id, {"assigned_agent": agent_id}, seen)


def _change(client: Client, booking_id: str, change: dict[str, Any], seen: str) -> Booking:
    """Write and read again, in one round trip."""
    asked = {"booking": booking_id, "seen": seen, "change": change}
    answer = write(client.rpc("change_booking", asked))
    booking = booking_in(answer.now["page"])
    if answer.refusal:
        raise Refused(answer.refusal, booking)
    if answer.written or all(getattr(booking.row, column) == value for column, value in change.items()):
        return booking
    if booking.row.version == seen:
        # Readable and unchanged, yet not one row was written: a policy filtered the update.
        raise Refused(NOT_ALLOWED, booking)
    raise Conflict(booking)


def asked_for(query: BookingQuery, size: int) -> dict[str, Any]:
    """What ``find_bookings`` is told for a page of this size; what it is not told narrows nothing down."""
    since, until = query.received.span
    ahead = query.starts and query.starts.ahead
    after = query.after
    arguments = {
        "search": query.search,
        "purpose": query.purpose,
        "status": query.status,
        "agent": query.agent if query.agent != NOBODY else None,
        "unassigned": query.agent == NOBODY,
        "since": since and since.isoformat(),
        "until": until and until.isoformat(),
        "starts_on": query.starts_on.as_range if query.starts_on else None,
        "starts_ahead": ahead and f"[{ahead.start},{ahead.stop})",
        "suspected": query.suspected,
        "source": query.source,
        "sort": query.sort,
        "after_value": after and after.value and after.value.isoformat(),
        "after_id": after and after.id,
        "page_size": size + 1,
    }
    return {name: value for name, value in arguments.items() if value}
