"""When time alone changes what a page shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from roamio_web.live.turns import QUARTER, next_turn


def test_page_turns_at_the_first_moment_that_is_still_to_come() -> None:
    now = datetime.now(UTC)
    past, soon, later = (now + timedelta(hours=hours) for hours in (-1, 1, 2))
    assert next_turn(later, None, soon, past) == soon
    assert next_turn(past, None) is None


def test_new_day_of_any_place_begins_at_a_quarter_of_an_hour() -> None:
    now = datetime.now(UTC)
    turn = next_turn(now + timedelta(hours=1), days=True)
    assert turn is not None
    assert now < turn <= now + QUARTER
    assert (turn.minute % 15, turn.second, turn.microsecond) == (0, 0, 0)
