"""Whoever was overtaken learns by whom, if they may know; the audit log stays with the admins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from supabase import Client

from tests.support.factories import Database, make_booking, make_client, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER

AsStaff = Callable[[str], Client]


def person(database: Database, email: str) -> dict[str, Any]:
    row = database.execute("select id::text, full_name from profiles where email = %s", [email]).fetchone()
    assert row is not None
    return row


def moves(client: Client, task: str, seen: str = "done") -> dict[str, Any]:
    """Move a task that was seen in another column than it is in."""
    asked = {"task": task, "seen": {"status": seen}, "change": {"status": "blocked"}}
    answer: dict[str, Any] = client.rpc("change_task", asked).execute().data
    assert (answer["written"], answer["refusal"]) == (False, None)
    return answer


def confirms(client: Client, booking: str) -> dict[str, Any]:
    """Move a booking in the list, of a version that it is not any more."""
    asked = {
        "chosen": [{"id": booking, "seen": "2026-01-01T00:00:00+00:00"}],
        "change": {"status": "confirmed"},
        "list": {"page_size": 1},
    }
    (answer,) = client.rpc("change_listed_bookings", asked).execute().data["answers"]
    assert (answer["written"], answer["refusal"]) == (False, None)
    found: dict[str, Any] = answer
    return found


def test_agent_learns_who_moved_their_task_and_nobody_else_does(
    as_staff: AsStaff, database: Database
) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    as_staff(ADMIN).table("tasks").update({"status": "in_progress"}).eq("id", task).execute()
    as_staff(AGENT).table("tasks").update({"title": "Call the guide"}).eq("id", task).execute()
    boss = person(database, ADMIN)
    for email in (AGENT, ADMIN):
        latest = moves(as_staff(email), task)["latest"]
        assert (latest["actor"], latest["actor_name"]) == (boss["id"], boss["full_name"])
        assert "metadata" not in latest
    for email in (OTHER_AGENT, FINANCE, VIEWER):
        answer = moves(as_staff(email), task)
        assert (answer["task"], answer["latest"]) == (None, None)
    kept = database.execute("select status::text from tasks where id = %s", [task]).fetchone()
    assert kept == {"status": "in_progress"}


def test_nobody_is_named_to_whoever_was_in_time(as_staff: AsStaff, database: Database) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    admin = as_staff(ADMIN)
    admin.table("tasks").update({"status": "in_progress"}).eq("id", task).execute()
    for seen, change in (({}, {}), ({"status": "in_progress"}, {"status": "blocked"})):
        asked = {"task": task, "seen": seen, "change": change}
        assert admin.rpc("change_task", asked).execute().data["latest"] is None


def test_agent_learns_who_moved_or_gave_them_a_booking_and_of_no_other_change(
    as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=OTHER_AGENT)
    boss, me = person(database, ADMIN), person(database, AGENT)
    admin = as_staff(ADMIN).table("bookings")
    admin.update({"assigned_agent": me["id"]}).eq("id", booking).execute()
    assert confirms(as_staff(AGENT), booking)["latest"]["actor_name"] == boss["full_name"]
    assert confirms(as_staff(OTHER_AGENT), booking)["latest"] is None
    admin.update({"status": "cancelled"}).eq("id", booking).execute()
    assert confirms(as_staff(AGENT), booking)["latest"]["actor_name"] == boss["full_name"]
    assert confirms(as_staff(OTHER_AGENT), booking)["latest"] is None
    admin.update({"details": {"pickup_place": "Munnar"}}).eq("id", booking).execute()
    # Naming who moved it before would be wrong: the last change was another.
    assert confirms(as_staff(AGENT), booking)["latest"] is None
    assert confirms(as_staff(ADMIN), booking)["latest"]["actor"] == boss["id"]
    assert as_staff(AGENT).table("audit_logs").select("id").execute().data == []
    kept = database.execute("select status::text from bookings where id = %s", [booking]).fetchone()
    assert kept == {"status": "cancelled"}


def test_admin_learns_who_emptied_a_routing_rule_and_nobody_else_does(
    as_staff: AsStaff, database: Database
) -> None:
    boss, agent = person(database, ADMIN), person(database, AGENT)
    rules = as_staff(ADMIN).table("assignment_rules")
    rules.insert({"purpose": "service", "agent": agent["id"], "enabled": False}).execute()
    rules.delete().eq("purpose", "service").execute()
    asked = {"routed": "service", "turned_on": False, "agents": []}
    late = asked | {"seen": {"enabled": False, "agents": [agent["id"]]}}
    for email, named in ((ADMIN, True), (AGENT, False)):
        answer = as_staff(email).rpc("change_routing", late).execute().data
        assert answer["written"] is False
        assert ((answer["latest"] or {}).get("actor_name") == boss["full_name"]) is named
    in_time = asked | {"seen": {"enabled": False, "agents": []}}
    answer = as_staff(ADMIN).rpc("change_routing", in_time).execute().data
    assert (answer["written"], answer["latest"]) == (True, None)
    assert database.execute("select from assignment_rules where purpose = 'service'").rowcount == 0


@pytest.mark.parametrize(("email", "named"), [(ADMIN, True), (AGENT, False)])
def test_only_an_admin_learns_who_changed_a_client(
    email: str, named: bool, as_staff: AsStaff, database: Database
) -> None:
    client = make_client(database, country="IN")
    make_booking(database, client_id=client, agent=AGENT)
    as_staff(ADMIN).table("clients").update({"country": "GB"}).eq("id", client).execute()
    asked = {"client": client, "seen": {"name": "Somebody"}, "wanted": {"name": "Nobody"}}
    answer = as_staff(email).rpc("change_client", asked).execute().data
    assert answer["page"]["row"]["id"] == client, "they may read the client"
    assert ((answer["latest"] or {}).get("actor") == person(database, ADMIN)["id"]) is named
    kept = database.execute("select country, name = 'Nobody' as renamed from clients where id = %s", [client])
    assert kept.fetchone() == {"country": "GB", "renamed": False}
