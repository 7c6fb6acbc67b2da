"""What each role sees first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from supabase import Client

from roamio_web.models.booking import Purpose, Status
from roamio_web.models.booking_query import BookingQuery, Starts
from roamio_web.models.staff import StaffMember
from roamio_web.services import overview, staff_bookings
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER

As = Callable[[str], Client]
Member = Callable[[str], StaffMember]


@pytest.mark.parametrize("email", [ADMIN, AGENT, FINANCE, VIEWER])
def test_everybody_on_the_staff_sees_the_counts(
    email: str, as_staff: As, member: Member, database: Database
) -> None:
    make_booking(database)
    counts = overview.read(as_staff(email), member(email)).counts
    kept = {
        (Purpose(row["purpose"]), Status(row["status"])): row["count"]
        for row in database.execute("select purpose, status, count(*) from bookings group by 1, 2")
    }
    assert counts.cells == kept
    assert counts.total == sum(kept.values())
    assert counts.open == sum(count for (_, status), count in kept.items() if status.is_open)
    assert counts.of(Purpose.CAB) == sum(count for (purpose, _), count in kept.items() if purpose == "cab")
    assert counts.of(counts.busiest_first[0]) == max(counts.of(purpose) for purpose in Purpose)


def test_viewer_sees_counts_and_nothing_else(as_staff: As, member: Member, database: Database) -> None:
    make_booking(database)
    seen = overview.read(as_staff(VIEWER), member(VIEWER))
    assert (seen.unassigned, seen.starting, seen.tasks) == ((), (), ())
    assert (seen.unassigned_count, seen.overdue_count) == (0, 0)
    assert seen.counts.total > 0


def test_admin_sees_what_waits_for_an_agent(as_staff: As, member: Member, database: Database) -> None:
    make_booking(database)
    seen = overview.read(as_staff(ADMIN), member(ADMIN))
    assert seen.unassigned
    assert all(not row.is_assigned and row.status.is_open for row in seen.unassigned)
    waiting = database.execute(
        "select count(*) from bookings where assigned_agent is null"
        " and status in ('pending', 'confirmed', 'in_progress')"
    ).fetchone()
    assert waiting is not None
    assert seen.unassigned_count == waiting["count"]


def test_agent_sees_their_own_tasks_only(as_staff: As, member: Member, database: Database) -> None:
    mine, theirs = make_booking(database, agent=AGENT), make_booking(database, agent=OTHER_AGENT)
    person = member(AGENT)
    seen = overview.read(as_staff(AGENT), person)
    assert seen.tasks
    assert {task.assigned_to for task in seen.tasks} == {person.id}
    assert seen.unassigned == ()
    owners = {
        str(row["booking_id"]): str(row["assigned_to"])
        for row in database.execute("select * from tasks where booking_id in (%s, %s)", [mine, theirs])
    }
    assert owners == {mine: person.id, theirs: member(OTHER_AGENT).id}


@pytest.mark.parametrize("email", [ADMIN, FINANCE, AGENT])
def test_busy_yesterday_leaves_room_for_what_starts_today(
    email: str, as_staff: As, member: Member, database: Database
) -> None:
    zone = "Pacific/Kiritimati"
    noon = datetime.now(ZoneInfo(zone)).replace(hour=12, minute=0)
    with database.transaction():
        # Yesterday's are within the last day for most of the hours, and not one of them may count.
        for number in range(150):
            make_booking(
                database,
                agent=AGENT,
                time_zone=zone,
                starts_at=(noon - timedelta(hours=12, minutes=number + 1)).isoformat(),
            )
        today = make_booking(database, agent=AGENT, time_zone=zone, starts_at=noon.isoformat())
        tomorrow = make_booking(
            database, agent=AGENT, time_zone=zone, starts_at=(noon + timedelta(days=1)).isoformat()
        )
        there = datetime.now(ZoneInfo("Pacific/Pago_Pago")).replace(hour=12)
        elsewhere = make_booking(
            database, agent=AGENT, time_zone="Pacific/Pago_Pago", starts_at=there.isoformat()
        )
    seen = overview.read(as_staff(email), member(email)).today
    assert {today, elsewhere} <= {row.id for row in seen}
    assert tomorrow not in {row.id for row in seen}
    assert {row.days_ahead for row in seen} == {0}
    listed = staff_bookings.list_bookings(as_staff(email), BookingQuery(starts=Starts.TODAY), size=500)
    cancelled = {row.id for row in listed.rows if row.status is Status.CANCELLED}
    assert {row.id for row in seen} == {row.id for row in listed.rows} - cancelled
