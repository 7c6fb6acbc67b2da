"""The people of the permission tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from supabase import Client

from tests.database.matrix import ROLE_OF
from tests.support.backend import PASSWORD
from tests.support.factories import Database
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
Row = dict[str, Any]


@dataclass(frozen=True)
class Character:
    """Somebody who calls the API. ``id`` is None for a visitor; ``rival`` is whose rows they try."""

    name: str
    id: str | None
    client: Client
    rival: str | None = None


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
        "app_meta_data": json.dumps(app_meta_data),
        "user_meta_data": json.dumps(user_meta_data or {}),
    }
    with database.transaction():
        database.execute(ADD_ACCOUNT, account)
        database.execute(ADD_IDENTITY, account)
    return str(account["id"])


def email_of(database: Database, account: str) -> str:
    """The address with which an account signs in."""
    return one(database, "select email from auth.users where id = %s", account)


def gather(database: Database, people: People) -> dict[str, Character]:
    """Everybody of the matrix, with tokens that Auth gave them."""
    cast = {"anon": Character("anon", None, people.visitor())}
    first_role = ROLE_OF | dict.fromkeys(("demoted admin", "deactivated", "deleted"), "admin")
    for name, role in first_role.items():
        if name != "anon":
            account = add_account(database, role=role)
            rival = cast["operations"].id if name == "second agent" else None
            cast[name] = Character(name, account, people.staff(email_of(database, account)), rival)
    database.execute("update profiles set role = 'viewer' where id = %s", [cast["demoted admin"].id])
    database.execute("update profiles set deactivated_at = now() where id = %s", [cast["deactivated"].id])
    database.execute("delete from auth.users where id = %s", [cast["deleted"].id])
    return cast


def dismiss(database: Database, cast: dict[str, Character]) -> None:
    """Delete the accounts; what they did stays in the audit log."""
    ids = [character.id for character in cast.values() if character.id]
    database.execute("delete from auth.users where id = any(%s::uuid[])", [ids])


def one(database: Database, query: str, *values: object) -> str:
    """The first value of the first row, as text.

    :raise LookupError: there is none. What could not be arranged is no assertion that failed.
    """
    row = database.execute(query.encode(), list(values)).fetchone()
    if row is None:
        raise LookupError(query)
    return str(next(iter(row.values())))
