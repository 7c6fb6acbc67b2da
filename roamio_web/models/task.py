"""A task: one thing that somebody has to do for a booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from roamio_web.models.values import moment


class TaskStatus(StrEnum):
    """``public.task_status``."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    BLOCKED = "blocked"


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
            due_date=moment(row["due_date"]) if row.get("due_date") else None,
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
