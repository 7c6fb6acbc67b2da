"""Something that was given to a member of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from roamio_web.models.values import moment


@dataclass(frozen=True)
class Notice:
    """One row of ``my_notices``: a booking, or a task, that somebody was given.

    ``reference`` is None where the task's booking is not theirs to see.
    """

    id: str
    at: datetime
    booking_id: str
    title: str
    task_id: str | None = None
    reference: str | None = None
    given_by: str = ""

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        return cls(
            id=row["id"],
            at=moment(row["created_at"]),
            booking_id=row["booking_id"],
            title=row["title"],
            task_id=row.get("task_id"),
            reference=row.get("reference"),
            given_by=row.get("given_by") or "",
        )

    @property
    def is_task(self) -> bool:
        return self.task_id is not None
