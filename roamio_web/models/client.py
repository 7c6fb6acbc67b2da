"""A client: the person who booked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Client:
    """One row of ``clients``, for those who may see it."""

    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    country: str | None = None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        return cls(row["id"], row["name"], row.get("email"), row.get("phone"), row.get("country"))

    @property
    def whatsapp_address(self) -> str | None:
        """Where a WhatsApp chat with this person opens."""
        digits = re.sub(r"\D", "", self.phone or "")
        return f"https://wa.me/{digits}" if digits else None
