"""When time alone changes what a page shows: something becomes due, begins, or a day ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

QUARTER = timedelta(minutes=15)
"""Every day begins at a quarter of an hour, wherever it is."""


def next_turn(*moments: datetime | None, days: bool = False) -> datetime | None:
    """The first of these moments that is still to come.

    :param days: whether also each new day of any place counts.
    """
    now = datetime.now(UTC)
    ahead = [moment for moment in moments if moment is not None and moment > now]
    if days:
        hour = now.replace(minute=0, second=0, microsecond=0)
        ahead.append(hour + ((now - hour) // QUARTER + 1) * QUARTER)
    return min(ahead, default=None)
