"""What the overview's charts show: bookings by day, and how long people waited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from roamio_web.models.booking import Purpose
from roamio_web.models.day_range import today

DAYS = 30
PERIODS = {"Today": 1, "7 days": 7, "30 days": DAYS}


@dataclass(frozen=True)
class Day:
    """How many bookings came in on one day, by the clock that staff read."""

    day: date
    by_purpose: dict[Purpose, int]

    @property
    def total(self) -> int:
        return sum(self.by_purpose.values())


@dataclass(frozen=True)
class Wait:
    """How long the bookings of one purpose waited for the first touch, in seconds.

    ``median`` is of those that were touched, and None when none was; ``waiting`` counts those that nobody has
    touched yet.
    """

    purpose: Purpose
    bookings: int
    waiting: int
    median: float | None = None
    slowest_tenth: float | None = None


@dataclass(frozen=True)
class Charts:
    """The last 30 days, today last. ``waits`` is empty for those who may not know."""

    days: tuple[Day, ...]
    waits: tuple[Wait, ...] = ()

    @classmethod
    def from_answer(cls, answer: dict[str, Any], last: date | None = None) -> Self:
        """Read the answer of ``overview_charts``, which leaves out days without bookings."""
        first = (last or today()) - timedelta(days=DAYS - 1)
        counted: dict[date, dict[Purpose, int]] = {first + timedelta(days=n): {} for n in range(DAYS)}
        for row in answer["days"]:
            day, purpose = date.fromisoformat(row["day"]), Purpose(row["purpose"])
            if day in counted:
                counted[day][purpose] = counted[day].get(purpose, 0) + row["bookings"]
        return cls(
            days=tuple(Day(day, by_purpose) for day, by_purpose in counted.items()),
            waits=tuple(Wait(**{**row, "purpose": Purpose(row["purpose"])}) for row in answer["waits"]),
        )

    @property
    def busiest_day(self) -> int:
        """The height of the chart: at least one, so that an empty month has an axis."""
        return max(1, *(day.total for day in self.days))

    @property
    def longest_wait(self) -> float:
        """The width of the chart, in seconds; never nought."""
        return max([1.0, *(wait.slowest_tenth or 0.0 for wait in self.waits)])

    @property
    def total(self) -> int:
        return _sum(self.days)

    def of(self, purpose: Purpose | None, period: str) -> int:
        """How many came in within one of ``PERIODS``, of this purpose or of all."""
        return _sum(self.days[-PERIODS[period] :], purpose)

    @property
    def purposes(self) -> list[Purpose]:
        """Those that were asked for, the most frequent first."""
        seen = [purpose for purpose in Purpose if self.of(purpose, "30 days")]
        return sorted(seen, key=lambda purpose: -self.of(purpose, "30 days"))


def _sum(days: Iterable[Day], purpose: Purpose | None = None) -> int:
    return sum(day.total if purpose is None else day.by_purpose.get(purpose, 0) for day in days)
