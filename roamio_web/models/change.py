"""A change that the audit log recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from roamio_web.models.values import moment

SYSTEM = "system"


@dataclass(frozen=True)
class Change:
    """One row of ``audit_logs``: who did what to which record, and old → new for each changed column."""

    table: str
    record_id: str
    action: str
    at: datetime
    actor: str
    actor_name: str | None = None
    columns: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        changes = (row.get("metadata") or {}).get("changes") or {}
        return cls(
            table=row["table_name"],
            record_id=row["record_id"],
            action=row["action"],
            at=moment(row["created_at"]),
            actor=row["actor"],
            actor_name=row.get("actor_name"),
            columns={name: (pair.get("old"), pair.get("new")) for name, pair in changes.items()},
        )

    @property
    def by(self) -> str:
        """Who did it, for people."""
        return self.actor_name or ("Roamio" if self.actor == SYSTEM else "Somebody who has left")

    def new(self, column: str) -> Any:
        """What the column became, or None where it did not change."""
        return self.columns.get(column, (None, None))[1]
