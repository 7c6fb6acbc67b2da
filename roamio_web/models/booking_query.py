"""What somebody asked the bookings list for: read from an address, written back into one.

The database and ``matches`` must agree on which rows fit, since the first fills the list and the second keeps
it true while changes stream in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self, TypeVar
from uuid import UUID

from roamio_web.models.booking import BookingRow, Purpose, Status
from roamio_web.models.day_range import EVERY_DAY, DayRange
from roamio_web.models.reference import ALPHABET, MISREAD
from roamio_web.models.values import moment, uuid_or_none

PAGE_SIZE = 50
SEARCH_LENGTH = 100
MOST_WORDS = 8
NOBODY = "nobody"
YES = "yes"
# Wildcards of LIKE and marks of PostgREST's filter grammar: none of them helps to find a booking.
MEANINGLESS_IN_SEARCH = re.compile(r'[*%\\",()\x00-\x1f\x7f]+')
OUR_SITE = "site"
EMBEDDED = "embed"
HOST = re.compile(r"[a-z0-9.:\[\]-]{1,200}")
PHONE_LIKE = re.compile(r"\+?[\d.\-/]*\d")

E = TypeVar("E", bound=StrEnum)


class Sort(StrEnum):
    """How the list is ordered; the value is what the address says."""

    NEWEST = "newest"
    SOONEST = "soonest"
    CHANGED = "changed"

    @property
    def column(self) -> str:
        return {Sort.NEWEST: "created_at", Sort.SOONEST: "starts_at", Sort.CHANGED: "updated_at"}[self]

    @property
    def descending(self) -> bool:
        return self is not Sort.SOONEST

    def key(self, row: BookingRow) -> str:
        """Text that orders as this sort does (``data-key`` in the page): the time in UTC, then the id."""
        value: datetime | None = getattr(row, self.column)
        return f"{value.isoformat(timespec='microseconds') if value else '9999'} {row.id}"


class Starts(StrEnum):
    """Which days a booking starts on, each by the clock of its own place."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"

    @property
    def ahead(self) -> range:
        """The days counted from today; the database counts the same (``private.days_ahead``)."""
        return {Starts.TODAY: range(1), Starts.TOMORROW: range(1, 2), Starts.WEEK: range(7)}[self]

    def finds(self, row: BookingRow) -> bool:
        return row.days_ahead in self.ahead


@dataclass(frozen=True)
class Cursor:
    """The last row of the page before: its value in the sorted column, and its id."""

    value: datetime | None
    id: str

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """Read a cursor from an address; anything else than one is None."""
        value, _, row_id = text.rpartition("~")
        try:
            return cls(moment(value) if value else None, str(UUID(row_id)))
        except ValueError:
            return None

    def __str__(self) -> str:
        value = self.value.isoformat(timespec="microseconds").replace("+00:00", "Z") if self.value else ""
        return f"{value}~{self.id}"


@dataclass(frozen=True)
class Term:
    """One word of a search."""

    word: str

    @property
    def as_reference(self) -> str:
        """The word as references are stored, or nothing when it can't be a part of one."""
        bare = self.word.upper().translate(MISREAD)
        return bare if set(bare) <= set(ALPHABET) else ""

    @property
    def as_phone(self) -> str:
        """The word's digits, or nothing when it can't be a part of a phone number."""
        return re.sub(r"\D", "", self.word) if PHONE_LIKE.fullmatch(self.word) else ""

    def finds(self, row: BookingRow) -> bool:
        """Whether it stands in the row's headline, client, phone or reference."""
        wanted = self.word.casefold()
        return (
            any(
                wanted in text.casefold()
                for text in (row.headline, row.client_name, row.client_email)
                if text
            )
            or bool(self.as_reference and self.as_reference in row.reference)
            or bool(self.as_phone and row.client_phone and self.as_phone in row.client_phone)
        )


