"""The project as its demo data left it, for each test module anew.

Without it, what a module finds would depend on the modules that ran before it in the same process.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

TABLES = """
select
  format('%I.%I', schemaname, tablename) as name,
  (
    select string_agg(quote_ident(attname), ', ' order by attnum)
    from pg_attribute
    where attrelid = format('%I.%I', schemaname, tablename)::regclass
      and attnum > 0 and not attisdropped and attgenerated = ''
  ) as columns
from pg_tables
where schemaname in ('public', 'private')
order by 1
"""


@dataclass(frozen=True)
class Kept:
    """A table's rows, as ``copy`` writes them."""

    table: sql.SQL
    columns: sql.SQL
    rows: bytes


def keep(db_url: str) -> list[Kept]:
    """Remember each row of the project's own tables."""
    with psycopg.connect(db_url) as connection:
        return [
            _read(connection, sql.SQL(name), sql.SQL(columns))
            for name, columns in connection.execute(TABLES).fetchall()
        ]


def put_back(db_url: str, kept: list[Kept]) -> None:
    """Make the project's own tables hold just what was kept; no trigger runs, nobody is told."""
    with psycopg.connect(db_url) as connection:
        connection.execute("set local session_replication_role = replica")
        for was in kept:
            connection.execute(sql.SQL("delete from {}").format(was.table))
            write = sql.SQL("copy {} ({}) from stdin").format(was.table, was.columns)
            with connection.cursor().copy(write) as copy:
                copy.write(was.rows)


def _read(connection: psycopg.Connection, table: sql.SQL, columns: sql.SQL) -> Kept:
    with connection.cursor().copy(sql.SQL("copy {} ({}) to stdout").format(table, columns)) as copy:
        return Kept(table, columns, b"".join(bytes(block) for block in copy))
