"""Days that a list is asked for: from one to another, both included, either of them left open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from roamio_web.models.values import HOME_ZONE, zone_of


@dataclass(frozen=True)
class DayRange:
    """No day at all stands for every day."""

    first: date | None = None
    last: date | None = None

    @classmethod
    def from_words(cls, first: str | None, last: str | None) -> Self:
        """Read what an address says; what is no day is left open, and a wrong order turned."""
        one, other = day_or_none(first or ""), day_or_none(last or "")
        if one and other and one > other:
            one, other = other, one
        return cls(one, other)

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def as_range(self) -> str:
        """As Postgres writes a ``daterange``."""
        return f"[{self.first or ''},{self.last or ''}]"

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """The first moment, and the first one after them, by the clock that staff read."""
        return (
            midnight(self.first) if self.first else None,
            midnight(self.last + timedelta(days=1)) if self.last else None,
        )


EVERY_DAY = DayRange()


def day_or_none(text: str) -> date | None:
    """A day that somebody may mean; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def midnight(day: date) -> datetime:
    """When that day begins by the clock that staff read."""
    return moment_of(day, time(0))


def moment_of(day: date, at: time) -> datetime:
    """When that clock shows this day and time."""
    return datetime.combine(day, at, zone_of(HOME_ZONE)).astimezone(UTC)


def today() -> date:
    """Which day that clock shows."""
    return datetime.now(zone_of(HOME_ZONE)).date()
