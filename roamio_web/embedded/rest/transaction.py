"""Runs one request in one transaction, as the role that the request's token names.

Everything up to the answer goes to Postgres in one flight: begin, role and claims, the statement, and the
commit too unless what was written has to be looked at first.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncCursor, AsyncRawCursor
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool

from roamio_web.embedded.rest.sql import Value, literal

SMALLEST_POOL, LARGEST_POOL = 2, 16
PATIENCE = 10.0  # seconds to wait for a free connection
PREPARED = 300  # statements remembered a connection

Pool = AsyncConnectionPool[AsyncConnection[Any]]
Cursor = AsyncCursor[Any]
Row = tuple[Any, ...]
Check = Callable[[Row], None]


class AsBytes(Loader):
    """Leaves text as the bytes that Postgres sent: bodies go out as they come in."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


@dataclass(frozen=True, slots=True)
class Work:
    """What one request does. ``settings`` are set for the transaction, in their order, the role among them.

    ``before`` is run once they are set. ``check`` looks at the row before the commit, and raises to undo
    everything. ``estimate`` is a statement whose number of rows the planner is asked to guess.
    """

    settings: tuple[tuple[str, str], ...]
    statement: str
    values: tuple[Value, ...]
    read_only: bool
    before: str | None = None
    check: Check | None = None
    estimate: tuple[str, tuple[Value, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The one row of the statement, and the planner's estimate if it was asked for."""

    row: Row
    estimate: int | None = None


def make_pool(dsn: str) -> Pool:
    """A closed pool of connections that send values as unknown text and leave transactions to us."""
    return AsyncConnectionPool(
        dsn,
        connection_class=AsyncConnection,
        kwargs={"autocommit": True, "cursor_factory": AsyncRawCursor},
        min_size=SMALLEST_POOL,
        max_size=LARGEST_POOL,
        timeout=PATIENCE,
        configure=_configure,
        open=False,
        name="rest",
    )


async def run(pool: Pool, work: Work) -> Outcome:
    """Run the work and commit it.

    :raise psycopg.Error: Postgres refused; nothing is kept.
    """
    async with pool.connection() as connection:
        try:
            return await _run(connection, work)
        finally:
            if connection.info.transaction_status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN):
                await connection.rollback()


async def _run(connection: AsyncConnection[Any], work: Work) -> Outcome:
    cursor, estimated = await _fly(connection, work)
    row = await cursor.fetchone()
    if row is None:
        raise psycopg.InternalError("the statement gave no row")
    outcome = Outcome(tuple(row), await _estimate(estimated) if estimated else None)
    if work.check is not None:
        work.check(outcome.row)
        if not work.read_only:
            await connection.execute(b"commit")
    return outcome


async def _fly(connection: AsyncConnection[Any], work: Work) -> tuple[Cursor, Cursor | None]:
    """Send everything and wait for it; after the first failure Postgres runs nothing of what follows.

    Leaving the pipeline reports that the rest was left out. It is the first failure that says why.
    """
    why: psycopg.Error | None = None
    cursors: list[Cursor] = []
    try:
        async with connection.pipeline():
            try:
                async for cursor in _send(connection, work):
                    cursors.append(cursor)
            except psycopg.Error as error:
                why = error
    except psycopg.Error as error:
        why = why or error
    if why is not None:
        raise why
    return cursors[0], cursors[1] if work.estimate else None


async def _send(connection: AsyncConnection[Any], work: Work) -> AsyncIterator[Cursor]:
    """Send the commands of the work; give the cursors of those whose answers matter."""
    await connection.execute(b"begin read only" if work.read_only else b"begin")
    names = tuple(name for name, _ in work.settings)
    await connection.execute(_settings_sql(names), [value for _, value in work.settings], prepare=True)
    if work.before:
        await connection.execute(work.before.encode(), prepare=True)
    yield await connection.execute(work.statement.encode(), work.values, prepare=True)
    if work.estimate:
        explained, values = work.estimate
        yield await connection.execute(f"explain (format json) {explained}".encode(), values)
    if work.read_only or work.check is None:
        await connection.execute(b"commit")


async def _estimate(cursor: Cursor) -> int | None:
    row = await cursor.fetchone()
    return int(row[0][0]["Plan"]["Plan Rows"]) if row else None


@cache
def _settings_sql(names: tuple[str, ...]) -> bytes:
    calls = (f"set_config({literal(name)}, ${number}, true)" for number, name in enumerate(names, 1))
    return f"select {', '.join(calls)}".encode()


async def _configure(connection: AsyncConnection[Any]) -> None:
    connection.adapters.register_loader("text", AsBytes)
    connection.prepared_max = PREPARED
