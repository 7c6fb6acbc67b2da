"""How many streams there may be: each holds a thread of the server for as long as its page is open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from roamio_web.live.subscriber import Subscriber

MOST_KEPT_FREE = 32  # threads
KEPT_FREE = 8  # one thread in so many, and at least two


class Refusal(Enum):
    """Why there is no place for another stream; the value is the HTTP status that says so."""

    TOO_MANY = 429  # this person's ended streams still hold as many threads as their open ones may
    FULL = 503  # what is left is for everybody's ordinary requests


@dataclass(frozen=True)
class Limits:
    """How many streams at once, for one person and in this process."""

    each: int = 20
    all: int = 224

    @classmethod
    def of(cls, threads: int, each: int) -> Limits:
        """Leave some of the threads to ordinary requests, public forms among them."""
        return cls(each, threads - max(2, min(MOST_KEPT_FREE, threads // KEPT_FREE)))


class Places:
    """The streams that hold a thread, oldest first. Whoever calls it holds the hub's lock."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken: dict[Subscriber, str] = {}

    def __len__(self) -> int:
        return len(self._taken)

    def streams(self) -> tuple[Subscriber, ...]:
        return tuple(self._taken)

    def refusal(self, person: str) -> Refusal | None:
        """Why this person can't have another one now, if they can't."""
        if len(self._taken) >= self._limits.all:
            return Refusal.FULL
        # An ended stream gives its thread back at once, unless its reader lets it wait.
        return Refusal.TOO_MANY if len(self._of(person)) >= 2 * self._limits.each else None

    def take(self, subscriber: Subscriber, person: str) -> bool:
        """Give a stream its place, if there is one. The person's oldest one ends when they have too many.

        The oldest, since a page that was left is noticed only when something is written to it.
        """
        if self.refusal(person):
            return False
        self._taken[subscriber] = person
        listening = [stream for stream in self._of(person) if not stream.ended]
        for stream in listening[: -self._limits.each]:
            stream.rest()
        return True

    def leave(self, subscriber: Subscriber) -> None:
        """Take a place back; one that was never given is no matter."""
        self._taken.pop(subscriber, None)

    def _of(self, person: str) -> list[Subscriber]:
        return [stream for stream, whose in self._taken.items() if whose == person]
