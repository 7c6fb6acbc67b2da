"""Members of staff of a test's own, so that nobody changes a demo account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.database.cast import add_account, email_of
from tests.support.factories import Database


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here and nowhere else in the tests; their password is the demo accounts'."""

    id: str
    email: str
    name: str


def make_colleague(database: Database, role: str = "operations", name: str | None = None) -> Colleague:
    """Add an account with a profile."""
    account = add_account(database, role=role)
    called = name or f"Dev {uuid4().hex[:10].capitalize()}"
    database.execute("update profiles set full_name = %s where id = %s", [called, account])
    return Colleague(account, email_of(database, account), called)


def profile_of(database: Database, person: Colleague) -> dict[str, Any]:
    """Somebody's profile as it is now."""
    row = database.execute("select * from profiles where id = %s", [person.id]).fetchone()
    assert row is not None
    return row
