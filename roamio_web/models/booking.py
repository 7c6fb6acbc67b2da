"""A booking: as a row of the list, and whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Self

from roamio_web.models.change import Change
from roamio_web.models.client import Client
from roamio_web.models.note import Note
from roamio_web.models.staff import Agent
from roamio_web.models.task import Task
from roamio_web.models.values import HOME_ZONE, moment, moment_or_none, zone_of


class Purpose(StrEnum):
    """``public.booking_purpose``: what the traveller needs."""

    MEDICAL = "medical"
    TOURISM = "tourism"
    NRI = "nri"
    HYBRID = "hybrid"
    CAB = "cab"
    HOTEL = "hotel"
    LOGISTICS = "logistics"
    SERVICE = "service"


class Status(StrEnum):
    """``public.booking_status``: how far a booking has come."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self in (Status.PENDING, Status.CONFIRMED, Status.IN_PROGRESS)

    @property
    def next_steps(self) -> tuple[Step, ...]:
        """Where a booking naturally goes from here, the usual way first."""
        return NEXT_STEPS[self]


@dataclass(frozen=True)
class Step:
    """A status that can be chosen next, and what choosing it is called."""

    status: Status
    action: str

    @property
    def ends_the_booking(self) -> bool:
        return self.status is Status.CANCELLED


CANCEL = Step(Status.CANCELLED, "Cancel booking")
NEXT_STEPS: dict[Status, tuple[Step, ...]] = {
    Status.PENDING: (Step(Status.CONFIRMED, "Confirm"), CANCEL),
    Status.CONFIRMED: (
        Step(Status.IN_PROGRESS, "Start"),
        Step(Status.PENDING, "Back to pending"),
        CANCEL,
    ),
    Status.IN_PROGRESS: (
        Step(Status.COMPLETED, "Complete"),
        Step(Status.CONFIRMED, "Back to confirmed"),
        CANCEL,
    ),
    Status.COMPLETED: (Step(Status.IN_PROGRESS, "Reopen"),),
    Status.CANCELLED: (Step(Status.PENDING, "Reopen"),),
}


