"""What a booking says about somebody's health: who reads it, and who learns of that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from postgrest import ReturnMethod
from postgrest.exceptions import APIError
from supabase import Client

from tests.support.backend import TestBackend
from tests.support.factories import Database, book, cab_details
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People

Visitor = Callable[[], Client]
AsStaff = Callable[[str], Client]
HEALTH = {
    "speciality": "cardiology",
    "need": "A bypass was advised",
    "consent": {"wording": "I agree", "given_at": datetime.now(UTC).isoformat(timespec="seconds")},
}


@pytest.fixture
def booking(visitor: Visitor, database: Database) -> str:
    """A medical booking that the agent looks after."""
    booked = book(visitor(), purpose="medical", health=HEALTH)
    database.execute(
        "update bookings set assigned_agent = (select id from profiles where email = %s) where id = %s",
        [AGENT, booked],
    )
    return booked


def test_health_stays_out_of_booking_audit_and_broadcasts(booking: str, database: Database) -> None:
    for query in (
        "select details::text as text from bookings where id::text = %s",
        "select metadata::text as text from audit_logs where record_id::text = %s",
        "select payload::text as text from realtime.messages where payload ->> 'id' = %s",
    ):
        rows = database.execute(query.encode(), [booking]).fetchall()
        assert rows
        for row in rows:
            assert "bypass" not in row["text"]
            assert "cardiology" not in row["text"]


@pytest.mark.parametrize("reader", [ADMIN, AGENT])
def test_admin_and_agent_read_it_and_each_reading_is_recorded(
    reader: str, booking: str, as_staff: AsStaff, database: Database
) -> None:
    (health,) = read(as_staff(reader), booking)
    assert health == {
        "details": {"speciality": "cardiology", "need": "A bypass was advised"},
        "consent": HEALTH["consent"],
    }
    assert readings(database, booking) == [reader]
    read(as_staff(reader), booking)
    assert readings(database, booking) == [reader, reader]


@pytest.mark.parametrize("reader", [OTHER_AGENT, FINANCE, VIEWER])
def test_nobody_else_reads_it(reader: str, booking: str, as_staff: AsStaff, database: Database) -> None:
    with pytest.raises(APIError, match="Only an admin and the booking's agent") as refused:
        as_staff(reader).rpc("booking_health", {"booking": booking}).execute()
    assert refused.value.code == "42501"
    answer = as_staff(reader).rpc("record_health_reading", {"booking": booking}).execute().data
    assert (answer["written"], answer["refusal"]["message"]) == (False, refused.value.message)
    assert readings(database, booking) == []
    assert (
        database.execute("select from private.booking_health where booking_id = %s", [booking]).rowcount == 1
    )


@pytest.mark.parametrize(
    "question",
    [
        "booking_health?select=details->>need::int",
        "booking_health?select=details",
        "booking_health?details->>need=like.*nothing*",
        "open_booking_health?select=pgrst_scalar:pgrst_scalar->health->details->>need::int",
        "open_booking_health?select=health->details->>need::int",
        "open_booking_health",
    ],
)
def test_nobody_reads_it_unrecorded_by_a_question_that_fails(
    question: str, booking: str, people: People, database: Database, backend: TestBackend
) -> None:
    def ask(asked: str) -> str:
        return httpx.post(
            f"{backend.url}/rest/v1/rpc/{asked}",
            json={"booking": booking},
            headers={
                "apikey": backend.anon_key,
                "Authorization": f"Bearer {people.token(AGENT)}",
                "Accept": "application/vnd.pgrst.object+json",
            },
        ).text

    assert "bypass" not in ask(question)
    assert "cardiology" not in ask(question)
    assert readings(database, booking) == []
    # Recording it tells nothing, and a record that is undone is none.
    assert "bypass" not in ask("record_health_reading?select=team->0->>role::int")
    assert "bypass" not in ask("record_health_reading")
    assert readings(database, booking) in ([AGENT], [AGENT, AGENT])
    assert "bypass" in ask("booking_health")


def test_record_of_a_reading_is_good_for_a_minute_and_for_whoever_made_it(
    booking: str, as_staff: AsStaff, database: Database
) -> None:
    read(as_staff(ADMIN), booking)
    with pytest.raises(APIError, match="within a minute after record_health_reading"):
        as_staff(AGENT).rpc("booking_health", {"booking": booking}).execute()
    database.execute(
        "update health_readings set created_at = created_at - interval '1 minute' where booking_id = %s",
        [booking],
    )
    with pytest.raises(APIError, match="within a minute after record_health_reading"):
        as_staff(ADMIN).rpc("open_booking_health", {"booking": booking}).execute()
    assert readings(database, booking) == [ADMIN]


@pytest.mark.parametrize("given_at", [None, "1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "today", ["x"]])
def test_consent_has_the_time_at_which_it_was_given(
    given_at: object, visitor: Visitor, database: Database
) -> None:
    consent = {"wording": "I agree"} | ({"given_at": given_at} if given_at else {})
    booking = book(visitor(), purpose="medical", health={"need": "A knee", "consent": consent})
    (kept,) = database.execute(
        "select consent ->> 'wording' as wording,"
        " (consent ->> 'given_at')::timestamptz = created_at as stamped"
        " from private.booking_health where booking_id = %s",
        [booking],
    ).fetchall()
    assert kept == {"wording": "I agree", "stamped": True}


def test_admin_adds_no_health_to_a_booking_that_is_there(
    visitor: Visitor, as_staff: AsStaff, database: Database
) -> None:
    booking = book(visitor())
    row = {"id": booking, "purpose": "cab", "details": cab_details(health={"need": "made up"})}
    bookings = as_staff(ADMIN).table("bookings")
    bookings.upsert(row, ignore_duplicates=True, returning=ReturnMethod.minimal).execute()
    query = "select from private.booking_health where booking_id = %s"
    assert database.execute(query, [booking]).rowcount == 0


def test_visitor_cannot_even_ask(booking: str, visitor: Visitor, database: Database) -> None:
    for question in ("booking_health", "open_booking_health", "record_health_reading"):
        with pytest.raises(APIError, match="permission denied"):
            visitor().rpc(question, {"booking": booking}).execute()
    assert readings(database, booking) == []


def test_agent_reads_it_no_more_once_the_booking_is_handed_over(
    booking: str, as_staff: AsStaff, database: Database
) -> None:
    database.execute("update bookings set assigned_agent = null where id = %s", [booking])
    with pytest.raises(APIError, match="Only an admin and the booking's agent"):
        as_staff(AGENT).rpc("booking_health", {"booking": booking}).execute()
    assert readings(database, booking) == []


def test_booking_without_health_has_nothing_to_record(
    visitor: Visitor, as_staff: AsStaff, database: Database
) -> None:
    booking = book(visitor())
    assert read(as_staff(ADMIN), booking) == []
    assert readings(database, booking) == []


def test_health_goes_with_the_booking_and_the_record_of_readings_stays(
    booking: str, as_staff: AsStaff, database: Database
) -> None:
    read(as_staff(ADMIN), booking)
    database.execute("delete from bookings where id = %s", [booking])
    assert (
        database.execute("select from private.booking_health where booking_id = %s", [booking]).rowcount == 0
    )
    assert readings(database, booking) == [ADMIN]


def read(client: Client, booking: str) -> Any:
    """What the booking says about somebody's health, once the reading is recorded."""
    client.rpc("record_health_reading", {"booking": booking}).execute()
    return client.rpc("booking_health", {"booking": booking}).execute().data


def readings(database: Database, booking: str) -> list[Any]:
    rows = database.execute(
        "select email from health_readings join profiles on profiles.id = read_by"
        " where booking_id = %s order by health_readings.created_at",
        [booking],
    ).fetchall()
    return [row["email"] for row in rows]
