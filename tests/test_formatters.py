"""How dates, phones, countries and statuses are shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from roamio_web.formatters import (
    ago,
    country,
    day,
    day_briefly,
    label,
    moment,
    moment_briefly,
    phone,
    span,
    zone,
)

NOW = datetime(2027, 3, 14, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "clock", "shown"),
    [
        (NOW, None, "Sun 14 Mar 2027, 09:30"),
        ("2027-03-14T04:00:00+00:00", "Asia/Kolkata", "Sun 14 Mar 2027, 09:30"),
        ("2027-03-14T04:00:00Z", "America/New_York", "Sat 13 Mar 2027, 23:00"),
        (NOW, "Mars/Olympus", "Sun 14 Mar 2027, 09:30"),
        (NOW, "../etc/passwd", "Sun 14 Mar 2027, 09:30"),
        (None, None, ""),
    ],
)
def test_a_moment_is_shown_by_the_clock_of_its_place(
    value: datetime | str | None, clock: str | None, shown: str
) -> None:
    assert moment(value, clock) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2027-03-14", "Sun 14 Mar 2027"),
        (date(2027, 3, 4), "Thu 4 Mar 2027"),
        ("2027-03-13T20:00:00Z", "Sun 14 Mar 2027"),
        ("", ""),
    ],
)
def test_a_day_is_shown_without_a_time(value: str | date, shown: str) -> None:
    assert day(value) == shown


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=-3), "in a moment"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=2, hours=7), "2 days ago"),
        (timedelta(hours=-26), "in 1 day"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit(passed: timedelta, shown: str) -> None:
    assert ago(NOW - passed, NOW) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("+919810012345", "+91 98100 12345"), ("+12125552368", "+1 212-555-2368"), ("none", "none"), (None, "")],
)
def test_a_phone_number_is_shown_as_people_write_it(value: str | None, shown: str) -> None:
    assert phone(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("IN", "India"), ("VN", "Vietnam"), ("FR", "France"), ("XX", "XX"), (None, "")],
)
def test_a_country_is_shown_by_its_everyday_name(value: str | None, shown: str) -> None:
    assert country(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("in_progress", "In progress"),
        ("nri", "NRI services"),
        ("cab", "Cab"),
        ("cancelled", "Cancelled"),
        ("", ""),
    ],
)
def test_a_value_of_a_closed_list_is_shown_in_words(value: str, shown: str) -> None:
    assert label(value) == shown


@pytest.mark.parametrize(
    ("value", "clock", "shown"),
    [
        ("2027-03-14T09:30:00+05:30", None, "14 Mar, 09:30"),
        ("2027-03-14T04:00:00+00:00", "Europe/London", "14 Mar, 04:00"),
        ("2026-12-31T23:00:00+00:00", None, "1 Jan, 04:30"),
        ("2026-12-31T23:00:00+00:00", "Europe/London", "31 Dec 2026, 23:00"),
        (None, None, ""),
    ],
)
def test_a_table_s_moment_names_the_year_only_where_it_is_another(
    value: str | None, clock: str | None, shown: str
) -> None:
    assert moment_briefly(value, clock, now=NOW) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2027-03-14T00:00:00+05:30", "Sun 14 Mar"),
        ("2028-03-14T00:00:00+05:30", "Tue 14 Mar 2028"),
        (None, ""),
    ],
)
def test_a_table_s_day_names_the_year_only_where_it_is_another(value: str | None, shown: str) -> None:
    assert day_briefly(value, now=NOW) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (None, "India time (UTC+5:30)"),
        ("Asia/Kolkata", "India time (UTC+5:30)"),
        ("Europe/London", "London time (UTC+0)"),
        ("America/New_York", "New York time (UTC-5)"),
        ("America/St_Johns", "St Johns time (UTC-3:30)"),
        ("Mars/Olympus", "India time (UTC+5:30)"),
    ],
)
def test_a_moment_s_clock_is_named(name: str | None, shown: str) -> None:
    assert zone(NOW, name) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (44.6, "45 s"),
        (750, "12 min"),
        (3599, "1 h"),
        (12_000, "3 h 20 min"),
        (86_400, "1 day"),
        (187_200, "2 days 4 h"),
        (None, ""),
    ],
)
def test_how_long_something_took_is_said_in_two_units_at_most(seconds: float | None, shown: str) -> None:
    assert span(seconds) == shown
