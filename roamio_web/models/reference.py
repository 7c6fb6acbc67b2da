"""The booking's reference: eight characters that can be read aloud, computed from its uuid.

The database computes the same in ``bookings.reference``; the booking tests hold the two together.
"""

from __future__ import annotations

from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that nothing is misread or misheard."""
LENGTH = 8
BITS_PER_CHARACTER = 5
MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None, "\u2010": None, "\u2011": None})


def reference_of(booking_id: UUID) -> str:
    """The first five bytes of the uuid as eight characters, as the database stores it."""
    number = int.from_bytes(booking_id.bytes[: LENGTH * BITS_PER_CHARACTER // 8])
    shifts = range((LENGTH - 1) * BITS_PER_CHARACTER, -1, -BITS_PER_CHARACTER)
    return "".join(ALPHABET[number >> shift & 31] for shift in shifts)


def display(reference: str) -> str:
    """``XXXX-XXXX``: how a person sees it."""
    return f"{reference[:4]}-{reference[4:]}"


def parse(text: str) -> str | None:
    """The stored form of what a person typed, forgiving case, dashes, I, L and O; None if it can't be one."""
    reference = text.strip().upper().translate(MISREAD)
    return reference if len(reference) == LENGTH and set(reference) <= set(ALPHABET) else None
