"""Tries at a password, a link or a code: counted before Supabase Auth is asked, or many at once would pass.

What went well is taken back, and so is what nobody could answer: a whole office behind one address may sign
in at nine o'clock. Counts are kept by keys that tell nobody's address.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from flask import current_app
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from werkzeug.exceptions import TooManyRequests

from roamio_web import logs
from roamio_web.extensions import rates, visitor_address
from roamio_web.services.failures import Unavailable

CEILING = 10
"""How many times the rate all networks together may try one account."""


@dataclass(frozen=True)
class Guard:
    """By what tries are counted, and how many times the rate there may be of them."""

    key: str
    times: int = 1


def by_network() -> Guard:
    """Whoever comes from the visitor's network."""
    return Guard(f"network:{visitor_address()}")


def by_account(email: str) -> Guard:
    """Whoever tries this account, from all networks. One of them can't lock the owner out of the others."""
    return Guard(f"account:{_digest(email)}", CEILING)


def by_code(email: str) -> Guard:
    """Whoever tries the six digits that were mailed to this address; the mail's link stays open."""
    return Guard(f"mailed:{_digest(email)}")


def by_mailbox(email: str) -> Guard:
    """Whoever asks for a mail to this address; who names none is counted by themselves."""
    return Guard(f"mailbox:{_digest(email or visitor_address())}")


def by_person(user_id: str) -> Guard:
    """Whoever has got as far as this person's session: an old cookie with fewer tries in it helps nobody."""
    return Guard(f"person:{user_id}")


@contextmanager
def counted(scope: str, *guards: Guard) -> Iterator[None]:
    """Count a try at what the block asks Supabase Auth.

    :raise 429: there have been too many; the block is not run.
    """
    taken = _taken(scope, guards)
    try:
        yield
    except Unavailable:
        _give_back(taken)
        raise
    _give_back(taken)


def spend(scope: str, *guards: Guard) -> None:
    """Count a try that is spent however it goes, such as a mail that somebody asks for.

    :raise 429: there have been too many.
    """
    _taken(scope, guards)


def rate() -> str:
    """How many tries there may be that fail."""
    return str(current_app.extensions["roamio.settings"].sign_in_rate)


def _taken(scope: str, guards: Iterable[Guard]) -> list[_Count]:
    """The counts of one more try.

    :raise 429: one of them is too high; the try is then not counted at all.
    """
    counts = [
        _Count(type(limit)(limit.amount * guard.times, limit.multiples), scope, guard.key)
        for guard in guards
        for limit in parse_many(rate())
    ]
    taken: list[_Count] = []
    for count in counts:
        taken.append(count)
        if not count.take():
            seconds = count.seconds_left()
            _give_back(taken)
            raise TooManyRequests(retry_after=seconds)
    return taken


@dataclass(frozen=True)
class _Count:
    """One of the counts. While their store is down, nobody is stopped; Supabase Auth has its own limits."""

    limit: RateLimitItem
    scope: str
    key: str

    def take(self) -> bool:
        try:
            return rates().hit(self.limit, self.scope, self.key)
        except StorageError as error:
            logs.exception(error)
            return True

    def give_back(self) -> None:
        try:
            rates().hit(self.limit, self.scope, self.key, cost=-1)
        except StorageError as error:
            logs.exception(error)

    def seconds_left(self) -> int:
        try:
            free_at = rates().get_window_stats(self.limit, self.scope, self.key).reset_time
        except StorageError:
            return 1
        return max(1, ceil(free_at - time.time()))


def _give_back(counts: list[_Count]) -> None:
    for count in counts:
        count.give_back()


def _digest(email: str) -> str:
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()
