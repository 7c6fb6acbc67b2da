"""An internal note on a booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from roamio_web.models.values import moment


@dataclass(frozen=True)
class Note:
    """One row of ``booking_notes``. It stays as it was written; its author may take it back."""

    id: str
    at: datetime
    body: str
    author: str | None = None
    author_name: str = ""

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        return cls(row["id"], moment(row["created_at"]), row["body"], row.get("author"), row["author_name"])

    @property
    def by(self) -> str:
        """Who wrote it, for people; what an operator wrote past the site has no name."""
        return self.author_name or "Roamio"
