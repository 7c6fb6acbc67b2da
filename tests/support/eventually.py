"""Waiting for something that another process or thread does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
POLL = 0.02


def eventually(predicate: Callable[[], T], within: float = 10.0, what: str = "") -> T:
    """Ask until the answer is true, and return it; fails when it is not after ``within`` seconds.

    An AssertionError in the predicate counts as "not yet", and the last one is shown.
    """
    deadline = time.monotonic() + within
    while True:
        complaint = None
        try:
            if answer := predicate():
                return answer
        except AssertionError as error:
            complaint = error
        if time.monotonic() > deadline:
            raise AssertionError(f"{what or 'It'} did not happen within {within:g} s") from complaint
        time.sleep(POLL)


def throughout(seconds: float, predicate: Callable[[], object], what: str = "") -> None:
    """Ask again and again for so long; fails the moment the answer is not true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert predicate(), f"{what or 'It'} did not last {seconds:g} s"
        time.sleep(POLL)
