"""What an address of the audit log says."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from roamio_web.models.audit_query import AuditQuery
from roamio_web.models.reference import display, reference_of


def test_address_is_read_and_written_back_the_same() -> None:
    args = {
        "person": str(uuid4()),
        "table": "bookings",
        "action": "UPDATE",
        "record": "4FKY-YHJM",
        "since": "2027-03-01",
        "since_at": "00:00",
        "until_at": "18:30",
        "until": "2027-03-14",
        "after": f"2027-03-14T09:30:00.123456Z~{uuid4()}",
    }
    assert AuditQuery.from_args(args).to_args() == args
    assert not AuditQuery.from_args({}).is_filtered


@given(st.uuids())
def test_reference_stands_for_every_id_that_begins_like_it(booking: UUID) -> None:
    span = AuditQuery(record=display(reference_of(booking)).lower()).records
    assert span is not None
    assert span[0] <= booking <= span[1]
    assert reference_of(span[0]) == reference_of(span[1]) == reference_of(booking)


@given(st.text())
def test_anything_may_be_typed(text: str) -> None:
    query = AuditQuery.from_args(
        dict.fromkeys(("person", "table", "action", "record", "since", "since_at", "after"), text)
    )
    assert query.records is None or query.record


def test_days_are_those_of_the_clock_that_staff_read() -> None:
    since, until = AuditQuery(since=date(2027, 3, 14), until=date(2027, 3, 14)).span
    assert since is not None
    assert until is not None
    assert (since.isoformat(), until.isoformat()) == (
        "2027-03-13T18:30:00+00:00",
        "2027-03-14T18:30:00+00:00",
    )


def test_times_narrow_the_days_down_to_whole_minutes() -> None:
    day = {"since": "2027-03-14", "until": "2027-03-14"}
    span = AuditQuery.from_args({**day, "since_at": "09:30", "until_at": "09:45"}).span
    assert [moment and moment.isoformat() for moment in span] == [
        "2027-03-14T04:00:00+00:00",
        "2027-03-14T04:16:00+00:00",
    ]
    assert AuditQuery.from_args({"since_at": "09:30", "until_at": "09:45"}).span == (None, None)
    assert (
        AuditQuery.from_args({**day, "since_at": "noon", "until_at": ""}).span
        == AuditQuery.from_args(day).span
    )
