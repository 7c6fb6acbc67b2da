"""An agent reads how their own bookings moved; the audit log stays with the admins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from supabase import Client

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT

AsStaff = Callable[[str], Client]


def timeline(client: Client, booking: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.rpc("booking_timeline", {"booking": booking}).execute().data
    return found


def test_agent_reads_who_moved_their_booking_and_nothing_of_whose_it_was_before(
    as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=OTHER_AGENT)
    admin = as_staff(ADMIN).table("bookings")
    admin.update({"status": "confirmed"}).eq("id", booking).execute()
    me = database.execute("select id::text, full_name from profiles where email = %s", [AGENT]).fetchone()
    boss = database.execute("select full_name from profiles where email = %s", [ADMIN]).fetchone()
    assert me is not None
    assert boss is not None
    admin.update({"assigned_agent": me["id"]}).eq("id", booking).execute()
    admin.update({"details": {"pickup_place": "Munnar"}}).eq("id", booking).execute()

    told = timeline(as_staff(AGENT), booking)
    assert [(each["action"], each["actor_name"]) for each in told] == [
        ("INSERT", None),
        ("UPDATE", boss["full_name"]),
        ("UPDATE", boss["full_name"]),
    ]
    assert [each["metadata"]["changes"] for each in told] == [
        {},
        {"status": {"old": "pending", "new": "confirmed"}},
        {"assigned_agent": {"new": me["id"]}},
    ]
    assert as_staff(AGENT).table("audit_logs").select("id").execute().data == []
    # Each change, and the task's being added and handed over.
    assert len(timeline(as_staff(ADMIN), booking)) == 6


def test_nobody_else_reads_how_a_booking_moved(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    assert len(timeline(as_staff(AGENT), booking)) == 1
    for email in (OTHER_AGENT, FINANCE):
        assert timeline(as_staff(email), booking) == []
        assert as_staff(email).rpc("booking_timeline", {"booking": booking}).execute().data == []
