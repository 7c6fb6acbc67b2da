"""A client: the person who booked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import quote

from roamio_web.models.values import moment


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

    @property
    def mail_address(self) -> str | None:
        """Where a mail to this person begins. An e-mail address may hold a ``?`` and add words of its own."""
        return f"mailto:{quote(self.email, safe='@')}" if self.email else None


@dataclass(frozen=True)
class ClientRow:
    """One row of the view ``client_rows``: a client, and how often they have booked as far as one may see."""

    client: Client
    created_at: datetime
    bookings: int = 0
    last_booking_at: datetime | None = None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        return cls(
            Client.from_row(row),
            moment(row["created_at"]),
            row["bookings"],
            moment(row["last_booking_at"]) if row.get("last_booking_at") else None,
        )
