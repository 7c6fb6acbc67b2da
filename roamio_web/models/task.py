"""A task: one thing that somebody has to do for a booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from roamio_web.models.values import HOME_ZONE, moment_or_none, zone_of


class TaskStatus(StrEnum):
    """``public.task_status``."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    BLOCKED = "blocked"

    @property
    def next_steps(self) -> tuple[TaskStep, ...]:
        """Where a task goes from here, the usual way first: to every other column, as by dragging it."""
        return NEXT_STEPS[self]


@dataclass(frozen=True)
class TaskStep:
    """A status that can be chosen next, and what choosing it is called."""

    status: TaskStatus
    action: str


BOARD = (TaskStatus.OPEN, TaskStatus.IN_PROGRESS, TaskStatus.BLOCKED, TaskStatus.DONE)
"""The columns of the board, from left to right."""
START, FINISH = TaskStep(TaskStatus.IN_PROGRESS, "Start"), TaskStep(TaskStatus.DONE, "Finish")
BLOCK, CARRY_ON = TaskStep(TaskStatus.BLOCKED, "Block"), TaskStep(TaskStatus.IN_PROGRESS, "Carry on")
PUT_BACK = TaskStep(TaskStatus.OPEN, "Put back")
NEXT_STEPS: dict[TaskStatus, tuple[TaskStep, ...]] = {
    TaskStatus.OPEN: (START, FINISH, BLOCK),
    TaskStatus.IN_PROGRESS: (FINISH, BLOCK, PUT_BACK),
    TaskStatus.BLOCKED: (CARRY_ON, FINISH, PUT_BACK),
    TaskStatus.DONE: (TaskStep(TaskStatus.OPEN, "Reopen"), CARRY_ON, BLOCK),
}


@dataclass(frozen=True)
class Task:
    """One row of ``tasks``; ``headline`` and ``reference`` are its booking's where the query brought them."""

    id: str
    booking_id: str
    title: str
    status: TaskStatus
    due_date: datetime | None = None
    assigned_to: str | None = None
    assigned_to_name: str | None = None
    reference: str | None = None
    headline: str | None = None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        return cls(
            id=row["id"],
            booking_id=row["booking_id"],
            title=row["title"],
            status=TaskStatus(row["status"]),
            due_date=moment_or_none(row.get("due_date")),
            assigned_to=row.get("assigned_to"),
            assigned_to_name=row.get("assigned_to_name"),
            reference=row.get("reference"),
            headline=row.get("headline"),
        )

    @property
    def is_done(self) -> bool:
        return self.status is TaskStatus.DONE

    @property
    def is_overdue(self) -> bool:
        return not self.is_done and self.due_date is not None and self.due_date < datetime.now(UTC)

    @property
    def is_due_today(self) -> bool:
        """Whether it is due later on this day, by the clock that staff read."""
        if self.is_done or self.is_overdue or self.due_date is None:
            return False
        here = zone_of(HOME_ZONE)
        return self.due_date.astimezone(here).date() == datetime.now(here).date()
