"""Rows as they stand in the database, whoever may see them."""

from __future__ import annotations

from typing import Any

from psycopg import sql

from tests.support.factories import Database


def row_of(database: Database, table: str, record: str) -> dict[str, Any]:
    """The whole row; there has to be one."""
    statement = sql.SQL("select * from {} where id = %s").format(sql.Identifier(table))
    row = database.execute(statement, [record]).fetchone()
    assert row is not None
    return row


def id_of(database: Database, email: str) -> str:
    """The id of the member of staff with this address."""
    return str(_profile_of(database, email)["id"])


def name_of(database: Database, email: str) -> str:
    """The name of the member of staff with this address."""
    return str(_profile_of(database, email)["full_name"])


def reference_of(database: Database, booking: str) -> str:
    """A booking's reference as the database stores it."""
    return str(row_of(database, "bookings", booking)["reference"])


def _profile_of(database: Database, email: str) -> dict[str, Any]:
    row = database.execute("select id, full_name from profiles where email = %s", [email]).fetchone()
    assert row is not None
    return row
