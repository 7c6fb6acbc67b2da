"""A change that the audit log recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from roamio_web.models.reference import reference_of
from roamio_web.models.values import moment

SYSTEM = "system"


@dataclass(frozen=True)
class Change:
    """One row of ``audit_logs``: who did what to which record, and old → new for each changed column.

    ``about`` is what the log says of the record besides.
    """

    table: str
    record_id: str
    action: str
    at: datetime
    actor: str
    actor_name: str | None = None
    columns: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    booking_id: str | None = None
    about: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        metadata = row.get("metadata") or {}
        changes = metadata.get("changes") or {}
        return cls(
            table=row["table_name"],
            record_id=row["record_id"],
            action=row["action"],
            at=moment(row["created_at"]),
            actor=row["actor"],
            actor_name=row.get("actor_name"),
            columns={name: (pair.get("old"), pair.get("new")) for name, pair in changes.items()},
            about={name: value for name, value in metadata.items() if name != "changes"},
            booking_id=row["record_id"] if row["table_name"] == "bookings" else metadata.get("booking_id"),
        )

    @property
    def booking_reference(self) -> str | None:
        """The reference of the booking that this is about, as it is stored."""
        return reference_of(UUID(self.booking_id)) if self.booking_id else None

    @property
    def by(self) -> str:
        """Who did it, for people."""
        return self.actor_name or ("Roamio" if self.actor == SYSTEM else "Somebody who has left")

    def new(self, column: str) -> Any:
        """What the column became, or None where it did not change."""
        return self.columns.get(column, (None, None))[1]

    def held(self, column: str) -> Any:
        """What the column holds now or, of a record that is gone, held at last."""
        old, new = self.columns.get(column, (None, None))
        held = new if new is not None else old
        return held if held is not None else self.about.get(column)
