"""Values as the API writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(text: str) -> datetime:
    """Read a ``timestamptz`` as PostgREST writes it; the answer is in UTC.

    :raise ValueError: it isn't one.
    """
    read = datetime.fromisoformat(text)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
