"""Values as the API writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOME_ZONE = "Asia/Kolkata"
"""The clock that staff read, and that a booking without one is taken to mean."""


def moment(text: str) -> datetime:
    """Read a ``timestamptz`` as PostgREST writes it; the answer is in UTC.

    :raise ValueError: it isn't one, or one that no clock can show.
    """
    read = datetime.fromisoformat(text)
    if not has_clock(read):
        raise ValueError("No clock shows that moment.")
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def moment_or_none(text: str | None) -> datetime | None:
    """The same of what somebody typed; None for what can't be read."""
    try:
        return moment(text) if text else None
    except ValueError:
        return None


def has_clock(value: date) -> bool:
    """Whether every time zone has a name for it: at the ends of the calendar some have none."""
    return date.min.year < value.year < date.max.year


def uuid_or_none(text: str | None) -> str | None:
    """An id in its usual spelling; None for anything else than one."""
    try:
        return str(UUID(text or ""))
    except ValueError:
        return None


def zone_of(name: str | None) -> ZoneInfo:
    """The time zone of that IANA name; India's when there is none, or when it is not one."""
    try:
        return ZoneInfo(name or HOME_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # OSError: a name is looked for as a file, and this one is a folder's or too long.
        return ZoneInfo(HOME_ZONE)
