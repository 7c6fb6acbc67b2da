"""When time alone changes what a page shows: something becomes due, begins, or a day ends."""

from __future__ import annotations

from datetime import datetime, timedelta

QUARTER = timedelta(minutes=15)
"""Every day begins at a quarter of an hour, wherever it is."""


def next_turn(since: datetime, *moments: datetime | None, days: bool = False) -> datetime | None:
    """The first of these moments that comes after another one.

    :param since: when the page began to be read. What became due while it was, the page may not say yet.
    :param days: whether also each new day of any place counts.
    """
    ahead = [moment for moment in moments if moment is not None and moment > since]
    if days:
        hour = since.replace(minute=0, second=0, microsecond=0)
        ahead.append(hour + ((since - hour) // QUARTER + 1) * QUARTER)
    return min(ahead, default=None)
