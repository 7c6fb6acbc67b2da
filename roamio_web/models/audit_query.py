"""What somebody asked the audit log for: read from an address, written back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from roamio_web.models import reference
from roamio_web.models.booking_query import Cursor
from roamio_web.models.change import SYSTEM
from roamio_web.models.day_range import day_or_none, midnight, moment_of
from roamio_web.models.values import uuid_or_none

ACTIONS = ("INSERT", "UPDATE", "DELETE")
RECORD_LENGTH = 36
REFERENCE_DIGITS = 10
"""How many hexadecimal digits of a booking's uuid its reference stands for."""


class Table(StrEnum):
    """The tables whose changes are recorded."""

    BOOKINGS = "bookings"
    TASKS = "tasks"
    NOTES = "booking_notes"
    CLIENTS = "clients"
    PROFILES = "profiles"
    INVITATIONS = "invitations"
    ASSIGNMENT_RULES = "assignment_rules"
    SIGN_IN_RULES = "sign_in_rules"


@dataclass(frozen=True)
class AuditQuery:
    """Filters and place in the log; days are those of the clock that staff read.

    ``person`` is an account's id or ``SYSTEM``. ``record`` is what was typed: a booking's
    reference, or the id of any record.
    """

    person: str | None = None
    table: Table | None = None
    action: str | None = None
    record: str = ""
    since: date | None = None
    since_at: time | None = None
    until: date | None = None
    until_at: time | None = None
    after: Cursor | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """Read an address's query; what it does not know (an old link, a typing error) is left out."""
        table, action = args.get("table", ""), args.get("action", "")
        return cls(
            person=_person(args.get("person", "")),
            table=Table(table) if table in list(Table) else None,
            action=action if action in ACTIONS else None,
            record=args.get("record", "").strip()[:RECORD_LENGTH],
            since=day_or_none(args.get("since", "")),
            since_at=_time(args.get("since_at", "")),
            until=day_or_none(args.get("until", "")),
            until_at=_time(args.get("until_at", "")),
            after=Cursor.parse(args.get("after", "")),
        )

    def to_args(self) -> dict[str, str]:
        """The shortest address query that says the same."""
        given = {
            "person": self.person,
            "table": self.table,
            "action": self.action,
            "record": self.record,
            "since": self.since,
            "since_at": self.since_at,
            "until": self.until,
            "until_at": self.until_at,
            "after": self.after,
        }
        # Midnight is a time, too.
        return {name: _written(value) for name, value in given.items() if value not in (None, "")}

    @property
    def is_filtered(self) -> bool:
        return replace(self, after=None) != AuditQuery()

    @property
    def first_page(self) -> Self:
        return replace(self, after=None)

    @property
    def records(self) -> tuple[UUID, UUID] | None:
        """The first and the last id that ``record`` may stand for; None where it can be none."""
        try:
            only = UUID(self.record)
        except ValueError:
            stored = reference.parse(self.record)
            return _ids_of(stored) if stored else None
        return only, only

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """The first moment asked for, and the first one after it; a time without its day says nothing.

        A minute is asked for whole, as a day is.
        """
        first = last = None
        if self.since is not None:
            first = moment_of(self.since, self.since_at or time(0))
        if self.until is not None and self.until_at is not None:
            last = moment_of(self.until, self.until_at) + timedelta(minutes=1)
        elif self.until is not None:
            last = midnight(self.until + timedelta(days=1))
        return first, last

    def page_after(self, at: datetime, row_id: str) -> Self:
        """The same question, from behind this row on."""
        return replace(self, after=Cursor(at, row_id))


def _ids_of(stored: str) -> tuple[UUID, UUID]:
    """Every id whose booking has this reference: it is made of the id's first five bytes."""
    number = 0
    for character in stored:
        number = number * len(reference.ALPHABET) + reference.ALPHABET.index(character)
    first = f"{number:0{REFERENCE_DIGITS}x}"
    rest = 32 - REFERENCE_DIGITS
    return UUID(first + "0" * rest), UUID(first + "f" * rest)


def _person(text: str) -> str | None:
    return SYSTEM if text == SYSTEM else uuid_or_none(text)


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if text else None
    except ValueError:
        return None


def _written(value: object) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
