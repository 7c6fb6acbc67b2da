"""What each cell of the permission table attempts, and with which values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.database.calls import CALLS, Scene
from tests.database.cast import Character, Row
from tests.database.matrix import WORKERS, Cell
from tests.database.worlds import World
from tests.support.factories import Database, cab_details

LONG_AGO = "2001-01-01T00:00:00+00:00"
NEXT_WEEK = (datetime.now(UTC) + timedelta(days=7)).isoformat()


def target_of(cell: Cell, world: World) -> str:
    """The id of the row that the cell is about."""
    if cell.rule.row:
        return world.shared[cell.rule.row]
    rows = world.rows(cell.own)
    return rows.profile if cell.rule.verb == "call" else rows.of(cell.rule.table)


def attempt(cell: Cell, character: Character, world: World, values: Row, database: Database) -> list[Row]:
    """Do what the cell says; returns what came back, or for a function whether it answered or did it."""
    rule, target = cell.rule, target_of(cell, world)
    if rule.verb == "call":
        call = CALLS[rule.column or ""]
        answer = character.client.rpc(rule.column or "", values).execute().data
        scene = Scene(database, character, world, world.rows(cell.own))
        return [{"answer": answer}] if call.done(answer, scene, values) else []
    table = character.client.table(rule.table)
    if rule.table == "routing_rows":
        rows: Any = table.select("*").eq("purpose", "logistics").execute().data
        return [row for row in rows if world.rows(cell.own).profile in str(row["agents"])]
    if rule.verb == "select":
        answer = table.select("*").eq("id", target).execute()
    elif rule.verb == "insert":
        answer = table.insert(values, returning="minimal").execute()
    elif rule.verb == "update":
        answer = table.update(values, returning="minimal").eq("id", target).execute()
    else:
        answer = table.delete(returning="minimal").eq("id", target).execute()
    return answer.data or []


def values_to_write(cell: Cell, character: Character, world: World, database: Database) -> Row:
    """What is written: right in every respect but, perhaps, who writes it or the column in question."""
    if cell.rule.verb == "call":
        scene = Scene(database, character, world, world.rows(cell.own))
        return CALLS[cell.rule.column or ""].arguments(scene)
    if cell.rule.verb == "insert":
        return row_to_insert(cell, character, world)
    if cell.rule.verb == "update":
        return {cell.rule.column or "": new_value(cell, world)}
    return {}


def row_to_insert(cell: Cell, character: Character, world: World) -> Row:
    """A new row with every column that may be given, and with the one in question if there is one."""
    rows, rule, new_id = world.rows(cell.own), cell.rule, str(uuid4())
    works_on_tasks = cell.character in WORKERS
    contact = {"name": "Kamala Das", "email": f"{new_id}@client.example"}
    row: Row = {
        "bookings": {"id": new_id, "purpose": "cab", "details": cab_details(contact=contact)},
        "clients": {
            "name": "Kamala Das",
            "email": f"{new_id}@client.example",
            "phone": "+919812345678",
            "country": "IN",
        },
        "tasks": {
            "id": new_id,
            "booking_id": rows.booking,
            "title": "Call",
            "status": "blocked",
            "due_date": NEXT_WEEK,
            "assigned_to": character.id if works_on_tasks else world.colleague,
        },
        "profiles": {
            "id": world.newcomer,
            "role": "viewer",
            "full_name": "Kamala Das",
            "email": "left@out.example",
        },
        "audit_logs": {
            "id": new_id,
            "table_name": "bookings",
            "record_id": rows.booking,
            "action": "UPDATE",
            "actor": "system",
        },
        "health_readings": {
            "id": new_id,
            "booking_id": rows.booking,
            "read_by": character.id or world.colleague,
        },
        "booking_notes": {"id": new_id, "booking_id": rows.booking, "body": "Prefers the window"},
        "assignment_notices": {
            "id": new_id,
            "booking_id": rows.booking,
            "person": character.id or world.colleague,
        },
        "staff_presence": {"id": world.newcomer},
        "invitations": {
            "email": f"{new_id}@invited.example",
            "role": "admin",
            "full_name": "Kamala Das",
            "expires_at": NEXT_WEEK,
        },
        "assignment_rules": {"purpose": "service", "agent": world.colleague, "enabled": False},
    }[rule.table]
    if rule.column:
        row[rule.column] = {
            "id": new_id,
            "client_id": rows.client,
            "status": "confirmed",
            "assigned_agent": world.colleague,
            "assigned_to": world.colleague,
            "created_at": LONG_AGO,
            "updated_at": LONG_AGO,
            "reference": "00000000",
            "author": world.colleague,
            "author_name": "Somebody Else",
            "invited_by": world.colleague,
            "accepted_at": LONG_AGO,
            "sent_at": LONG_AGO,
            "deactivated_at": LONG_AGO,
            "seen_at": LONG_AGO,
            "metadata": {"forged": True},
            "task_id": rows.task,
            "given_by": "Somebody Else",
        }[rule.column]
    if rule.column == "client_id":
        row["details"] = {}
    return row


def new_value(cell: Cell, world: World) -> Any:
    """A value that the column could have and does not have now."""
    table, column = cell.rule.table, cell.rule.column
    other = world.foreign if cell.own else world.own
    somebody = world.colleague if cell.own else None
    if column in ("created_at", "updated_at"):
        return LONG_AGO
    if column == "id":
        return str(uuid4())
    return {
        "bookings.status": "confirmed",
        "bookings.details": {"pickup_place": "Munnar"},
        "bookings.purpose": "hotel",
        "bookings.assigned_agent": somebody,
        "bookings.client_id": other.client if other else str(uuid4()),
        "bookings.reference": "00000000",
        "clients.name": "Somebody Else",
        "clients.email": f"{uuid4().hex}@client.example",
        "clients.phone": "+919812345678",
        "clients.country": "NP",
        "tasks.title": "Something else",
        "tasks.status": "blocked",
        "tasks.due_date": LONG_AGO,
        "tasks.assigned_to": somebody,
        "tasks.booking_id": other.booking if other else str(uuid4()),
        # Own: everybody tries to become an admin, the admin something else.
        "profiles.role": "admin" if cell.own and cell.character != "admin" else "finance",
        "profiles.full_name": f"Another Name {uuid4().hex[:6]}",
        "profiles.email": "another@address.example",
        "profiles.deactivated_at": None if cell.character == "deactivated" else LONG_AGO,
        "audit_logs.actor": "nobody",
        "audit_logs.metadata": {"forged": True},
        "health_readings.read_by": str(uuid4()),
        "booking_notes.body": "Something else",
        "booking_notes.author": world.newcomer,
        "booking_notes.author_name": "Somebody Else",
        "booking_notes.booking_id": other.booking if other else str(uuid4()),
        "assignment_notices.person": world.newcomer,
        "assignment_notices.booking_id": other.booking if other else str(uuid4()),
        "assignment_notices.task_id": other.task if other else str(uuid4()),
        "assignment_notices.given_by": "Somebody Else",
        "audit_logs.table_name": "tasks",
        "audit_logs.record_id": str(uuid4()),
        "audit_logs.action": "DELETE",
        "health_readings.booking_id": str(uuid4()),
        "invitations.full_name": "Somebody Else",
        "invitations.email": f"{uuid4().hex}@invited.example",
        "invitations.role": "admin",
        "staff_presence.seen_at": LONG_AGO,
        "invitations.expires_at": (datetime.now(UTC) + timedelta(days=10)).isoformat(),
        "invitations.invited_by": world.colleague,
        "invitations.sent_at": LONG_AGO,
        "invitations.accepted_at": LONG_AGO,
        "assignment_rules.enabled": True,
        "assignment_rules.agent": other.profile if other else world.newcomer,
        "assignment_rules.purpose": "nri",
    }[f"{table}.{column}"]


def inserted(database: Database, cell: Cell, values: Row) -> list[Row]:
    """The row that was inserted, if it was."""
    keys = {"clients": "email", "invitations": "email", "assignment_rules": "agent"}
    key = keys.get(cell.rule.table, "id")
    query = f"select * from {cell.rule.table} where {key} = %s"
    if "purpose" in values:
        query += f" and purpose = '{values['purpose']}'"
    return database.execute(query.encode(), [values[key]]).fetchall()


def find(database: Database, table: str, row_id: str) -> Row | None:
    """The row as it is now."""
    return database.execute(f"select * from {table} where id = %s", [row_id]).fetchone()


def as_text(value: Any) -> str:
    """For comparing what was sent with what is stored."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
