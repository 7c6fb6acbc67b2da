"""Values as the API writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOME_ZONE = "Asia/Kolkata"
"""The clock that staff read, and that a booking without one is taken to mean."""


def moment(text: str) -> datetime:
    """Read a ``timestamptz`` as PostgREST writes it; the answer is in UTC.

    :raise ValueError: it isn't one.
    """
    read = datetime.fromisoformat(text)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def zone_of(name: str | None) -> ZoneInfo:
    """The time zone of that IANA name; India's when there is none, or when it is not one."""
    try:
        return ZoneInfo(name or HOME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(HOME_ZONE)
