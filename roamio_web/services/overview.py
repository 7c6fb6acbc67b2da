"""What somebody sees first: how much there is, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from supabase import Client

from roamio_web.models.booking import BookingRow, Purpose, Status
from roamio_web.models.charts import Charts
from roamio_web.models.staff import StaffMember
from roamio_web.models.task import Task
from roamio_web.services.failures import ask


@dataclass(frozen=True)
class Counts:
    """How many bookings there are of each purpose in each status."""

    cells: dict[tuple[Purpose, Status], int]

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, Any]]) -> Self:
        """Read the answer of ``booking_summary``; a pair that it leaves out counts zero."""
        return cls({(Purpose(row["purpose"]), Status(row["status"])): row["bookings"] for row in rows})

    @property
    def total(self) -> int:
        return sum(self.cells.values())

    @property
    def open(self) -> int:
        """Bookings that somebody still has to do something for."""
        return sum(count for (_, status), count in self.cells.items() if status.is_open)

    def of(self, purpose: Purpose | None = None, status: Status | None = None) -> int:
        """How many there are of this purpose, in this status, or of both."""
        return sum(
            count
            for (its_purpose, its_status), count in self.cells.items()
            if purpose in (None, its_purpose) and status in (None, its_status)
        )

    @property
    def busiest_first(self) -> list[Purpose]:
        """Every purpose, the one with the most bookings first."""
        return sorted(Purpose, key=lambda purpose: -self.of(purpose))


@dataclass(frozen=True)
class Overview:
    """The counts for everybody, and for those who may read bookings what waits.

    ``today`` starts today, each by the clock of its own place. The lists are short (the database ends them);
    ``unassigned_count`` and ``overdue_count`` are of all.
    """

    counts: Counts
    unassigned: tuple[BookingRow, ...] = ()
    today: tuple[BookingRow, ...] = ()
    starting: tuple[BookingRow, ...] = ()
    tasks: tuple[Task, ...] = ()
    unassigned_count: int = 0
    overdue_count: int = 0
    charts: Charts | None = None


def read(client: Client, member: StaffMember, *, charts: bool = False) -> Overview:
    """Read the overview as this person may see it, in one round trip; with its charts if they are wanted.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    page = ask(client.rpc("overview_page", {"with_charts": charts}))
    return Overview(
        counts=Counts.from_rows(page["summary"]),
        unassigned=tuple(BookingRow.from_row(row) for row in page["unassigned"]),
        today=tuple(BookingRow.from_row(row) for row in page["around_today"]),
        starting=tuple(BookingRow.from_row(row) for row in page["starting"]),
        tasks=tuple(Task.from_row(row) for row in page["tasks"]),
        unassigned_count=page["unassigned_count"],
        overdue_count=page["overdue_count"],
        charts=Charts.from_answer(page["charts"]) if page["charts"] else None,
    )


def read_charts(client: Client) -> Charts:
    """Read the charts alone, in one round trip.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    return Charts.from_answer(ask(client.rpc("overview_charts", {})))
