"""New bookings that find their agent themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from supabase import Client

from tests.database.cast import add_account, email_of
from tests.support.at_once import book_at_once
from tests.support.backend import TestBackend
from tests.support.factories import Database, book, cab_details, make_booking
from tests.support.people import ADMIN, People

Visitor = Callable[[], Client]
AsStaff = Callable[[str], Client]


@pytest.fixture
def team(as_staff: AsStaff, database: Database) -> Iterator[list[str]]:
    """Four agents who take cab bookings, by the admin's rules."""
    agents = [add_account(database, role="operations") for _ in range(4)]
    rules = [{"purpose": "cab", "agent": agent, "enabled": True} for agent in agents]
    as_staff(ADMIN).table("assignment_rules").insert(rules).execute()
    yield agents
    database.execute("delete from assignment_rules where agent = any(%s::uuid[])", [agents])


def test_routing_is_off_until_somebody_switches_it_on(
    visitor: Visitor, as_staff: AsStaff, database: Database
) -> None:
    agent = add_account(database, role="operations")
    rule = {"purpose": "cab", "agent": agent}
    (added,) = as_staff(ADMIN).table("assignment_rules").insert(rule).execute().data
    assert added["enabled"] is False
    assert agent_of(database, book(visitor())) is None
    as_staff(ADMIN).table("assignment_rules").update({"enabled": True}).eq("id", added["id"]).execute()
    assert agent_of(database, book(visitor())) == agent
    as_staff(ADMIN).table("assignment_rules").delete().eq("id", added["id"]).execute()
    assert agent_of(database, book(visitor())) is None


def test_new_booking_goes_to_the_agent_with_the_fewest(
    team: list[str], visitor: Visitor, database: Database
) -> None:
    for agent, load in zip(team, (2, 1, 0, 3), strict=True):
        for _ in range(load):
            give(database, make_booking(database), agent)
    finished = make_booking(database, status="completed")
    give(database, finished, team[2])
    assert agent_of(database, book(visitor())) == team[2]


def test_assigned_agent_has_the_task_and_hears_of_it_at_once(
    team: list[str], visitor: Visitor, database: Database
) -> None:
    booking = book(visitor())
    agent = agent_of(database, booking)
    assert agent in team
    (task,) = database.execute("select assigned_to::text from tasks where booking_id = %s", [booking])
    assert task["assigned_to"] == agent
    (message,) = database.execute(
        "select payload from realtime.messages where topic = %s and event = 'booking'", [f"staff:{agent}"]
    )
    assert message["payload"]["kind"] == "INSERT"
    assert message["payload"]["row"]["open_tasks"] == 1
    history = database.execute(
        "select table_name, action::text, actor from booking_timeline(%s)", [booking]
    ).fetchall()
    assert [tuple(entry.values()) for entry in history] == [
        ("bookings", "INSERT", "system"),
        ("tasks", "INSERT", "system"),
        ("bookings", "UPDATE", "system"),
    ]


def test_agent_who_left_or_has_another_role_gets_nothing(
    team: list[str], visitor: Visitor, database: Database
) -> None:
    database.execute("update profiles set deactivated_at = now() where id = %s", [team[0]])
    database.execute("update profiles set role = 'finance' where id = %s", [team[1]])
    assert {agent_of(database, book(visitor())) for _ in range(6)} == set(team[2:])


def test_other_purposes_stay_unassigned(team: list[str], visitor: Visitor, database: Database) -> None:
    assert agent_of(database, book(visitor(), purpose="service", need="A SIM card")) is None
    assert agent_of(database, make_booking(database)) is None


def test_two_hundred_at_once_spread_evenly(
    team: list[str],
    backend: TestBackend,
    people: People,
    ceiling: Callable[[str, int], None],
    database: Database,
) -> None:
    ceiling("website", 1000)
    bookings = book_at_once(backend, [cab_details() for _ in range(200)])
    assert Counter(agent_of(database, booking) for booking in bookings) == dict.fromkeys(team, 50)
    # The agent sees the booking and its task at once, as anybody does: through the API.
    agent = people.staff(email_of(database, team[0]))
    mine = [booking for booking in bookings if agent_of(database, booking) == team[0]]
    assert {row["id"] for row in agent.table("bookings").select("id").execute().data} == set(mine)
    assert {row["booking_id"] for row in agent.table("tasks").select("booking_id").execute().data} == set(
        mine
    )


def agent_of(database: Database, booking: str) -> str | None:
    row = database.execute("select assigned_agent::text from bookings where id = %s", [booking]).fetchone()
    assert row is not None
    return row["assigned_agent"] and str(row["assigned_agent"])


def give(database: Database, booking: str, agent: str) -> None:
    database.execute("update bookings set assigned_agent = %s where id = %s", [agent, booking])