@dataclass(frozen=True)
class BookingQuery:
    """Filters, order and place in the list.

    ``agent`` is a person's id or ``NOBODY``; ``source`` is ``OUR_SITE``, ``EMBEDDED`` or the host of
    somebody's page. ``starts_on`` has days of each booking's own clock, ``received`` of India's.
    """

    purpose: Purpose | None = None
    status: Status | None = None
    agent: str | None = None
    starts: Starts | None = None
    starts_on: DayRange = EVERY_DAY
    received: DayRange = EVERY_DAY
    suspected: bool = False
    source: str = ""
    search: str = ""
    sort: Sort = Sort.NEWEST
    after: Cursor | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """Read an address's query; what it does not know (an old link, a typing error) is left out."""
        return cls(
            purpose=_one_of(Purpose, args.get("purpose")),
            status=_one_of(Status, args.get("status")),
            agent=_agent(args.get("agent", "")),
            starts=_one_of(Starts, args.get("starts")),
            starts_on=DayRange.from_words(args.get("starts_from"), args.get("starts_to")),
            received=DayRange.from_words(args.get("since"), args.get("until")),
            suspected=args.get("suspected") == YES,
            source=_host(args.get("source", "")),
            search=" ".join(MEANINGLESS_IN_SEARCH.sub(" ", args.get("search", "")).split())[:SEARCH_LENGTH],
            sort=_one_of(Sort, args.get("sort")) or Sort.NEWEST,
            after=Cursor.parse(args.get("after", "")),
        )

    def to_args(self) -> dict[str, str]:
        """The shortest address query that says the same."""
        given = {
            "purpose": self.purpose,
            "status": self.status,
            "agent": self.agent,
            "starts": self.starts,
            "starts_from": self.starts_on.first,
            "starts_to": self.starts_on.last,
            "since": self.received.first,
            "until": self.received.last,
            "suspected": YES if self.suspected else "",
            "source": self.source,
            "search": self.search,
            "sort": self.sort if self.sort is not Sort.NEWEST else None,
            "after": self.after,
        }
        return {name: str(value) for name, value in given.items() if value}

    @property
    def is_filtered(self) -> bool:
        return self.first_page != type(self)(sort=self.sort)

    @property
    def first_page(self) -> Self:
        return replace(self, after=None)

    @property
    def terms(self) -> tuple[Term, ...]:
        """What each word of the search looks for; a row fits if every one is found somewhere in it."""
        return tuple(Term(word) for word in self.search.split()[:MOST_WORDS])

    def page_after(self, row: BookingRow) -> Self:
        """The same question, from behind this row on."""
        return replace(self, after=Cursor(getattr(row, self.sort.column), row.id))

    def matches(self, row: BookingRow) -> bool:
        """Whether a row fits the filters and does not belong to an earlier page."""
        return (
            (self.purpose is None or row.purpose is self.purpose)
            and (self.status is None or row.status is self.status)
            and (self.agent is None or (row.assigned_agent or NOBODY) == self.agent)
            and (row.suspected or not self.suspected)
            and self._comes_from_there(row)
            and (self.starts is None or self.starts.finds(row))
            and (not self.starts_on or (row.starts_on is not None and row.starts_on in self.starts_on))
            and (not self.received or row.received_on in self.received)
            and all(term.finds(row) for term in self.terms)
            and (self.after is None or self._is_behind(row, self.after))
        )

    def _comes_from_there(self, row: BookingRow) -> bool:
        if self.source == EMBEDDED:
            return row.source not in (None, OUR_SITE)
        return self.source in ("", row.source)

    def _is_behind(self, row: BookingRow, cursor: Cursor) -> bool:
        mine = self.sort.key(row)
        theirs = f"{cursor.value.isoformat(timespec='microseconds') if cursor.value else '9999'} {cursor.id}"
        return mine < theirs if self.sort.descending else mine > theirs


def _one_of(kind: type[E], text: str | None) -> E | None:
    try:
        return kind(text) if text else None
    except ValueError:
        return None


def _agent(text: str) -> str | None:
    return NOBODY if text == NOBODY else uuid_or_none(text)


def _host(text: str) -> str:
    wanted = text.strip().lower()
    return wanted if HOST.fullmatch(wanted) else ""
