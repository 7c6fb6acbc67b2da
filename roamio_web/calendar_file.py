"""The file that puts what was asked for into the traveller's own calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from roamio_web.languages import gettext
from roamio_web.models.occasion import Occasion

MAKER = "-//Roamio//Booking requests//EN"
A_DAY = timedelta(days=1)


def calendar_file(what: str, reference: str, occasion: Occasion, reach: str) -> bytes:
    """One entry, tentative until somebody confirms it; ``reach`` says how to reach us.

    Downloading it again updates the entry: the reference is its identity. It names nobody and no place.
    """
    entry = Event()
    entry.add("uid", f"{reference}@roamio")
    entry.add("dtstamp", datetime.now(UTC))
    entry.add("summary", gettext("Roamio: %(what)s (%(reference)s)", what=what, reference=reference))
    state = gettext("Asked for, not confirmed yet. The reference is %(reference)s.", reference=reference)
    entry.add("description", f"{state} {reach}")
    entry.add("status", "TENTATIVE")
    entry.add("transp", "TRANSPARENT" if occasion.is_all_day else "OPAQUE")
    if isinstance(occasion.first, datetime) and isinstance(occasion.last, datetime):
        entry.add("dtstart", occasion.first.astimezone(UTC))
        entry.add("dtend", occasion.last.astimezone(UTC))
    else:
        entry.add("dtstart", occasion.first)
        entry.add("dtend", occasion.last + A_DAY)  # the first day that is free again
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
