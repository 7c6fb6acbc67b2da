"""Many visitors at the very same moment: a connection each, with nothing between them and the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from tests.support.backend import TestBackend


def book_at_once(backend: TestBackend, many: Sequence[dict[str, Any]]) -> list[str]:
    """Each of these details becomes a cab booking, as the website's role; returns the bookings' ids."""
    together = Barrier(len(many))

    def book(details: dict[str, Any]) -> str:
        booking = str(uuid4())
        with psycopg.connect(backend.db_url, autocommit=True) as connection:
            connection.execute("select set_config('request.jwt.claims', %s, false)", ['{"role": "anon"}'])
            connection.execute("set role anon")
            together.wait(60)
            connection.execute(
                "insert into bookings (id, purpose, details) values (%s, 'cab', %s)",
                [booking, Jsonb(details)],
            )
        return booking

    with ThreadPoolExecutor(len(many)) as pool:
        return list(pool.map(book, many))


def at_once(backend: TestBackend, statements: Sequence[tuple[str, str]]) -> list[str | None]:
    """Run each (person, statement) as that member of staff; returns the refusals, None where none was."""
    together = Barrier(len(statements))

    def run(one: tuple[str, str]) -> str | None:
        person, statement = one
        with psycopg.connect(backend.db_url, autocommit=True) as connection:
            claims = json.dumps({"sub": person, "role": "authenticated"})
            connection.execute("select set_config('request.jwt.claims', %s, false)", [claims])
            connection.execute("set role authenticated")
            together.wait(60)
            try:
                connection.execute(statement.encode())
            except psycopg.errors.InsufficientPrivilege as refused:
                return refused.diag.message_primary
        return None

    with ThreadPoolExecutor(len(statements)) as pool:
        return list(pool.map(run, statements))
