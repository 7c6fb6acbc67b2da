"""Each policy holds by itself: without the triggers behind it, and for statements that name no row.

A statement without a condition reads nothing, so that the policies about reading don't narrow it. Where a
policy looks into the bookings, it says itself whose they are, and does not count on their own policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.database.cast import add_account
from tests.support.factories import Database, make_booking, make_task

OTHERS = ("operations", "finance", "viewer", None)
BLIND = {
    "update bookings set status = 'cancelled'": "select count(*) from bookings where assigned_agent = %s",
    "update tasks set status = 'blocked'": "select count(*) from tasks where assigned_to = %s",
    "delete from tasks": "select count(*) from tasks where assigned_to = %s",
    "update clients set country = 'IN'": None,
    "update profiles set full_name = 'Nobody'": None,
    "delete from profiles": None,
    "update invitations set expires_at = now() + interval '2 days'": None,
    "delete from invitations": None,
    "update assignment_rules set enabled = false": None,
    "delete from assignment_rules": None,
}
"""Each with how many rows of it are an agent's own; None where all of it is an admin's."""


@dataclass(frozen=True)
class Person:
    """Somebody who acts past every trigger. What they do is forgotten."""

    id: str
    database: Database
    opened: str = ""
    """A policy that lets more through for the moment, so that another one stands alone."""

    def does(self, statement: str, *values: Any) -> int:
        """How many rows it touched, whatever columns it writes.

        :raise psycopg.errors.InsufficientPrivilege: a policy refuses what it would have written.
        """
        claims = json.dumps({"sub": self.id, "role": "authenticated"})
        with self.database.transaction(force_rollback=True):
            self.database.execute("grant insert on booking_notes to authenticated")
            if self.opened:
                self.database.execute(self.opened.encode())
            self.database.execute("set local session_replication_role = replica")
            self.database.execute("select set_config('request.jwt.claims', %s, true)", [claims])
            self.database.execute("set local role authenticated")
            return self.database.execute(statement.encode(), values).rowcount

    def is_refused(self, statement: str, *values: Any) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            self.does(statement, *values)


@pytest.fixture(scope="module")
def world(records: Database) -> Iterator[Database]:
    """At least one row of everything, each of somebody else."""
    agent = add_account(records, role="operations")
    booking = make_booking(records)
    make_task(records, booking)
    email = f"{uuid4().hex}@invited.example"
    records.execute("insert into invitations (email, role) values (%s, 'viewer')", [email])
    records.execute("insert into assignment_rules (purpose, agent) values ('service', %s)", [agent])
    yield records
    records.execute("delete from invitations where email = %s", [email])
    records.execute("delete from assignment_rules where agent = %s", [agent])


def count(database: Database, query: str, *values: Any) -> int:
    row = database.execute(query.encode(), values).fetchone()
    assert row is not None
    return int(row["count"])


@pytest.mark.parametrize("statement", BLIND)
@pytest.mark.parametrize("role", OTHERS)
def test_statement_without_a_condition_reaches_nobody_else_s_rows(
    role: str | None, statement: str, world: Database
) -> None:
    person = Person(add_account(world, role=role), world)
    if role:
        # Whoever is no agent any more keeps what is theirs, and may not touch it.
        booking = held_by(world, person.id)
        with world.transaction():
            world.execute("set local session_replication_role = replica")
            world.execute("update tasks set assigned_to = %s where booking_id = %s", [person.id, booking])
    own = BLIND[statement]
    assert person.does(statement) == (count(world, own, person.id) if own and role == "operations" else 0)
    assert not own or not role or count(world, own, person.id) == 1
    admin = Person(add_account(world, role="admin"), world)
    table = statement.split()[1 if statement.startswith("update") else 2]
    assert admin.does(statement) == count(world, f"select count(*) from {table}") > 0


TASK = "insert into tasks (booking_id, title, assigned_to) values (%s, 'Call', %s)"
NOTE = "insert into booking_notes (id, booking_id, author, author_name, body) values (%s, %s, %s, '', 'Hi')"


def held_by(database: Database, person: str) -> str:
    """A booking that says it is this person's, who need be no agent any more."""
    booking = make_booking(database)
    with database.transaction():
        database.execute("set local session_replication_role = replica")
        database.execute("update bookings set assigned_agent = %s where id = %s", [person, booking])
    return booking


