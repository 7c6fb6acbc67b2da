"""Signed tickets: what a public form carries in place of a session.

A ticket names the booking that a form will make, so that sending it twice makes one. A receipt names a
booking that was made, so that only such a booking gets a confirmation. Neither says anything about a person.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Flask
from itsdangerous import BadData, Signer, URLSafeSerializer
from itsdangerous.signer import SigningAlgorithm

from roamio_web.config import Settings
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion

Clock = Callable[[], float]
Asked = tuple[tuple[str, str], ...]
CLOCK_SKEW = 60.0
"""How far, in seconds, another web server's clock may run ahead of this one."""


@dataclass(frozen=True)
class Ticket:
    """The booking that a form will make, and when the form was handed out (seconds since the epoch)."""

    booking_id: UUID
    purpose: Purpose
    issued_at: float


@dataclass(frozen=True)
class Receipt:
    """A booking was received; ``again`` if it had been before. ``asked`` is what its address may say of it:
    names and texts of answers, as the form sent them.
    """

    again: bool
    occasion: Occasion | None = None
    asked: Asked = ()


class TicketError(Exception):
    """A ticket can't be used; ``ticket`` is the one to hand out in its place."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__()
        self.ticket = ticket


class TicketExpired(TicketError):
    """The ticket is ours and too old. Its successor names the same booking: it may have been sent already."""


class TicketForged(TicketError):
    """The ticket is missing, not ours, or another form's."""


class InOneGo(SigningAlgorithm):
    """HMAC with SHA-256, as Itsdangerous makes it too, without an object for each signature."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")


class TicketOffice:
    """Issues and checks tickets and receipts, with one key; times are in seconds."""

    def __init__(self, key: str, longest: float, clock: Clock = time.time) -> None:
        # Each form that is handed out is signed: the key for that is derived once.
        derived = Signer(key, salt="roamio.ticket", digest_method=hashlib.sha256).derive_key()
        self._tickets = Signer(derived, key_derivation="none", algorithm=InOneGo())
        self._receipts = URLSafeSerializer(key, salt="roamio.receipt")
        self._longest = longest
        self._clock = clock

    def issue(self, purpose: Purpose, booking_id: UUID | None = None) -> Ticket:
        """A ticket for a new booking, or a fresh one for a booking that was asked for already."""
        return Ticket(booking_id or uuid4(), purpose, self._clock())

    def sign(self, ticket: Ticket) -> str:
        """What the form's hidden field holds; nothing in it means anything to HTML."""
        words = f"{ticket.booking_id.hex}:{ticket.purpose}:{ticket.issued_at!r}"
        return self._tickets.sign(words).decode("ascii")

    def read(self, signed: str, purpose: Purpose) -> Ticket:
        """The ticket that a form sent back.

        :raise TicketForged: it isn't one of ours for this purpose.
        :raise TicketExpired: it is, and it is older than the office allows.
        """
        try:
            booking_id, for_purpose, issued_at = self._tickets.unsign(signed).decode("ascii").split(":")
            ticket = Ticket(UUID(booking_id), Purpose(for_purpose), float(issued_at))
        except (BadData, ValueError):
            raise TicketForged(self.issue(purpose)) from None
        age = self.age(ticket)
        if ticket.purpose is not purpose or age < -CLOCK_SKEW:
            raise TicketForged(self.issue(purpose))
        if age > self._longest:
            raise TicketExpired(self.issue(purpose, ticket.booking_id))
        return ticket

    def age(self, ticket: Ticket) -> float:
        """How long ago its form was handed out."""
        return self._clock() - ticket.issued_at

    def receipt(
        self,
        reference: str,
        purpose: Purpose,
        *,
        again: bool,
        occasion: Occasion | None = None,
        asked: Asked = (),
    ) -> str:
        """Proof that this booking was received; ``again`` if it had been before. Anybody can read it."""
        when = occasion.words if occasion else []
        return _text(self._receipts.dumps([reference, purpose, again, *when, asked]))

    def read_receipt(self, signed: str, reference: str, purpose: Purpose) -> Receipt | None:
        """What the receipt says; None if it isn't for this booking."""
        try:
            named, for_purpose, again, *when = self._receipts.loads(signed)
            asked = when.pop() if when and isinstance(when[-1], list) else []
            receipt = Receipt(
                bool(again),
                Occasion.from_words(when) if when else None,
                tuple((str(name), str(text)) for name, text in asked),
            )
        except (BadData, ValueError, TypeError):
            return None
        return receipt if (named, for_purpose) == (reference, purpose) else None


def init_app(app: Flask, settings: Settings) -> None:
    """Open this app's ticket office, with the app's own key."""
    app.extensions["roamio.tickets"] = TicketOffice(settings.secret_key, longest=settings.ticket_age)


def _text(signed: str | bytes) -> str:
    return signed if isinstance(signed, str) else signed.decode("ascii")
