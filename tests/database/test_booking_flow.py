"""One booking from the website to its end, as the database sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from supabase import Client

from tests.support.factories import Database, book, make_booking
from tests.support.people import ADMIN, AGENT, OTHER_AGENT

Visitor = Callable[[], Client]
AsStaff = Callable[[str], Client]
HOURS = {
    "cab": 1,
    "medical": 4,
    "hotel": 4,
    "logistics": 4,
    "tourism": 24,
    "nri": 24,
    "hybrid": 24,
    "service": 24,
}


def test_booking_brings_its_client_its_task_and_its_history(
    visitor: Visitor, as_staff: AsStaff, database: Database
) -> None:
    booking = book(visitor(), pickup_place="Kochi", dropoff_place="Munnar")

    (row,) = as_staff(ADMIN).table("booking_rows").select("*").eq("id", booking).execute().data
    assert (row["headline"], row["status"], row["open_tasks"]) == ("Kochi → Munnar", "pending", 1)
    (task,) = tasks_of(database, booking)
    assert task["title"] == f"Review cab booking {row['reference'][:4]}-{row['reference'][4:]}"
    assert [
        (change["table_name"], change["action"], change["actor"]) for change in history(database, booking)
    ] == [
        ("bookings", "INSERT", "system"),
        ("tasks", "INSERT", "system"),
    ]

    agent = account(database, AGENT)
    as_staff(ADMIN).table("bookings").update({"assigned_agent": agent}).eq("id", booking).execute()
    as_staff(AGENT).table("bookings").update({"status": "confirmed"}).eq("id", booking).execute()
    as_staff(AGENT).table("tasks").update({"status": "done"}).eq("id", str(task["id"])).execute()

    admin = account(database, ADMIN)
    assert [
        (change["table_name"], change["actor"], change["metadata"]["changes"])
        for change in history(database, booking)[2:]
    ] == [
        ("bookings", admin, {"assigned_agent": {"old": None, "new": agent}}),
        ("tasks", admin, {"assigned_to": {"old": None, "new": agent}}),
        ("bookings", agent, {"status": {"old": "pending", "new": "confirmed"}}),
        ("tasks", agent, {"status": {"old": "open", "new": "done"}}),
    ]


def test_what_is_new_is_written_down_column_by_column(as_staff: AsStaff, database: Database) -> None:
    """A booking and its review task by one statement, any other task by its own: all look alike."""
    booking = make_booking(database, agent=AGENT)
    agent = account(database, AGENT)
    new = {"booking_id": booking, "title": "Call the hotel", "assigned_to": agent}
    as_staff(AGENT).table("tasks").insert(new).execute()
    (row,) = database.execute("select to_jsonb(bookings) as it from bookings where id = %s", [booking])
    review, task = database.execute(
        "select to_jsonb(tasks) as it from tasks where booking_id = %s order by title desc", [booking]
    )
    logged = [change["metadata"] for change in history(database, booking)]
    assert logged == [
        {"changes": come_from_nothing(row["it"])},
        *(
            {
                "booking_id": booking,
                "title": added["it"]["title"],
                "changes": come_from_nothing(added["it"]),
            }
            for added in (review, task)
        ),
    ]


def come_from_nothing(row: dict[str, Any]) -> dict[str, Any]:
    told_elsewhere = {"id", "created_at", "updated_at", "reference"}
    return {column: {"old": None, "new": row[column]} for column in row.keys() - told_elsewhere}


@pytest.mark.parametrize(("purpose", "hours"), HOURS.items())
def test_review_is_due_as_soon_as_the_purpose_asks(purpose: str, hours: int, database: Database) -> None:
    booking = make_booking(database, purpose=purpose)
    (task,) = tasks_of(database, booking)
    row = database.execute("select created_at from bookings where id = %s", [booking]).fetchone()
    assert row is not None
    assert task["due_date"] - row["created_at"] == timedelta(hours=hours)


def test_unfinished_tasks_go_along_when_a_booking_is_handed_over(
    as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=AGENT)
    agent, other = account(database, AGENT), account(database, OTHER_AGENT)
    assert [str(task["assigned_to"]) for task in tasks_of(database, booking)] == [agent]
    database.execute(
        "insert into tasks (booking_id, title, status, assigned_to) values (%s, 'Done before', 'done', %s)",
        [booking, agent],
    )

    as_staff(ADMIN).table("bookings").update({"assigned_agent": other}).eq("id", booking).execute()
    owners = {task["title"]: str(task["assigned_to"]) for task in tasks_of(database, booking)}
    assert owners.pop("Done before") == agent
    assert set(owners.values()) == {other}

    as_staff(ADMIN).table("bookings").update({"assigned_agent": None}).eq("id", booking).execute()
    assert {task["assigned_to"] for task in tasks_of(database, booking) if task["status"] != "done"} == {None}


def test_agent_who_saw_an_older_version_changes_nothing(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    bookings = as_staff(AGENT).table("bookings")
    seen = bookings.select("updated_at").eq("id", booking).execute().data[0]["updated_at"]

    def move(status: str) -> list[Any]:
        update = bookings.update({"status": status}).eq("id", booking).eq("updated_at", seen)
        return update.execute().data

    assert len(move("confirmed")) == 1
    assert move("cancelled") == []
    row = database.execute("select status from bookings where id = %s", [booking]).fetchone()
    assert row == {"status": "confirmed"}


def test_every_update_leaves_another_updated_at(database: Database) -> None:
    booking = make_booking(database)
    seen = set()
    with database.transaction():
        for _ in range(5):
            row = database.execute(
                "update bookings set status = 'confirmed' where id = %s returning updated_at", [booking]
            ).fetchone()
            assert row is not None
            seen.add(row["updated_at"])
    assert len(seen) == 5


def test_booking_outlives_the_account_of_its_agent(database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    from_before = tasks_of(database, booking)
    with database.transaction(force_rollback=True):
        database.execute("delete from auth.users where id = %s", [account(database, AGENT)])
        row = database.execute("select assigned_agent from bookings where id = %s", [booking]).fetchone()
        assert row == {"assigned_agent": None}
        assert [task["id"] for task in tasks_of(database, booking)] == [task["id"] for task in from_before]


def tasks_of(database: Database, booking: str) -> list[dict[str, Any]]:
    return database.execute(
        "select * from tasks where booking_id = %s order by created_at", [booking]
    ).fetchall()


def history(database: Database, booking: str) -> list[dict[str, Any]]:
    return database.execute("select * from booking_timeline(%s)", [booking]).fetchall()


def account(database: Database, email: str) -> str:
    row = database.execute("select id::text from profiles where email = %s", [email]).fetchone()
    assert row is not None
    return str(row["id"])
