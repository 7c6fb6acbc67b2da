"""How often somebody tried, as one process counts it."""

from __future__ import annotations

import pytest

from roamio_web import counters
from roamio_web.counters import ProcessCounts


class Clock:
    """A clock that a test sets."""

    now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(counters, "time", clock)
    return clock


def test_tries_are_counted_until_their_time_is_over(clock: Clock) -> None:
    counts = ProcessCounts()
    assert [counts.incr("asha", 60), counts.incr("asha", 60), counts.incr("ravi", 60)] == [1, 2, 1]
    assert counts.get("asha") == 2
    assert counts.get_expiry("asha") == clock.now + 60
    clock.now += 60
    assert counts.get("asha") == 0
    assert counts.incr("asha", 60) == 1


def test_what_ran_out_takes_no_room(clock: Clock) -> None:
    counts = ProcessCounts()
    for number in range(100):
        counts.incr(f"somebody {number}", 10)
    clock.now += counters.SWEEP + 1
    counts.incr("asha", 10)
    assert counts.reset() == 1


def test_somebody_who_is_forgiven_starts_anew(clock: Clock) -> None:
    counts = ProcessCounts()
    counts.incr("asha", 60)
    counts.clear("asha")
    assert counts.get("asha") == 0


def test_try_that_is_taken_back_after_its_time_is_over_gives_nobody_one_more(clock: Clock) -> None:
    counts = ProcessCounts()
    counts.incr("asha", 60)
    assert counts.incr("asha", 60, amount=-1) == 0
    counts.incr("asha", 60)
    clock.now += 60
    assert counts.incr("asha", 60, amount=-1) == 0
