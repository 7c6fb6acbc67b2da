"""What a list's address says, and which rows fit it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roamio_web.models.booking import BookingRow, Purpose, Status
from roamio_web.models.booking_query import NOBODY, BookingQuery, Cursor, Sort, Starts
from roamio_web.models.values import zone_of

AT = datetime(2027, 3, 14, 9, 30, 0, 123456, tzinfo=UTC)
AGENT = "d0000000-0000-4000-8000-000000000002"
ROW = BookingRow(
    id="0a0b0c0d-0000-4000-8000-000000000001",
    reference="18A8R3EK",
    purpose=Purpose.CAB,
    status=Status.PENDING,
    created_at=AT,
    updated_at=AT,
    starts_at=AT + timedelta(days=1),
    headline="BLR Airport → Leela Palace",
    client_name="Asha Rao",
    client_email="asha_rao@example.com",
    client_phone="+919812345678",
    assigned_agent=AGENT,
)


def test_agent_s_address_is_read_and_written_back_the_same() -> None:
    args = {
        "purpose": "cab",
        "status": "in_progress",
        "agent": AGENT,
        "starts": "week",
        "starts_from": "2027-03-14",
        "starts_to": "2027-03-16",
        "since": "2027-02-01",
        "until": "2027-02-28",
        "suspected": "yes",
        "source": "magazine.example",
        "search": "Leela",
        "sort": "soonest",
        "after": f"2027-03-14T09:30:00.123456Z~{uuid4()}",
    }
    assert BookingQuery.from_args(args).to_args() == args


def test_plain_list_has_a_plain_address() -> None:
    assert BookingQuery.from_args({}).to_args() == {}


@pytest.mark.parametrize(
    "args",
    [
        {"purpose": "yacht"},
        {"status": "lost"},
        {"agent": "1 or 1=1"},
        {"sort": "password"},
        {"starts": "someday"},
        {"starts_from": "yesterday", "until": "0001-01-01"},
        {"suspected": "maybe"},
        {"source": "https://magazine.example/?x"},
        {"after": "yesterday~7"},
        {"after": f"2027-03-14T09:30:00Z,id.gt.0~{UUID(int=0)}"},
        {"search": ' *%,()" '},
    ],
)
def test_address_that_nobody_wrote_is_taken_for_the_plain_list(args: dict[str, str]) -> None:
    assert BookingQuery.from_args(args) == BookingQuery()


@given(
    st.dictionaries(
        st.sampled_from(["purpose", "status", "agent", "starts", "since", "search", "sort", "after"]),
        st.text(),
    )
)
def test_any_address_is_read_without_a_fault(args: dict[str, str]) -> None:
    query = BookingQuery.from_args(args)
    assert BookingQuery.from_args(query.to_args()) == query
    assert query.matches(ROW) in (True, False)


@pytest.mark.parametrize(
    "typed",
    [
        "leela",
        "ASHA",
        "asha_rao@",
        "18a8-r3ek",
        "18A8",
        "i8a8 r3ek",
        "+91 98123 45678",
        "98123-45678",
        "airport → leela",
    ],
)
def test_agent_finds_a_booking_however_they_spell_it(typed: str) -> None:
    assert BookingQuery.from_args({"search": typed}).matches(ROW)


@pytest.mark.parametrize("typed", ["Taj", "asha qqq", "asha.rao@", "99999 99999", "ZZZZ"])
def test_agent_does_not_find_what_is_not_there(typed: str) -> None:
    assert not BookingQuery.from_args({"search": typed}).matches(ROW)


@pytest.mark.parametrize(
    ("args", "fits"),
    [
        ({"purpose": "cab", "status": "pending"}, True),
        ({"purpose": "hotel"}, False),
        ({"status": "confirmed"}, False),
        ({"agent": AGENT}, True),
        ({"agent": NOBODY}, False),
    ],
)
def test_row_fits_the_filters_or_not(args: dict[str, str], fits: bool) -> None:
    assert BookingQuery.from_args(args).matches(ROW) is fits


@pytest.mark.parametrize(
    ("source", "asked", "fits"),
    [
        ("site", "site", True),
        ("site", "embed", False),
        ("magazine.example", "embed", True),
        ("embed", "embed", True),
        ("magazine.example", "magazine.example", True),
        ("magazine.example", "another.example", False),
        (None, "site", False),
        (None, "embed", False),
        (None, "", True),
    ],
)
def test_row_fits_where_it_came_from(source: str | None, asked: str, fits: bool) -> None:
    assert BookingQuery(source=asked).matches(replace(ROW, source=source)) is fits


def test_unassigned_row_fits_the_filter_for_nobody() -> None:
    assert BookingQuery(agent=NOBODY).matches(replace(ROW, assigned_agent=None))


@pytest.mark.parametrize("sort", list(Sort))
def test_next_page_begins_behind_the_last_row(sort: Sort) -> None:
    query = BookingQuery(sort=sort).page_after(ROW)
    day = timedelta(days=-1 if sort.descending else 1)
    starts_at = ROW.starts_at + day if ROW.starts_at else None
    further = replace(ROW, id=str(uuid4()), created_at=AT + day, updated_at=AT + day, starts_at=starts_at)
    assert not query.matches(ROW)
    assert query.matches(further)


def test_booking_without_a_start_comes_last_when_sorted_by_start() -> None:
    undated = replace(ROW, starts_at=None)
    assert Sort.SOONEST.key(undated) > Sort.SOONEST.key(ROW)
    assert BookingQuery(sort=Sort.SOONEST).page_after(ROW).matches(undated)


def test_cursor_survives_the_address() -> None:
    cursor = Cursor(AT, str(UUID(ROW.id)))
    assert Cursor.parse(str(cursor)) == cursor
    assert Cursor.parse(str(Cursor(None, ROW.id))) == Cursor(None, ROW.id)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Mars/Olympus"])
@pytest.mark.parametrize(
    ("starts", "first", "last"), [(Starts.TODAY, 0, 0), (Starts.TOMORROW, 1, 1), (Starts.WEEK, 0, 6)]
)
def test_days_are_those_of_the_place_where_it_starts(
    zone: str, starts: Starts, first: int, last: int
) -> None:
    noon = datetime.now(zone_of(zone)).replace(hour=12)
    for ahead in range(-1, 9):
        row = replace(ROW, time_zone=zone, starts_at=noon + timedelta(days=ahead))
        assert BookingQuery(starts=starts).matches(row) is (first <= ahead <= last), ahead


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"starts_from": "2027-03-15", "starts_to": "2027-03-15"}, True),
        ({"starts_to": "2027-03-14"}, False),
        ({"starts_from": "2027-03-16", "starts_to": "2027-03-01"}, True),  # the wrong way round
        ({"since": "2027-03-14"}, True),
        ({"since": "2027-03-15"}, False),
        ({"until": "2027-03-13"}, False),
        ({"since": "2027-03-14", "until": "2027-03-14", "starts_from": "2027-03-16"}, False),
    ],
)
def test_row_fits_the_days_that_were_chosen_or_not(asked: dict[str, str], fits: bool) -> None:
    assert BookingQuery.from_args(asked).matches(ROW) is fits


def test_day_of_arrival_is_that_of_the_clock_that_staff_read() -> None:
    late_evening_in_london = replace(ROW, created_at=datetime(2027, 3, 14, 20, 0, tzinfo=UTC))
    assert BookingQuery.from_args({"since": "2027-03-15"}).matches(late_evening_in_london)


def test_booking_without_a_start_starts_on_no_day() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    assert BookingQuery(starts=Starts.WEEK).matches(replace(ROW, starts_at=soon))
    assert not BookingQuery(starts=Starts.WEEK).matches(replace(ROW, starts_at=None))
    assert not BookingQuery(starts=Starts.TOMORROW).matches(replace(ROW, starts_at=soon - timedelta(days=2)))
