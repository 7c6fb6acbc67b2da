"""SQL that inserts, updates and deletes, and gives back what was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from roamio_web.embedded.rest import errors
from roamio_web.embedded.rest.catalog import Table, TableColumn
from roamio_web.embedded.rest.expressions import Expressions
from roamio_web.embedded.rest.media import Media
from roamio_web.embedded.rest.payload import Payload
from roamio_web.embedded.rest.plan import Node
from roamio_web.embedded.rest.read_sql import ENVELOPE, body_sql, select
from roamio_web.embedded.rest.sql import Parameters, literal, qualified, quote
from roamio_web.embedded.rest.syntax import Condition

SOURCE = "pgrst_source"
INSERTED = "nullif(current_setting('pgrst.inserted', true), '')::int"
NO_LOCATION = "null"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What happens to a row whose ``columns`` are taken: it replaces the old one, or is dropped."""

    columns: tuple[str, ...]
    merge: bool


def write_statement(
    write: str, node: Node, parameters: Parameters, media: Media, *, body: bool, location: bool = False
) -> str:
    """Wrap a write so that it gives the number of rows, the body, and what triggers set of the answer.

    The last two columns are the key of a single new row, and how many rows of an upsert were new.
    """
    rows = select(node, parameters, SOURCE) if body else f"select * from {SOURCE}"
    answer = body_sql(media, rows_query=SOURCE) if body else "''"
    key = (
        "(select json_agg(json_build_array(key, value))::text from json_each_text("
        f"(select row_to_json(_first.*) from {SOURCE} _first limit 1)))"
        if location
        else NO_LOCATION
    )
    return (
        f"with {SOURCE} as ({write}) select null::bigint, count(*), {answer}, {ENVELOPE}, {key}, {INSERTED} "
        f"from ({rows}) _row"
    )


def returning(node: Node, primary_key: Iterable[str]) -> list[str]:
    """The columns that the answer needs: what is selected, sorted by, and what embeds hang on."""
    names = [column.field.name for column in node.columns]
    if "*" in names or not node.items:
        return ["*"]
    names += [term.field.name for term in node.order if term.relation is None]
    names += [
        name for child in node.children if child.relationship for name in child.relationship.source_columns
    ]
    return list(dict.fromkeys([*names, *primary_key]))


def insert(
    table: Table,
    payload: Payload,
    parameters: Parameters,
    columns: list[str],
    *,
    conflict: Conflict | None = None,
    defaults: bool = False,
    put: tuple[Condition, ...] = (),
) -> str:
    """An insert of every row of the payload; ``columns`` are what it gives back, none for nothing.

    ``put`` are the conditions of a PUT, which the payload itself must meet.
    """
    written = known_columns(table, payload.keys)
    names = ", ".join(quote(column.name) for column in written)
    into = f"insert into {qualified(table.at)} as t0" + (f" ({names})" if written else "")
    where = []
    if conflict and conflict.merge:
        where.append(_count_inserted("+ 1", "0"))
    body = Expressions("pgrst_body", table, parameters)
    where += [body.condition(condition) for condition in put]
    parts = [
        into,
        f"select {names} from {_rows(written, payload, parameters, defaults)}",
        f"where {' and '.join(where)}" if where else "",
        _on_conflict(conflict, written) if conflict else "",
        _returning(columns),
    ]
    return " ".join(part for part in parts if part)


def update(
    table: Table,
    payload: Payload,
    parameters: Parameters,
    columns: list[str],
    conditions: tuple[Condition, ...],
    *,
    defaults: bool = False,
) -> str:
    """An update of the rows that meet the conditions; without a column to set, of no row."""
    written = known_columns(table, payload.keys)
    if not written:
        return f"select {_listed(columns) or 'null'} from {qualified(table.at)} as t0 where false"
    sets = ", ".join(f"{quote(column.name)} = pgrst_body.{quote(column.name)}" for column in written)
    names = ", ".join(quote(column.name) for column in written)
    rows = f"(select {names} from {_rows(written, payload, parameters, defaults)} limit 1) as pgrst_body"
    where = _where(table, conditions, parameters)
    return f"update {qualified(table.at)} as t0 set {sets} from {rows}{where} {_returning(columns)}"


def delete(
    table: Table, parameters: Parameters, columns: list[str], conditions: tuple[Condition, ...]
) -> str:
    """A delete of the rows that meet the conditions."""
    where = _where(table, conditions, parameters)
    return f"delete from {qualified(table.at)} as t0{where} {_returning(columns)}"


def known_columns(table: Table, names: Iterable[str]) -> list[TableColumn]:
    """The table's columns of these names, always in the same order.

    :raise RestError: PGRST204, it has no such column.
    """
    unknown = sorted(set(names) - table.columns.keys())
    if unknown:
        raise errors.no_column(table.at.name, unknown[0])
    return [table.columns[name] for name in sorted(names)]


def _rows(written: list[TableColumn], payload: Payload, parameters: Parameters, defaults: bool) -> str:
    """A relation ``pgrst_body`` with the payload's rows, typed as the table's columns."""
    single = payload.kind == "object"
    if single and not written:
        return "(values (1)) as pgrst_body"
    placeholder = parameters.add(payload.text)
    if not written:
        return f"json_array_elements({placeholder}::json) as pgrst_body"
    typed = ", ".join(f"{quote(column.name)} {column.type}" for column in written)
    if not defaults:
        function = "json_to_record" if single else "json_to_recordset"
        return f"{function}({placeholder}::json) as pgrst_body ({typed})"
    known = "jsonb_build_object(" + ", ".join(
        f"{literal(column.name)}, {column.default}" for column in written if column.default
    )
    if single:
        return f"jsonb_to_record({known}) || {placeholder}::jsonb) as pgrst_body ({typed})"
    merged = f"select jsonb_agg({known}) || element) from jsonb_array_elements({placeholder}::jsonb) element"
    return f"jsonb_to_recordset(({merged})) as pgrst_body ({typed})"


def _on_conflict(conflict: Conflict, written: list[TableColumn]) -> str:
    target = f"on conflict ({', '.join(quote(column) for column in conflict.columns)})"
    if not conflict.merge or not written:
        return f"{target} do nothing"
    sets = ", ".join(f"{quote(column.name)} = excluded.{quote(column.name)}" for column in written)
    return f"{target} do update set {sets} where {_count_inserted('- 1', '-1')}"


def _count_inserted(step: str, never: str) -> str:
    """Always true; counts rows up as they are offered, and down again as they turn out to be updates."""
    value = f"(coalesce({INSERTED}, 0) {step})::text"
    return f"set_config('pgrst.inserted', {value}, true) <> '{never}'"


def _where(table: Table, conditions: tuple[Condition, ...], parameters: Parameters) -> str:
    writer = Expressions("t0", table, parameters)
    tests = [writer.condition(condition) for condition in conditions]
    return f" where {' and '.join(tests)}" if tests else ""


def _returning(columns: list[str]) -> str:
    return f"returning {_listed(columns) or '1'}"


def _listed(columns: list[str]) -> str:
    return ", ".join("t0.*" if name == "*" else f"t0.{quote(name)}" for name in columns)
