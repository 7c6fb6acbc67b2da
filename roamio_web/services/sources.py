"""Where bookings come from and how many there were, as far as Row Level Security lets the asker count."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from supabase import Client

from roamio_web.models.booking import Purpose, Status
from roamio_web.models.source import Days, Source
from roamio_web.services.failures import ask


class Total(NamedTuple):
    """How many bookings of one purpose came in one month, and stand where they stand."""

    month: date
    purpose: Purpose
    status: Status
    bookings: int


def read_sources(client: Client, days: Days) -> tuple[Source, ...]:
    """The pages and campaigns that brought bookings in these days, the most frequent first; at most 200.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    return tuple(Source.from_row(row) for row in ask(client.rpc("booking_sources", _span(days))))


def read_totals(client: Client, days: Days) -> tuple[Total, ...]:
    """The bookings of these days by month, purpose and status, the latest month first.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    return tuple(
        Total(
            date.fromisoformat(row["month"]), Purpose(row["purpose"]), Status(row["status"]), row["bookings"]
        )
        for row in ask(client.rpc("booking_totals", _span(days)))
    )


def _span(days: Days) -> dict[str, str]:
    since, until = days.span
    return {"since": since.isoformat(), "until": until.isoformat()}
