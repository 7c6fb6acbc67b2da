"""Several bookings changed at once: each on its own, and each with an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from supabase import Client

from roamio_web.models.booking import BookingRow, Chosen, Status
from roamio_web.models.booking_query import PAGE_SIZE, BookingQuery
from roamio_web.models.change import Change
from roamio_web.services.failures import NOT_ALLOWED, UNREADABLE, ask, latest_in
from roamio_web.services.staff_bookings import BookingPage, asked_for, page_of


class Outcome(StrEnum):
    """What became of one booking."""

    DONE = "done"
    OVERTAKEN = "overtaken"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True)
class Answer:
    """What became of one booking, and how it is now; ``refusal`` is the database's sentence.

    ``latest`` is who was faster, if this person may know.
    """

    id: str
    outcome: Outcome
    row: BookingRow | None = None
    refusal: str = ""
    latest: Change | None = None

    @classmethod
    def of(cls, answered: dict[str, Any], chosen: Chosen, change: dict[str, Any]) -> Self:
        """Read one answer of ``change_listed_bookings``."""
        row = BookingRow.from_row(answered["booking"]) if answered["booking"] else None
        if answered["written"]:
            return cls(chosen.id, Outcome.DONE, row)
        if answered["refusal"]:
            sentence = answered["refusal"]
            return cls(
                chosen.id, Outcome.REFUSED, row, NOT_ALLOWED if sentence.startswith(UNREADABLE) else sentence
            )
        if row is None:
            return cls(chosen.id, Outcome.GONE)
        if all(getattr(row, column) == value for column, value in change.items()):
            return cls(chosen.id, Outcome.DONE, row)
        if row.version == chosen.seen:
            # Readable and unchanged, yet not written: a policy filtered the update.
            return cls(chosen.id, Outcome.REFUSED, row, NOT_ALLOWED)
        return cls(chosen.id, Outcome.OVERTAKEN, row, latest=latest_in(answered))


@dataclass(frozen=True)
class Changed:
    """What became of each that was chosen, and the list as it is now."""

    answers: list[Answer]
    page: BookingPage


def change_status(client: Client, chosen: Sequence[Chosen], status: Status, query: BookingQuery) -> Changed:
    """Move each booking on, if it still is as this person saw it, and read the list again.

    :raise Refused, TokenRefused, Unavailable: as ``named_failures``; nothing was written.
    """
    return _change(client, chosen, {"status": status}, query)


def assign(client: Client, chosen: Sequence[Chosen], agent_id: str | None, query: BookingQuery) -> Changed:
    """Hand each booking, with its unfinished tasks, to an agent or to nobody, if it still is as it was seen.

    :raise Refused, TokenRefused, Unavailable: as ``named_failures``; nothing was written.
    """
    return _change(client, chosen, {"assigned_agent": agent_id}, query)


def _change(client: Client, chosen: Sequence[Chosen], change: dict[str, Any], query: BookingQuery) -> Changed:
    """Ask for all of it in one round trip; the answers come in the order of the choice."""
    asked = [{"id": each.id, "seen": each.seen} for each in chosen]
    wanted = {"chosen": asked, "change": change, "list": asked_for(query, PAGE_SIZE)}
    found = ask(client.rpc("change_listed_bookings", wanted))
    answered = {row["id"]: row for row in found["answers"]}
    answers = [Answer.of(answered[each.id], each, change) for each in chosen]
    return Changed(answers, page_of(found["rows"], query, PAGE_SIZE))
