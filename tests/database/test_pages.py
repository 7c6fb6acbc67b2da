"""What the dashboard reads in one round trip, as each role gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.database.cast import add_account, email_of
from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER

AsStaff = Callable[[str], Client]


@pytest.mark.parametrize("who", [ADMIN, AGENT, FINANCE, VIEWER])
def test_everybody_on_the_staff_knows_the_counts(who: str, as_staff: AsStaff, database: Database) -> None:
    counted = database.execute(
        "select purpose::text, status::text, count(*) as bookings from bookings group by 1, 2"
    ).fetchall()
    summary = as_staff(who).rpc("booking_summary", {}).execute().data
    assert sorted(summary, key=str) == sorted(counted, key=str)


def test_visitor_knows_no_counts(visitor: Callable[[], Client]) -> None:
    with pytest.raises(APIError, match="permission denied"):
        visitor().rpc("booking_summary", {}).execute()


def test_admin_sees_who_can_take_a_booking_and_how_much_they_have(
    as_staff: AsStaff, database: Database
) -> None:
    def load() -> int:
        agents = as_staff(ADMIN).rpc("staff_agents", {}).execute().data
        assert {agent["role"] for agent in agents} == {"operations", "admin"}
        (priya,) = [agent for agent in agents if agent["full_name"] == "Priya Nair"]
        return int(priya["open_bookings"])

    before = load()
    make_booking(database, agent=AGENT)
    make_booking(database, agent=AGENT, status="completed")
    assert load() == before + 1


@pytest.mark.parametrize("who", [AGENT, FINANCE, VIEWER])
def test_nobody_else_sees_the_team(who: str, as_staff: AsStaff) -> None:
    assert as_staff(who).rpc("staff_agents", {}).execute().data == []


def test_admin_reads_a_booking_whole(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT, notes="Quiet driver, please")
    page = page_of(as_staff(ADMIN), booking)
    assert page["row"]["id"] == booking
    assert page["details"]["notes"] == "Quiet driver, please"
    assert page["client"]["name"] == page["row"]["client_name"]
    assert [task["title"].split()[0] for task in page["tasks"]] == ["Review"]
    assert [change["action"] for change in page["history"]] == ["INSERT", "INSERT"]
    assert page["agents"]


def test_agent_reads_their_booking_with_its_moves_alone_and_without_the_team(
    as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=AGENT)
    page = page_of(as_staff(AGENT), booking)
    assert page["client"]["name"] == page["row"]["client_name"]
    assert len(page["tasks"]) == 1
    moves = [(move["table_name"], move["action"], move["metadata"]) for move in page["history"]]
    assert moves == [("bookings", "INSERT", {"changes": {}})]
    assert page["agents"] == []


def test_finance_reads_a_booking_without_its_client(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    page = page_of(as_staff(FINANCE), booking)
    assert page["row"]["client_name"] is None
    assert page["client"] is None
    assert (page["tasks"], page["history"], page["agents"]) == ([], [], [])


@pytest.mark.parametrize("who", [OTHER_AGENT, VIEWER])
def test_booking_of_somebody_else_is_not_there(who: str, as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    assert page_of(as_staff(who), booking) is None
    assert page_of(as_staff(ADMIN), booking) is not None


def test_overview_shows_what_waits(as_staff: AsStaff, database: Database) -> None:
    agent = email_of(database, add_account(database, role="operations"))
    booking = make_booking(database, agent=agent)
    database.execute(
        "update tasks set due_date = now() - interval '90 days' where booking_id = %s", [booking]
    )
    mine = as_staff(agent).rpc("overview_page", {}).execute().data
    assert mine["tasks"][0]["booking_id"] == booking
    assert mine["overdue_count"] >= 1
    assert (mine["unassigned"], mine["unassigned_count"]) == ([], 0)
    assert [row["id"] for row in mine["starting"]] == [booking]
    make_task(database, booking, assigned_to=ADMIN)
    everything = as_staff(ADMIN).rpc("overview_page", {}).execute().data
    me = as_staff(ADMIN).table("profiles").select("id").eq("email", ADMIN).execute().data[0]["id"]
    assert {task["assigned_to"] for task in everything["tasks"]} == {me}
    board = as_staff(ADMIN).rpc("task_board", {"tonight": "2100-01-01T00:00:00Z"}).execute().data
    assert {task["assigned_to"] for task in board["day"]} == {me}
    late = "select count(*) from tasks where assigned_to = %s and status <> 'done' and due_date < now()"
    assert everything["overdue_count"] == (database.execute(late, [me]).fetchone() or {})["count"]
    assert everything["unassigned_count"] >= len(everything["unassigned"]) > 0
    assert everything["starting"] == sorted(everything["starting"], key=lambda row: str(row["starts_at"]))
    counts = as_staff(VIEWER).rpc("overview_page", {}).execute().data
    assert counts["summary"]
    assert [counts[name] for name in ("unassigned", "starting", "tasks")] == [[], [], []]


def page_of(client: Client, booking: str) -> dict[str, Any]:
    page: dict[str, Any] = client.rpc("booking_page", {"booking": booking}).execute().data
    return page