def test_agent_gives_nothing_away_and_takes_nothing(world: Database) -> None:
    me, other = (Person(add_account(world, role="operations"), world) for _ in range(2))
    mine, theirs = held_by(world, me.id), held_by(world, other.id)
    world.execute("update tasks set assigned_to = %s where booking_id = %s", [me.id, mine])
    for new in (other.id, None):
        me.is_refused("update bookings set assigned_agent = %s", new)
        me.is_refused("update tasks set assigned_to = %s", new)
    assert me.does(TASK, mine, me.id) == 1
    me.is_refused(TASK, mine, other.id)
    me.is_refused(TASK, theirs, me.id)
    for role in ("finance", "viewer"):
        person = Person(add_account(world, role=role), world)
        person.is_refused(TASK, held_by(world, person.id), person.id)


def test_author_writes_and_takes_back_where_they_may_still_read(world: Database) -> None:
    me, other = (Person(add_account(world, role="operations"), world) for _ in range(2))
    mine, theirs = held_by(world, me.id), held_by(world, other.id)
    assert me.does(NOTE, uuid4(), mine, me.id) == 1
    me.is_refused(NOTE, uuid4(), mine, other.id)
    me.is_refused(NOTE, uuid4(), theirs, me.id)
    former = Person(add_account(world, role="finance"), world)
    held = held_by(world, former.id)
    former.is_refused(NOTE, uuid4(), held, former.id)
    with world.transaction():
        world.execute("set local session_replication_role = replica")
        for booking, author in ((mine, me), (theirs, me), (mine, other), (held, former)):
            world.execute(NOTE.encode(), [uuid4(), booking, author.id])
    assert me.does("delete from booking_notes") == 1
    assert former.does("delete from booking_notes") == 0


def test_agent_who_could_read_every_booking_would_still_work_on_their_own_alone(world: Database) -> None:
    everything = "create policy everything on bookings for select using (true)"
    me = Person(add_account(world, role="operations"), world, everything)
    mine, theirs = (held_by(world, person) for person in (me.id, add_account(world, role="operations")))
    with world.transaction():
        world.execute("set local session_replication_role = replica")
        for booking in (mine, theirs):
            world.execute(NOTE.encode(), [uuid4(), booking, me.id])
    assert me.does("select from bookings where id in (%s, %s)", mine, theirs) == 2
    assert me.does("select from booking_notes where booking_id in (%s, %s)", mine, theirs) == 1
    clients = world.execute("select client_id from bookings where id in (%s, %s)", [mine, theirs]).fetchall()
    known = me.does("select from clients where id in (%s, %s)", *(row["client_id"] for row in clients))
    assert (len(clients), known) == (2, 1)
    assert me.does("delete from booking_notes") == 1
    assert me.does(NOTE, uuid4(), mine, me.id) == 1
    me.is_refused(NOTE, uuid4(), theirs, me.id)
    assert me.does(TASK, mine, me.id) == 1
    me.is_refused(TASK, theirs, me.id)


@pytest.mark.parametrize("table", ["bookings", "tasks"])
@pytest.mark.parametrize("role", ["operations", "finance", "viewer"])
def test_only_an_agent_leaves_a_row_that_is_theirs_behind(role: str, table: str, world: Database) -> None:
    person = add_account(world, role=role)
    row = held = held_by(world, person)
    if table == "tasks":
        with world.transaction():
            world.execute("set local session_replication_role = replica")
            (task,) = world.execute(
                "update tasks set assigned_to = %s where booking_id = %s returning id::text", [person, held]
            )
        row = task["id"]
    reached = f"create policy reached on {table} for update using (id = '{row}') with check (false)"
    them = Person(person, world, reached)
    if role == "operations":
        assert them.does(f"update {table} set created_at = now()") == 1
    else:
        them.is_refused(f"update {table} set created_at = now()")


@pytest.mark.parametrize(
    ("column", "value"), [("status", "'confirmed'"), ("assigned_agent", "%(agent)s"), ("client_id", "null")]
)
def test_visitor_who_could_write_every_column_would_still_book_pending_and_unassigned(
    column: str, value: str, world: Database
) -> None:
    agent, client = add_account(world, role="operations"), any_client(world)
    row = {"status": "'pending'", "assigned_agent": "null", "client_id": f"'{client}'"}
    booked = "insert into bookings (purpose, details, {}) values ('cab', '{{}}', {})"

    def tries(row: dict[str, str]) -> None:
        with world.transaction(force_rollback=True):
            world.execute("grant insert on bookings to anon")
            world.execute("set local session_replication_role = replica")
            world.execute("set local role anon")
            world.execute(booked.format(", ".join(row), ", ".join(row.values())).encode())

    tries(row)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        tries(row | {column: value.replace("%(agent)s", f"'{agent}'")})


def any_client(database: Database) -> str:
    row = database.execute("select id::text from clients limit 1").fetchone()
    assert row is not None
    return str(row["id"])
