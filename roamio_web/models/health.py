"""What a booking says about somebody's health. It is read on its own, and each reading is recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class HealthRecord:
    """The answer of the function ``open_booking_health``: the details, and the words that were agreed to."""

    details: dict[str, Any] = field(default_factory=dict)
    consent: str = ""

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        consent = row["consent"] if isinstance(row["consent"], dict) else {}
        return cls(row["details"] or {}, str(consent.get("wording") or ""))
