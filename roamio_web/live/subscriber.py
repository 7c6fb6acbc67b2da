"""What waits for one open page: a bounded queue between the hub's thread and the stream's."""

from __future__ import annotations

import queue
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

LIMIT = 200  # messages that a page may be behind; beyond it, reading the page afresh is cheaper


ACCESS = "access"  # the event of a person's own role having changed
PERSON = "person"  # somebody goes by another name
ASSIGNED = "assigned"  # something was given to this person
COMPANY = "company"  # the hub's own event: who else is looking at the page's booking
PERSONAL = frozenset({ACCESS, ASSIGNED, COMPANY})  # events that every page is told of


class Mark(Enum):
    """What happens to the connection rather than to a booking."""

    LIVE = "live"  # from here on nothing is missed; what was before may have been: fetch afresh
    LOST = "lost"  # until the next LIVE, messages may be missed
    END = "end"  # the stream is over
    REST = "rest"  # it is over until somebody looks at the page: its person has newer ones enough


@dataclass(frozen=True, slots=True)
class Message:
    """One broadcast, as Supabase sent it."""

    id: str
    event: str
    payload: dict[str, Any]


Item = Message | Mark


@dataclass(frozen=True, slots=True)
class Interest:
    """Which events a page has a use for, None being all; the others wake nobody up.

    ``prepare`` does what all pages that are ``alike`` need for a message. It is called once before they wake,
    so that they don't all wait for the first of them. ``room`` is the booking that the page shows to somebody
    who works on it: the others are told, and the page is told of them. ``pace`` is how many seconds there are
    at least between two readings that messages ask for.
    """

    events: frozenset[str] | None = None
    alike: Hashable = None
    prepare: Callable[[Message], None] | None = None
    room: str | None = None
    pace: float = 0.5

    def includes(self, event: str) -> bool:
        return self.events is None or event in self.events or event in PERSONAL


EVERYTHING = Interest()


class Subscriber:
    """One stream's queue. The hub puts, the stream takes; each from a thread of its own."""

    __slots__ = ("_end", "_limit", "_queue", "interest")

    def __init__(self, limit: int = LIMIT, interest: Interest = EVERYTHING) -> None:
        self.interest = interest
        self._limit = limit
        self._queue: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._end: Mark | None = None

    def put(self, item: Item) -> None:
        """Queue an item. A reader that is too far behind loses its queue and is told to fetch afresh."""
        if isinstance(item, Message):
            if not self.interest.includes(item.event):
                return
            if self._queue.qsize() >= self._limit:
                self._shed(item)
                return
        self._queue.put(item)

    def end(self) -> None:
        """End the stream, whatever is still queued; a waiting reader wakes up."""
        self._end = Mark.END
        self._queue.put(Mark.END)

    def rest(self) -> None:
        """End the stream and have the page told that others of its person's go on."""
        self._end = self._end or Mark.REST
        self._queue.put(self._end)

    @property
    def ended(self) -> bool:
        return self._end is not None

    def take(self, seconds: float) -> list[Item]:
        """Everything that is queued, after waiting for a first item; empty when none comes in time."""
        try:
            items = [self._queue.get(timeout=max(seconds, 0))]
        except queue.Empty:
            return [self._end] if self._end else []
        items.extend(self._drain())
        return [self._end] if self._end else items

    def _shed(self, latest: Message) -> None:
        """Replace the queue: of what no reading brings back, the newest of each kind stays."""
        personal: dict[str, Message] = {}
        for item in (*self._drain(), latest):
            if isinstance(item, Message) and item.event in PERSONAL:
                personal[item.event] = item
        for kept in personal.values():
            self._queue.put(kept)
        self._queue.put(Mark.LIVE)

    def _drain(self) -> Iterable[Item]:
        items = []
        while not self._queue.empty():
            try:
                items.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return items