@dataclass(frozen=True)
class BookingRow:
    """One row of the view ``booking_rows``; the list reads it and live messages carry it.

    What Row Level Security hides from a role (the client, the agent's name) is None.
    """

    id: str
    reference: str
    purpose: Purpose
    status: Status
    created_at: datetime
    updated_at: datetime
    starts_at: datetime | None = None
    time_zone: str | None = None
    headline: str = ""
    client_id: str | None = None
    client_name: str | None = None
    client_email: str | None = None
    client_phone: str | None = None
    client_country: str | None = None
    assigned_agent: str | None = None
    assigned_agent_name: str | None = None
    open_tasks: int = 0
    next_due: datetime | None = None
    suspected: bool = False
    source: str | None = None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        return cls(
            id=row["id"],
            reference=row["reference"],
            purpose=Purpose(row["purpose"]),
            status=Status(row["status"]),
            created_at=moment(row["created_at"]),
            updated_at=moment(row["updated_at"]),
            starts_at=moment_or_none(row.get("starts_at")),
            time_zone=row.get("time_zone"),
            headline=row.get("headline") or "",
            client_id=row.get("client_id"),
            client_name=row.get("client_name"),
            client_email=row.get("client_email"),
            client_phone=row.get("client_phone"),
            client_country=row.get("client_country"),
            assigned_agent=row.get("assigned_agent"),
            assigned_agent_name=row.get("assigned_agent_name"),
            open_tasks=row.get("open_tasks") or 0,
            next_due=moment_or_none(row.get("next_due")),
            suspected=bool(row.get("suspected")),
            source=row.get("source"),
        )

    @property
    def version(self) -> str:
        """What an update says it saw: ``updated_at`` to the microsecond."""
        return self.updated_at.isoformat()

    @property
    def choice(self) -> str:
        """What its box in the list says: which booking, and which version of it."""
        return f"{self.id}~{self.version}"

    @property
    def key(self) -> str:
        """Text that orders rows by age (``data-key`` in the page)."""
        return f"{self.created_at.isoformat(timespec='microseconds')} {self.id}"

    @property
    def is_abroad(self) -> bool:
        """Whether it starts by another clock than the one that staff read."""
        return zone_of(self.time_zone) != zone_of(HOME_ZONE)

    @property
    def asks_about_health(self) -> bool:
        """Whether its form asked about somebody's health."""
        return self.purpose in (Purpose.MEDICAL, Purpose.HYBRID)

    @property
    def is_all_day(self) -> bool:
        """Whether it starts on a day rather than at a time: only a cab is asked for at midnight."""
        if self.starts_at is None or self.purpose is Purpose.CAB:
            return False
        return self.starts_at.astimezone(zone_of(self.time_zone)).time() == time(0)

    @property
    def starts_on(self) -> date | None:
        """The day on which it starts, by the clock of the place where it does."""
        return self.starts_at.astimezone(zone_of(self.time_zone)).date() if self.starts_at else None

    @property
    def days_ahead(self) -> int | None:
        """In how many days it starts: 0 if that is on the day that it is now where it starts."""
        return (
            (self.starts_on - datetime.now(zone_of(self.time_zone)).date()).days if self.starts_on else None
        )

    @property
    def received_on(self) -> date:
        """The day on which it came in, by the clock that staff read."""
        return self.created_at.astimezone(zone_of(HOME_ZONE)).date()

    @property
    def is_assigned(self) -> bool:
        return self.assigned_agent is not None

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and an unfinished task of it should have been done by now."""
        return self.status.is_open and self.next_due is not None and self.next_due < datetime.now(UTC)


@dataclass(frozen=True)
class Chosen:
    """A booking that somebody chose in the list, and which version of it they saw."""

    id: str
    seen: str


@dataclass(frozen=True)
class Booking:
    """One booking with everything that its reader may see; the history runs from first to last."""

    row: BookingRow
    details: dict[str, Any] = field(default_factory=dict)
    client: Client | None = None
    others: tuple[BookingRow, ...] = ()
    tasks: tuple[Task, ...] = ()
    notes: tuple[Note, ...] = ()
    history: tuple[Change, ...] = ()
    agents: tuple[Agent, ...] = ()

    @classmethod
    def from_page(cls, page: dict[str, Any]) -> Self:
        """Read the answer of the function ``booking_page``."""
        return cls(
            row=BookingRow.from_row(page["row"]),
            details=page.get("details") or {},
            client=Client.from_row(page["client"]) if page.get("client") else None,
            others=tuple(BookingRow.from_row(row) for row in page.get("others") or ()),
            tasks=tuple(Task.from_row(row) for row in page.get("tasks") or ()),
            notes=tuple(Note.from_row(row) for row in page.get("notes") or ()),
            history=tuple(Change.from_row(row) for row in page.get("history") or ()),
            agents=tuple(Agent.from_row(row) for row in page.get("agents") or ()),
        )

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def story(self) -> list[Change | Note]:
        """What happened to it and what was noted about it, the last first."""
        return sorted((*self.history, *self.notes), key=lambda each: each.at, reverse=True)

    @property
    def latest(self) -> Change | None:
        """The change that made the booking what it is; None where its reader may not know of it."""
        changes = [change for change in self.history if change.table == "bookings"]
        # A change is written down right after it is stamped, and before the next one.
        return changes[-1] if changes and changes[-1].at >= self.row.updated_at else None

    @property
    def suspected(self) -> tuple[str, ...]:
        """Why it looks as if no person had sent it; nothing if it does not."""
        source = self.details.get("source")
        found = source.get("suspected") if isinstance(source, dict) else None
        return tuple(str(reason) for reason in found) if isinstance(found, list) else ()

    @property
    def names(self) -> dict[str, str]:
        """What an id in the history stands for, a person or a task, as far as it can be told."""
        known = {agent.id: agent.name for agent in self.agents} | {task.id: task.title for task in self.tasks}
        if self.row.assigned_agent and self.row.assigned_agent_name:
            known[self.row.assigned_agent] = self.row.assigned_agent_name
        return known
