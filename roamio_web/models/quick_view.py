"""The lists of bookings that are looked at every day, under a name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from roamio_web.models.booking import Status
from roamio_web.models.booking_query import NOBODY, BookingQuery, Sort, Starts


@dataclass(frozen=True)
class QuickView:
    """A question that is asked every day, under a name."""

    name: str
    query: BookingQuery

    def is_shown(self, query: BookingQuery) -> bool:
        """Whether the list answers just this, on whichever page and in whichever order."""
        return replace(query, after=None, sort=Sort.NEWEST) == replace(self.query, sort=Sort.NEWEST)


def quick_views(member_id: str, *, assigns: bool) -> tuple[QuickView, ...]:
    """The questions of this person; who hands bookings out (``assigns``) also asks whose they are."""
    handing_out = (
        QuickView("Unassigned", BookingQuery(agent=NOBODY)),
        QuickView("Mine", BookingQuery(agent=member_id)),
    )
    return (
        QuickView("All", BookingQuery()),
        *(handing_out if assigns else ()),
        QuickView("New", BookingQuery(status=Status.PENDING)),
        QuickView("Starting today", BookingQuery(starts=Starts.TODAY, sort=Sort.SOONEST)),
        QuickView("Within a week", BookingQuery(starts=Starts.WEEK, sort=Sort.SOONEST)),
        QuickView("Suspected spam", BookingQuery(suspected=True)),
    )
