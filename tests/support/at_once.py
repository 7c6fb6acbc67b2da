"""Several people at the very same moment; some with nothing between them and the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from tests.support.backend import TestBackend

T = TypeVar("T")
R = TypeVar("R")
Start = Callable[[], object]
PATIENCE = 60.0  # seconds until everybody is ready


def together(act: Callable[[T, Start], R], those: Iterable[T]) -> list[R]:
    """What ``act(one, start)`` answers for each of those; ``start()`` returns when all have called it."""
    all_of_them = list(those)
    barrier = Barrier(len(all_of_them))
    with ThreadPoolExecutor(len(all_of_them)) as pool:
        return list(pool.map(lambda one: act(one, lambda: barrier.wait(PATIENCE)), all_of_them))


def only_winner(of: Mapping[T, Callable[[], object]], lost: type[Exception]) -> T:
    """Whose call was done, when all are made at once and every other one was told that it had lost."""

    def run(one: T, start: Start) -> bool:
        start()
        try:
            of[one]()
        except lost:
            return False
        return True

    winners = [one for one, won in zip(of, together(run, of), strict=True) if won]
    assert len(winners) == 1, f"{winners} won"
    return winners[0]


def book_at_once(backend: TestBackend, many: Sequence[dict[str, Any]]) -> list[str]:
    """Each of these details becomes a cab booking, as the website's role; returns the bookings' ids."""

    def book(details: dict[str, Any], start: Start) -> str:
        booking = str(uuid4())
        with psycopg.connect(backend.db_url, autocommit=True) as connection:
            connection.execute("select set_config('request.jwt.claims', %s, false)", ['{"role": "anon"}'])
            connection.execute("set role anon")
            start()
            connection.execute(
                "insert into bookings (id, purpose, details) values (%s, 'cab', %s)",
                [booking, Jsonb(details)],
            )
        return booking

    return together(book, many)


def at_once(backend: TestBackend, statements: Sequence[tuple[str, str]]) -> list[str | None]:
    """Run each (person, statement) as that member of staff; returns the refusals, None where none was."""

    def run(one: tuple[str, str], start: Start) -> str | None:
        person, statement = one
        with psycopg.connect(backend.db_url, autocommit=True) as connection:
            claims = json.dumps({"sub": person, "role": "authenticated"})
            connection.execute("select set_config('request.jwt.claims', %s, false)", [claims])
            connection.execute("set role authenticated")
            start()
            try:
                connection.execute(statement.encode())
            except psycopg.errors.InsufficientPrivilege as refused:
                return refused.diag.message_primary
        return None

    return together(run, statements)
