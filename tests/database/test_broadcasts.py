"""Who hears of what: the messages that the database leaves for Realtime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from supabase import Client

from tests.database.cast import add_account
from tests.support.factories import Database, book, make_booking, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT

Visitor = Callable[[], Client]
AsStaff = Callable[[str], Client]
Message = tuple[str, str]


def test_new_booking_is_told_to_each_audience_as_it_may_read_it(
    visitor: Visitor, as_staff: AsStaff, database: Database
) -> None:
    mark = now(database)
    booking = book(visitor())
    heard = messages_since(database, mark, booking)
    assert sorted(heard) == [("role:admin", "booking"), ("role:finance", "booking")]
    for email, topic in ((ADMIN, "role:admin"), (FINANCE, "role:finance")):
        payload = heard[topic, "booking"]
        assert payload["kind"] == "INSERT"
        (row,) = as_staff(email).table("booking_rows").select("*").eq("id", booking).execute().data
        assert payload["row"] == row
    assert heard["role:admin", "booking"]["row"]["client_name"]
    assert heard["role:admin", "booking"]["row"]["open_tasks"] == 1
    (task,) = database.execute("select id::text from tasks where booking_id = %s", [booking]).fetchall()
    assert messages_since(database, mark, task["id"]) == {}


def test_finance_hears_no_person(database: Database) -> None:
    mark = now(database)
    booking = make_booking(database, agent=AGENT)
    row = messages_since(database, mark, booking)["role:finance", "booking"]["row"]
    hidden = [name for name in row if name.startswith("client_")] + ["assigned_agent_name", "next_due"]
    assert len(hidden) == 7
    assert {row[name] for name in hidden} == {None}


def test_viewer_hears_a_count_and_no_booking(visitor: Visitor, database: Database) -> None:
    mark = now(database)
    booking = book(visitor())
    database.execute("update bookings set status = 'confirmed' where id = %s", [booking])
    database.execute("update bookings set purpose = 'hotel' where id = %s", [booking])
    database.execute("delete from bookings where id = %s", [booking])
    messages = database.execute(
        "select event, payload from realtime.messages where topic = 'role:viewer' and inserted_at >= %s"
        " order by inserted_at, payload ->> 'to' nulls first",
        [mark],
    ).fetchall()
    assert {message["event"] for message in messages} == {"summary"}
    counts = [message["payload"] for message in messages]
    for count in counts:
        assert count.pop("id") != booking  # realtime.send gives every message one
    assert counts == [
        {"purpose": "cab", "from": None, "to": "pending"},
        {"purpose": "cab", "from": "pending", "to": "confirmed"},
        {"purpose": "cab", "from": "confirmed", "to": None},
        {"purpose": "hotel", "from": None, "to": "confirmed"},
        {"purpose": "hotel", "from": "confirmed", "to": None},
    ]


def test_agent_hears_of_a_booking_that_is_theirs_and_no_other(as_staff: AsStaff, database: Database) -> None:
    mark = now(database)
    booking = make_booking(database, agent=AGENT)
    heard = messages_since(database, mark, booking)
    payload = heard[topic_of(database, AGENT), "booking"]
    (row,) = as_staff(AGENT).table("booking_rows").select("*").eq("id", booking).execute().data
    assert payload["row"] == row
    assert row["client_name"]
    assert not [topic for topic, _ in heard if topic == topic_of(database, OTHER_AGENT)]


def test_hand_over_leaves_one_agent_and_reaches_the_next(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    mine, theirs = topic_of(database, AGENT), topic_of(database, OTHER_AGENT)
    mark = now(database)
    agent = theirs.removeprefix("staff:")
    as_staff(ADMIN).table("bookings").update({"assigned_agent": agent}).eq("id", booking).execute()
    heard = messages_since(database, mark, booking)
    assert heard[mine, "leave"] == {"id": booking}
    assert (mine, "booking") not in heard
    assert heard[theirs, "booking"]["row"]["open_tasks"] == 1
    (task,) = database.execute("select id::text from tasks where booking_id = %s", [booking]).fetchall()
    about_the_task = messages_since(database, mark, task["id"])
    assert about_the_task[mine, "task_leave"] == {"id": task["id"]}
    assert about_the_task[theirs, "task"]["row"]["assigned_to"] == agent
    assert about_the_task["role:admin", "task"]["row"]["assigned_to_name"]


def test_one_transaction_is_one_message_to_each_with_the_row_as_it_ends(database: Database) -> None:
    booking = make_booking(database)
    mark = now(database)
    with database.transaction():
        database.execute("update bookings set status = 'confirmed' where id = %s", [booking])
        database.execute("update tasks set status = 'done' where booking_id = %s", [booking])
        database.execute("update bookings set status = 'in_progress' where id = %s", [booking])
    heard = database.execute(
        "select payload from realtime.messages where topic = 'role:admin' and event = 'booking'"
        " and inserted_at >= %s and payload ->> 'id' = %s",
        [mark, booking],
    ).fetchall()
    assert len(heard) == 1
    assert heard[0]["payload"]["row"]["status"] == "in_progress"
    assert heard[0]["payload"]["row"]["open_tasks"] == 0
    assert database.execute("select from private.outbox").rowcount == 0


def test_what_is_rolled_back_is_not_told(database: Database) -> None:
    booking = make_booking(database)
    mark = now(database)
    with database.transaction(force_rollback=True):
        database.execute("update bookings set status = 'confirmed' where id = %s", [booking])
    assert messages_since(database, mark, booking) == {}


def test_finished_task_changes_the_row_on_open_lists(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    mark = now(database)
    as_staff(AGENT).table("tasks").update({"status": "done"}).eq("booking_id", booking).execute()
    heard = messages_since(database, mark, booking)
    assert heard["role:admin", "booking"]["row"]["open_tasks"] == 0
    assert heard[topic_of(database, AGENT), "booking"]["row"]["open_tasks"] == 0


def test_agent_with_a_task_on_a_foreign_booking_hears_the_task_only(database: Database) -> None:
    booking = make_booking(database, agent=OTHER_AGENT)
    mark = now(database)
    task = database.execute(
        "insert into tasks (booking_id, title, assigned_to)"
        " values (%s, 'Help out', (select id from profiles where email = %s)) returning id::text",
        [booking, AGENT],
    ).fetchone()
    assert task is not None
    mine = topic_of(database, AGENT)
    row = messages_since(database, mark, task["id"])[mine, "task"]["row"]
    assert (row["title"], row["reference"], row["headline"]) == ("Help out", None, None)
    assert not [topic for topic, _ in messages_since(database, mark, booking) if topic == mine]


def test_deleted_booking_leaves_every_list(database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    mark = now(database)
    database.execute("delete from bookings where id = %s", [booking])
    gone = {"kind": "DELETE", "id": booking, "row": None}
    assert messages_since(database, mark, booking) == {
        ("role:admin", "booking"): gone,
        ("role:finance", "booking"): gone,
        (topic_of(database, AGENT), "booking"): gone,
    }


def test_renamed_client_is_renamed_on_open_lists(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    (row,) = as_staff(ADMIN).table("booking_rows").select("client_id").eq("id", booking).execute().data
    mark = now(database)
    as_staff(ADMIN).table("clients").update({"name": "Asha Menon"}).eq("id", row["client_id"]).execute()
    heard = messages_since(database, mark, booking)
    assert heard["role:admin", "booking"]["row"]["client_name"] == "Asha Menon"
    assert heard[topic_of(database, AGENT), "booking"]["row"]["client_name"] == "Asha Menon"


def test_somebody_whose_role_changes_is_told(database: Database) -> None:
    person = add_account(database, role="operations")
    mark = now(database)
    database.execute("update profiles set role = 'finance' where id = %s", [person])
    database.execute("delete from auth.users where id = %s", [person])
    messages = database.execute(
        "select event, payload ->> 'role' as role from realtime.messages"
        " where topic = %s and inserted_at >= %s order by inserted_at",
        [f"staff:{person}", mark],
    ).fetchall()
    assert [(message["event"], message["role"]) for message in messages] == [
        ("access", "finance"),
        ("access", None),
    ]


@pytest.mark.parametrize("changed", ["role = 'finance'", "deactivated_at = now()"])
def test_former_agent_hears_no_client(
    changed: str, as_staff: Callable[[str], Client], database: Database
) -> None:
    person = add_account(database, role="operations")
    booking = make_booking(database)
    database.execute("update bookings set assigned_agent = %s where id = %s", [person, booking])
    database.execute(f"update profiles set {changed} where id = %s".encode(), [person])
    task = make_task(database, booking)
    database.execute(
        "set session_replication_role = replica"
    )  # who was let go keeps what was done for the past
    database.execute("update tasks set assigned_to = %s where id = %s", [person, task])
    database.execute("set session_replication_role = origin")
    mark = now(database)
    database.execute("update bookings set status = 'confirmed' where id = %s", [booking])
    assert (f"staff:{person}", "booking") not in messages_since(database, mark, booking)
    database.execute("update tasks set status = 'done' where id = %s", [task])
    assert (f"staff:{person}", "task") not in messages_since(database, mark, task)
    note = as_staff(ADMIN).table("booking_notes").insert({"booking_id": booking, "body": "Called"}).execute()
    assert set(messages_since(database, mark, note.data[0]["id"])) == {("role:admin", "note")}


def test_every_message_is_private(database: Database) -> None:
    make_booking(database)
    rows = database.execute("select distinct private, extension from realtime.messages").fetchall()
    assert rows == [{"private": True, "extension": "broadcast"}]


@pytest.mark.parametrize(("role", "hear"), [("operations", 2), ("finance", 2), ("viewer", 2), ("admin", 1)])
def test_new_name_is_told_to_admins_and_to_whoever_bears_it(role: str, hear: int, database: Database) -> None:
    person = add_account(database, role=role)
    mark = now(database)
    database.execute("update profiles set full_name = 'Asha Nair' where id = %s", [person])
    audience = ("role:admin", f"staff:{person}")[:hear]
    told = {"id": person, "name": "Asha Nair"}
    assert messages_since(database, mark, person) == {(topic, "person"): told for topic in audience}
    database.execute("update profiles set full_name = '' where id = %s", [person])
    (row,) = database.execute("select email from profiles where id = %s", [person]).fetchall()
    named = database.execute(
        "select payload ->> 'name' as name from realtime.messages"
        " where event = 'person' and payload ->> 'id' = %s order by inserted_at desc limit 1",
        [person],
    ).fetchone()
    assert named == {"name": row["email"]}


def now(database: Database) -> Any:
    """Messages are stamped with UTC and no zone."""
    row = database.execute("select clock_timestamp() at time zone 'UTC' as now").fetchone()
    assert row is not None
    return row["now"]


def messages_since(database: Database, mark: Any, record: str) -> dict[Message, dict[str, Any]]:
    """What was told of this booking or task, by topic and event; nothing is told twice."""
    messages = database.execute(
        "select topic, event, payload from realtime.messages"
        " where inserted_at >= %s and payload ->> 'id' = %s",
        [mark, record],
    ).fetchall()
    told = {(message["topic"], message["event"]): message["payload"] for message in messages}
    assert len(told) == len(messages)
    return told


def topic_of(database: Database, email: str) -> str:
    row = database.execute(
        "select 'staff:' || id as topic from profiles where email = %s", [email]
    ).fetchone()
    assert row is not None
    return str(row["topic"])
