"""What a refusal says: the column, in a sentence for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.database.cast import add_account
from tests.support.backend import TestBackend
from tests.support.colleagues import make_colleague
from tests.support.factories import Database, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER
from tests.support.rows import id_of

AsStaff = Callable[[str], Client]
ELSEWHERE = "00000000-0000-4000-8000-000000000000"  # names no row


@pytest.mark.parametrize(
    ("who", "column", "value", "sentence"),
    [
        (AGENT, "purpose", "hotel", "Operations staff can't change the purpose of a booking."),
        (AGENT, "assigned_agent", None, "Operations staff can't hand a booking to somebody else"),
        (AGENT, "updated_at", "2001-01-01T00:00:00Z", "The updated_at of a booking is stamped"),
        (AGENT, "client_id", ELSEWHERE, "The client_id of a booking never changes."),
        (ADMIN, "client_id", ELSEWHERE, "The client_id of a booking never changes."),
        (ADMIN, "created_at", "2001-01-01T00:00:00Z", "The created_at of a booking never changes."),
        (ADMIN, "id", ELSEWHERE, "The id of a booking never changes."),
        (ADMIN, "updated_at", "2001-01-01T00:00:00Z", "The updated_at of a booking is stamped"),
    ],
)
def test_refusal_on_a_booking_names_the_column(
    who: str, column: str, value: str | None, sentence: str, as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=AGENT)
    refused_update(as_staff(who), database, "bookings", booking, column, value, sentence)


@pytest.mark.parametrize(
    ("who", "column", "value", "sentence"),
    [
        (AGENT, "assigned_to", None, "Operations staff can't hand a task to somebody else"),
        (AGENT, "booking_id", ELSEWHERE, "The booking_id of a task never changes."),
        (ADMIN, "booking_id", ELSEWHERE, "The booking_id of a task never changes."),
        (ADMIN, "created_at", "2001-01-01T00:00:00Z", "The created_at of a task never changes."),
        (ADMIN, "id", ELSEWHERE, "The id of a task never changes."),
    ],
)
def test_refusal_on_a_task_names_the_column(
    who: str, column: str, value: str | None, sentence: str, as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=AGENT)
    task = database.execute("select id from tasks where booking_id = %s", [booking]).fetchone()
    assert task is not None
    refused_update(as_staff(who), database, "tasks", str(task["id"]), column, value, sentence)


@pytest.mark.parametrize(("column", "value"), [("id", ELSEWHERE), ("created_at", "2001-01-01T00:00:00Z")])
def test_refusal_on_a_client_and_a_profile_names_the_column(
    column: str, value: str, as_staff: AsStaff, database: Database
) -> None:
    admin, client, colleague = as_staff(ADMIN), make_client(database), add_account(database, role="viewer")
    sentence = f"The {column} of a client never changes."
    refused_update(admin, database, "clients", client, column, value, sentence)
    sentence = f"The {column} of a profile never changes."
    refused_update(admin, database, "profiles", colleague, column, value, sentence)


def test_admin_cannot_change_the_address_of_a_colleague(as_staff: AsStaff, database: Database) -> None:
    sentence = "The email of a profile follows the account"
    colleague = add_account(database, role="viewer")
    refused_update(as_staff(ADMIN), database, "profiles", colleague, "email", "x@y.example", sentence)


def test_admin_cannot_change_their_own_role(as_staff: AsStaff, database: Database) -> None:
    admin = id_of(database, ADMIN)
    refused_update(
        as_staff(ADMIN), database, "profiles", admin, "role", "viewer", "Nobody changes their own role"
    )


@pytest.mark.parametrize("email", [FINANCE, VIEWER])
def test_booking_and_task_go_only_to_those_who_can_do_the_work(
    email: str, as_staff: AsStaff, database: Database
) -> None:
    booking, person = make_booking(database), id_of(database, email)
    task = database.execute("select id from tasks where booking_id = %s", [booking]).fetchone()
    assert task is not None
    sentence = "A booking can only be assigned to operations staff or an admin"
    refused_update(
        as_staff(ADMIN), database, "bookings", booking, "assigned_agent", person, sentence, code="22023"
    )
    sentence = "A task can only be assigned to operations staff or an admin"
    refused_update(
        as_staff(ADMIN), database, "tasks", str(task["id"]), "assigned_to", person, sentence, code="22023"
    )


@pytest.mark.parametrize(
    ("booking_of", "task_for", "sentence"),
    [
        (AGENT, OTHER_AGENT, "create tasks for themselves only (assigned_to)"),
        (AGENT, None, "create tasks for themselves only (assigned_to)"),
        (OTHER_AGENT, AGENT, "create tasks on their own bookings only (booking_id)"),
        (None, AGENT, "create tasks on their own bookings only (booking_id)"),
    ],
)
def test_agent_cannot_create_a_task_elsewhere_or_for_somebody_else(
    booking_of: str | None, task_for: str | None, sentence: str, as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=booking_of)
    row = {
        "booking_id": booking,
        "title": "Do it for me",
        "assigned_to": task_for and id_of(database, task_for),
    }
    with pytest.raises(APIError, match="42501") as refused:
        as_staff(AGENT).table("tasks").insert(row, returning="minimal").execute()
    assert sentence in str(refused.value.message)
    assert database.execute("select from tasks where booking_id = %s", [booking]).rowcount == 1


@pytest.mark.parametrize("role", ["finance", "viewer"])
def test_bookings_are_routed_only_to_those_who_can_do_the_work(
    role: str, as_staff: AsStaff, database: Database
) -> None:
    person = make_colleague(database, role).id
    with pytest.raises(APIError, match="can only be routed to operations staff or an admin") as refused:
        as_staff(ADMIN).table("assignment_rules").insert({"purpose": "hotel", "agent": person}).execute()
    assert refused.value.code == "22023"
    assert database.execute("select from assignment_rules where agent = %s", [person]).rowcount == 0


def test_agent_cannot_write_health_into_the_details(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    details = {"pickup_place": "Kochi", "health": {"need": "knee"}}
    refused_update(
        as_staff(AGENT), database, "bookings", booking, "details", details, "leave health out", code="22023"
    )


def test_last_admin_stays(backend: TestBackend, database: Database) -> None:
    database.autocommit = False
    database.execute("update profiles set role = 'viewer' where role = 'admin' and email <> %s", [ADMIN])
    for statement in (
        "update profiles set role = 'viewer' where email = %s",
        "delete from profiles where email = %s",
        "delete from auth.users where email = %s",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="last admin"),
            database.transaction(),
        ):
            database.execute(statement.encode(), [ADMIN])
        row = database.execute("select role::text from profiles where email = %s", [ADMIN]).fetchone()
        assert row == {"role": "admin"}
    database.rollback()


def refused_update(
    client: Client,
    database: Database,
    table: str,
    row_id: str,
    column: str,
    value: Any,
    sentence: str,
    code: str = "42501",
) -> None:
    """The API refuses the update with this sentence, and the row is as it was."""
    before = database.execute(f"select * from {table} where id = %s", [row_id]).fetchone()
    assert before is not None
    with pytest.raises(APIError) as refused:
        client.table(table).update({column: value}).eq("id", row_id).execute()
    assert refused.value.code == code
    assert sentence in str(refused.value.message)
    assert refused.value.details == ("health" if "health" in sentence else column)
    assert database.execute(f"select * from {table} where id = %s", [row_id]).fetchone() == before
