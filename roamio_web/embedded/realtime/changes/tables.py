"""What a change looks like to a role: columns, JSON, whether the row is visible, whether it fits a filter.

Every question is put to Postgres, so that types, casts and policies are Postgres' own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection, sql

from roamio_web.embedded.realtime.authorization import BECOME, Person
from roamio_web.embedded.realtime.changes.pgoutput import Values
from roamio_web.embedded.realtime.changes.subscription import OPERATORS, Filter

COLUMNS = """
select a.attname, format_type(a.atttypid, a.atttypmod), t.typname, coalesce(a.attnum = any(k.conkey), false),
       c.relrowsecurity
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_type t on t.oid = a.atttypid
left join pg_constraint k on k.conrelid = a.attrelid and k.contype = 'p'
where a.attrelid = %s and a.attnum > 0 and not a.attisdropped
order by a.attnum
"""
SELECTABLE = """
select attname from pg_attribute
where attrelid = %s and attnum > 0 and not attisdropped
  and has_column_privilege(%s, attrelid, attnum, 'select')
"""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    short_type: str
    key: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A published table, as long as its definition stays the same."""

    oid: int
    schema: str
    name: str
    columns: tuple[Column, ...]
    row_security: bool

    @classmethod
    async def read(cls, connection: AsyncConnection[Any], oid: int, schema: str, name: str) -> Table:
        rows = await (await connection.execute(COLUMNS, (oid,))).fetchall()
        columns = tuple(Column(*row[:4]) for row in rows)
        return cls(oid, schema, name, columns, bool(rows and rows[0][4]))

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.key)

    def describe(self, names: frozenset[str]) -> list[dict[str, str]]:
        """Names and types of those columns, in the table's order."""
        return [{"name": c.name, "type": c.short_type} for c in self.columns if c.name in names]

    async def selectable(self, connection: AsyncConnection[Any], role: str) -> frozenset[str]:
        """The columns that the role has been granted."""
        rows = await (await connection.execute(SELECTABLE, (self.oid, role))).fetchall()
        return frozenset(row[0] for row in rows)

    async def as_json(self, connection: AsyncConnection[Any], values: Values) -> dict[str, Any]:
        """The values as Postgres writes them in JSON."""
        columns = [column for column in self.columns if column.name in values]
        if not columns:
            return {}
        items = sql.SQL(", ").join(
            sql.SQL("{}::{} as {}").format(sql.Placeholder(), sql.SQL(c.type), sql.Identifier(c.name))
            for c in columns
        )
        query = sql.SQL("select to_jsonb(r) from (select {}) as r").format(items)
        cursor = await connection.execute(query, [values[c.name] for c in columns])
        row = await cursor.fetchone()
        return dict(row[0]) if row else {}

    async def visible(self, connection: AsyncConnection[Any], values: Values, person: Person) -> bool:
        """Whether the person's policies let them select the row now."""
        condition = sql.SQL(" and ").join(
            sql.SQL("{} = {}::{}").format(sql.Identifier(c.name), sql.Placeholder(), sql.SQL(c.type))
            for c in self.columns
            if c.key
        )
        query = sql.SQL("select exists (select from {} where {})").format(
            sql.Identifier(self.schema, self.name), condition
        )
        async with connection.transaction(force_rollback=True):
            await connection.execute(BECOME, person.settings(""))
            cursor = await connection.execute(query, [values.get(c.name) for c in self.columns if c.key])
            row = await cursor.fetchone()
        return bool(row and row[0])

    async def fits(self, connection: AsyncConnection[Any], values: Values, wanted: Filter) -> bool:
        """Whether the row fits the filter; a column that the change does not carry never does."""
        column = next((c for c in self.columns if c.name == wanted.column), None)
        if column is None or wanted.column not in values:
            return False
        kind = sql.SQL(column.type)
        given: list[object] = [values[wanted.column], wanted.value]
        if wanted.operator == "is":
            condition = sql.SQL("{}::{} is {}").format(sql.Placeholder(), kind, sql.SQL(wanted.value))
            given.pop()
        elif wanted.operator == "in":
            condition = sql.SQL("{}::{} = any({}::text[]::{}[])").format(
                sql.Placeholder(), kind, sql.Placeholder(), kind
            )
            given[1] = wanted.values
        else:
            operator = OPERATORS.get(wanted.operator, "is distinct from")
            condition = sql.SQL("{}::{} {} {}::{}").format(
                sql.Placeholder(), kind, sql.SQL(operator), sql.Placeholder(), kind
            )
        query = sql.SQL("select {} ({})").format(sql.SQL("not" if wanted.negated else ""), condition)
        row = await (await connection.execute(query, given)).fetchone()
        return bool(row and row[0])
