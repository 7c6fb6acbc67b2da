"""Where bookings come from, and which days somebody asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from roamio_web.models.day_range import day_or_none, midnight, today
from roamio_web.models.values import moment

USUAL_DAYS = 30
MOST_DAYS = 3660
EMBEDDED = "embed"


@dataclass(frozen=True)
class Days:
    """From one day to another, both included, by the clock that staff read."""

    first: date
    last: date

    @classmethod
    def from_args(cls, args: Mapping[str, str], usual: int = USUAL_DAYS) -> Self:
        """Read an address's query; without days in it, the last ``usual`` ones."""
        last = day_or_none(args.get("until", "")) or today()
        first = day_or_none(args.get("since", "")) or last - timedelta(days=usual - 1)
        if first > last:
            first, last = last, first
        return cls(max(first, last - timedelta(days=MOST_DAYS)), last)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The first moment, and the first one after them."""
        return midnight(self.first), midnight(self.last + timedelta(days=1))


@dataclass(frozen=True)
class Source:
    """One page and campaign, and how many bookings came from it; the reader's Row Level Security counted."""

    channel: str
    source: str
    page: str = ""
    ref: str = ""
    campaign: tuple[str, ...] = ()
    bookings: int = 0
    cancelled: int = 0
    last_at: datetime | None = None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        """Read a row of ``booking_sources``."""
        given = (row.get(name) for name in ("utm_source", "utm_medium", "utm_campaign"))
        return cls(
            channel=row.get("channel") or "",
            source=row.get("source") or "",
            page=row.get("page") or "",
            ref=row.get("ref") or "",
            campaign=tuple(value for value in given if value),
            bookings=row["bookings"],
            cancelled=row["cancelled"],
            last_at=moment(row["last_at"]),
        )

    @property
    def is_embedded(self) -> bool:
        return self.channel == EMBEDDED

    @property
    def place(self) -> str:
        """Where the form was, for people."""
        if self.is_embedded:
            return self.page.partition("://")[2].rstrip("/") or "A page that did not say its name"
        return "Our own site" if self.channel == "site" else "Not by a form"
