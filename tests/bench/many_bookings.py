"""As many bookings as busy years leave behind, made at once: to measure with, and to look at long lists."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString, cast
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.support.people import AGENT

STATEMENTS = cast(LiteralString, Path(__file__).with_suffix(".sql").read_text())
TABLES = ("public.clients", "public.bookings", "private.search_texts", "public.tasks", "public.audit_logs")
AGENTS = 40
AGENT_BOOKINGS = 2000
ADD_AGENT = """
insert into auth.users (
  instance_id, id, aud, role, email, email_confirmed_at,
  raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
  confirmation_token, recovery_token, email_change_token_new, email_change
)
values (
  '00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'authenticated', 'authenticated',
  %(email)s, now(), %(app_meta_data)s, %(user_meta_data)s, now(), now(), '', '', '', ''
)
on conflict do nothing
"""
INDEXES = """
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
from pg_index
where indrelid = any(%s::regclass[])
  and not exists (select from pg_constraint where conindid = indexrelid)
"""


def make_bookings(dsn: str, count: int, agent: str = AGENT) -> None:
    """Add ``count`` bookings with clients, tasks and history; a million take about two minutes.

    :param dsn: the database, as a role that owns the tables.
    :param agent: whoever has this address gets 2,000 of them (at most every second one); forty others, who
        can't sign in, share most of the rest, some far more than others.
    """
    with psycopg.connect(dsn) as connection:
        with connection.transaction():
            _add_agents(connection)
            row = connection.execute("select id from profiles where email = %s", [agent]).fetchone()
            assert row, f"There is no {agent}: this project has no demo accounts"
            connection.execute("set local maintenance_work_mem = '256MB'; set local work_mem = '128MB'")
            with _without_triggers(connection), _without_indexes(connection):
                connection.execute(
                    sql.SQL(STATEMENTS).format(
                        count=sql.Literal(count),
                        mark=sql.SQL(cast(LiteralString, uuid4().hex[:8])),
                        agent=sql.Literal(str(row[0])),
                        agent_bookings=sql.Literal(min(AGENT_BOOKINGS, max(count // 2, 1))),
                        agents=sql.Literal(AGENTS),
                    )
                )
        connection.autocommit = True
        # For index-only scans, and for the planner.
        connection.execute(f"vacuum analyze {', '.join(TABLES)}".encode())


def _add_agents(connection: psycopg.Connection) -> None:
    for number in range(1, AGENTS + 1):
        connection.execute(
            ADD_AGENT,
            {
                "email": f"agent-{number:02d}@agents.example",
                "app_meta_data": json.dumps({"role": "operations"}),
                "user_meta_data": json.dumps({"full_name": f"Agent {number}"}),
            },
        )


@contextmanager
def _without_triggers(connection: psycopg.Connection) -> Iterator[None]:
    for table in TABLES:
        connection.execute(f"alter table {table} disable trigger user".encode())
    yield
    for table in TABLES:
        connection.execute(f"alter table {table} enable trigger user".encode())


@contextmanager
def _without_indexes(connection: psycopg.Connection) -> Iterator[None]:
    """Built once at the end, an index is far quicker and smaller than one that grows row by row."""
    indexes = connection.execute(INDEXES, [list(TABLES)]).fetchall()
    for name, _ in indexes:
        connection.execute(f"drop index {name}".encode())
    yield
    for _, definition in indexes:
        connection.execute(definition.encode())


def main() -> None:
    """``python -m tests.bench.many_bookings <database address> <how many>``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dsn", help="the database's address: DB_URL of `roamio backend env`")
    parser.add_argument("count", type=int)
    asked = parser.parse_args()
    make_bookings(asked.dsn, asked.count)


if __name__ == "__main__":
    main()
