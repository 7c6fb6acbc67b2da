"""The people of the permission tests, and the rows that are theirs or somebody else's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from supabase import Client

from tests.database.matrix import OWN_NOTHING, ROLE_OF
from tests.support.backend import PASSWORD
from tests.support.factories import Database, make_client
from tests.support.people import People

ADD_ACCOUNT = """
insert into auth.users (
  instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
  raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
  confirmation_token, recovery_token, email_change_token_new, email_change
)
values (
  '00000000-0000-0000-0000-000000000000', %(id)s::uuid, 'authenticated', 'authenticated', %(email)s,
  extensions.crypt(%(password)s, extensions.gen_salt('bf', 4)), case when %(confirmed)s then now() end,
  %(app_meta_data)s, %(user_meta_data)s, now(), now(), '', '', '', ''
)
"""
ADD_IDENTITY = """
insert into auth.identities (provider_id, user_id, provider, identity_data, created_at, updated_at)
values (
  %(id)s::text, %(id)s::uuid, 'email', jsonb_build_object('sub', %(id)s::text, 'email', %(email)s::text),
  now(), now()
)
"""
# Ids of all tables together: no two rows share one.
SNAPSHOT = "select " + ", ".join(
    f"(select jsonb_agg(t order by id) from {table} t where {key} = any(%(ids)s::uuid[])) as {table}"
    for table, key in {
        "bookings": "id",
        "clients": "id",
        "tasks": "booking_id",
        "profiles": "id",
        "health_readings": "id",
        "staff_presence": "id",
        "invitations": "id",
        "assignment_rules": "id",
        "booking_notes": "booking_id",
        "assignment_notices": "booking_id",
        "audit_logs": "record_id",
    }.items()
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Character:
    """Somebody who calls the API. ``id`` is None for a visitor."""

    name: str
    id: str | None
    client: Client


def add_account(
    database: Database,
    email: str | None = None,
    *,
    role: str | None = None,
    confirmed: bool = True,
    user_meta_data: Row | None = None,
) -> str:
    """Make an account with the password ``roamio-demo``; with a role it becomes staff. Returns its id."""
    app_meta_data: Row = {"provider": "email", "providers": ["email"]}
    if role:
        app_meta_data["role"] = role
    account = {
        "id": str(uuid4()),
        "email": email or f"{uuid4().hex[:12]}@cast.example",
        "password": PASSWORD,
        "confirmed": confirmed,
        "app_meta_data": json.dumps(
            {"provider": "email", "providers": ["email"]} | ({"role": role} if role else {})
        ),
        "user_meta_data": json.dumps(user_meta_data or {}),
    }
    with database.transaction():
        database.execute(ADD_ACCOUNT, account)
        database.execute(ADD_IDENTITY, account)
    return str(account["id"])


def email_of(database: Database, account: str) -> str:
    """The address with which an account signs in."""
    return _one(database, "select email from auth.users where id = %s", account)


def gather(database: Database, people: People) -> dict[str, Character]:
    """Everybody of the matrix, with tokens that Auth gave them."""
    cast = {"anon": Character("anon", None, people.visitor())}
    first_role = ROLE_OF | dict.fromkeys(("demoted admin", "deactivated", "deleted"), "admin")
    for name, role in first_role.items():
        if name != "anon":
            account = add_account(database, role=role)
            cast[name] = Character(name, account, people.staff(email_of(database, account)))
    database.execute("update profiles set role = 'viewer' where id = %s", [cast["demoted admin"].id])
    database.execute("update profiles set deactivated_at = now() where id = %s", [cast["deactivated"].id])
    database.execute("delete from auth.users where id = %s", [cast["deleted"].id])
    return cast


def dismiss(database: Database, cast: dict[str, Character]) -> None:
    """Delete the accounts; what they did stays in the audit log."""
    ids = [character.id for character in cast.values() if character.id]
    database.execute("delete from auth.users where id = any(%s::uuid[])", [ids])


@dataclass(frozen=True)
class Belongings:
    """One row of each table, all of one person."""

    booking: str
    client: str
    task: str
    profile: str
    staff_presence: str
    audit_log: str
    health_reading: str
    invitation: str
    assignment_rule: str
    booking_note: str
    assignment_notice: str

    def of(self, table: str) -> str:
        """The id of the row of that table."""
        return str(getattr(self, table.removesuffix("s")))


@dataclass(frozen=True)
class World:
    """What somebody has, and what a colleague of theirs has, with whom they share nothing."""

    own: Belongings | None
    foreign: Belongings
    colleague: str
    newcomer: str

    def rows(self, own: bool) -> Belongings:
        """One's own belongings or the colleague's."""
        if not own:
            return self.foreign
        assert self.own is not None
        return self.own


def make_world(database: Database, character: Character) -> World:
    """Give somebody a booking with all that hangs on it, and a new colleague another."""
    colleague = add_account(database, role="operations")
    own = None
    if character.name not in OWN_NOTHING and character.id:
        own = _give(database, character.id)
    # A confirmed account that is not staff yet.
    return World(own, _give(database, colleague), colleague, add_account(database))


def _give(database: Database, owner: str) -> Belongings:
    """A booking with all that hangs on it, assigned while the owner was in operations."""
    with database.transaction():
        before = database.execute(
            "select role, deactivated_at from profiles where id = %s", [owner]
        ).fetchone()
        assert before is not None
        database.execute(
            "update profiles set role = 'operations', deactivated_at = null where id = %s", [owner]
        )
        client = make_client(database)
        booking = _one(
            database,
            "insert into bookings (client_id, purpose, details, assigned_agent) "
            """values (%s, 'cab', '{"pickup_place": "Kochi"}', %s) returning id::text""",
            client,
            owner,
        )
        rule = _one(
            database,
            "insert into assignment_rules (purpose, agent) values ('logistics', %s)"
            " on conflict (purpose, agent) do update set enabled = false returning id::text",
            owner,
        )
        database.execute(
            "update profiles set role = %(role)s, deactivated_at = %(deactivated_at)s where id = %(id)s",
            before | {"id": owner},
        )
        task = _one(database, "select id::text from tasks where booking_id = %s", booking)
        audit_log = _one(
            database,
            "select id::text from audit_logs where table_name = 'bookings' and record_id = %s",
            booking,
        )
        reading = _one(
            database,
            "insert into health_readings (booking_id, read_by) values (%s, %s) returning id::text",
            booking,
            owner,
        )
        invitation = _one(
            database,
            "insert into invitations (email, role, invited_by) values (%s, 'viewer', %s) returning id::text",
            f"{uuid4().hex}@invited.example",
            owner,
        )
        note = _one(
            database,
            "insert into booking_notes (booking_id, author, body) values (%s, %s, 'Calls after six')"
            " returning id::text",
            booking,
            owner,
        )
        notice = _one(
            database,
            "select id::text from assignment_notices where booking_id = %s and person = %s",
            booking,
            owner,
        )
        presence = _one(
            database,
            "insert into staff_presence (id) values (%s)"
            " on conflict (id) do update set seen_at = now() returning id::text",
            owner,
        )
    return Belongings(
        booking, client, task, owner, presence, audit_log, reading, invitation, rule, note, notice
    )


def snapshot(database: Database, world: World) -> Row:
    """Every row of this world as it is now, and how often it was audited."""
    ids = [
        one for each in (world.own, world.foreign) if each for one in (*vars(each).values(), world.newcomer)
    ]
    row = database.execute(SNAPSHOT, {"ids": ids}).fetchone()
    assert row is not None
    return row


def _one(database: Database, query: str, *values: object) -> str:
    row = database.execute(query.encode(), list(values)).fetchone()
    assert row is not None
    return str(next(iter(row.values())))
