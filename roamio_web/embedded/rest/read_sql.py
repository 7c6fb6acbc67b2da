"""SQL that reads a tree of tables.

Every node becomes one select. A child is joined laterally under the name ``e<number>``: a single row as
itself, many rows as one JSON array in its column ``pgrst_rows``. A whole row is written ``e1.*``, since a
plain ``e1`` would be taken for a column of that name where there is one.
"""

from __future__ import annotations

from roamio_web.embedded.rest.expressions import Expressions, Special
from roamio_web.embedded.rest.media import Media
from roamio_web.embedded.rest.plan import Node, embed_tested
from roamio_web.embedded.rest.sql import Parameters, qualified, quote, type_name
from roamio_web.embedded.rest.syntax import Column, Comparison, Field, Window

STAR = Column(Field("*"))
ENVELOPE = "current_setting('response.headers', true), current_setting('response.status', true)"


def read_statement(node: Node, parameters: Parameters, media: Media, *, count: str, body: bool) -> str:
    """One statement that gives the total, the number of rows, the body and what functions set of the answer.

    ``count`` is SQL for the total.
    """
    rows = select(node, parameters)
    answer = body_sql(media, rows_query="pgrst_rows") if body else "''"
    if body and media.shape == "csv":
        return (
            f"with pgrst_rows as ({rows}) select {count}, count(*), {answer}, {ENVELOPE} from pgrst_rows _row"
        )
    return f"select {count}, count(*), {answer}, {ENVELOPE} from ({rows}) _row"


def body_sql(media: Media, *, rows_query: str) -> str:
    """An aggregate over the rows called ``_row`` that makes the body; they come from ``rows_query``."""
    if media.shape == "csv":
        header = (
            "(select coalesce(string_agg(k, ','), '') from json_object_keys("
            f"(select row_to_json(_first) from (select * from {rows_query} limit 1) _first)) k)"
        )
        line = "substring((_row.*)::text, 2, length((_row.*)::text) - 2)"
        return rf"{header} || E'\n' || coalesce(string_agg({line}, E'\n'), '')"
    rows = "json_agg(_row.*)" if media.shape == "array" else "json_agg(_row.*) -> 0"
    return f"coalesce(({_strip(rows, media)})::text, '{'[]' if media.shape == 'array' else 'null'}')"


def scalar_body_sql(media: Media, *, many: bool) -> str:
    """Like ``body_sql`` for a function that returns values and no rows; they are in ``_row.pgrst_scalar``."""
    values = "json_agg(_row.pgrst_scalar)"
    if many and media.shape == "array":
        return f"coalesce(({_strip(values, media)})::text, '[]')"
    return f"coalesce(({_strip(values + ' -> 0', media)})::text, 'null')"


def select(node: Node, parameters: Parameters, source: str | None = None) -> str:
    """The rows of a node with everything embedded; ``source`` stands in for its table."""
    writer = Expressions(f"t{node.number}", node.table, parameters)
    columns = [_column(writer, column) for column in node.columns]
    if not node.items:
        columns.append(_column(writer, STAR))
    joins: list[str] = []
    for child in node.children:
        joins.append(_join(node, child, parameters))
        columns += _output(child)
    where = [*_link(node), *(writer.condition(each, _presence(node)) for each in node.where)]
    orders = [
        writer.order(term, _embedded_row(node, term.relation) if term.relation else None)
        for term in node.order
    ]
    return "".join(
        [
            f"select {', '.join(columns) or 'null'} from {_from(node, source)}",
            *joins,
            f" where {' and '.join(where)}" if where else "",
            f" order by {', '.join(orders)}" if orders else "",
            _window(node.window, parameters),
        ]
    )


def count_query(node: Node, parameters: Parameters, source: str | None = None) -> str:
    """``select 1`` for each row of the node that passes, before any limit."""
    return f"select 1 from {_from(node, source)}" + _count_where(node, parameters)


def total(
    node: Node, parameters: Parameters, count: str | None, max_rows: int | None, source: str | None = None
) -> str:
    """SQL for the number of rows there are without a limit, if that is asked for."""
    if count not in ("exact", "estimated"):
        return "null::bigint"
    if node.window.is_whole:
        return "count(*)"
    most = f" limit {max_rows + 1}" if count == "estimated" and max_rows else ""
    return f"(select count(*) from ({count_query(node, parameters, source)}{most}) _all)"


def exists(node: Node, parameters: Parameters) -> str:
    """Whether the parent's row has any row in this child."""
    return f"exists ({count_query(node, parameters)})"


def _count_where(node: Node, parameters: Parameters) -> str:
    def special(comparison: Comparison) -> str | None:
        child = embed_tested(node, comparison)
        if child is None:
            return None
        absent = (comparison.values[0] == "null") is not comparison.negated
        return f"({'not ' if absent else ''}{exists(child, parameters)})"

    writer = Expressions(f"t{node.number}", node.table, parameters)
    where = [*_link(node), *(writer.condition(each, special) for each in node.where)]
    where += [exists(child, parameters) for child in node.children if child.inner]
    return f" where {' and '.join(where)}" if where else ""


def _from(node: Node, source: str | None) -> str:
    tables = f"{source or qualified(node.at)} as t{node.number}"
    junction = node.relationship.junction if node.relationship else None
    return f"{tables}, {qualified(junction.at)} as j{node.number}" if junction else tables


def _link(node: Node) -> list[str]:
    """What ties a child's rows to its parent's."""
    relationship = node.relationship
    if relationship is None:
        return []
    own, parent = f"t{node.number}", f"t{node.parent}"
    if relationship.junction:
        junction = f"j{node.number}"
        to_parent = [
            f"{parent}.{quote(column)} = {junction}.{quote(other)}"
            for column, other in relationship.junction.source
        ]
        to_own = [
            f"{own}.{quote(column)} = {junction}.{quote(other)}"
            for column, other in relationship.junction.target
        ]
        return to_own + to_parent
    return [f"{parent}.{quote(column)} = {own}.{quote(other)}" for column, other in relationship.columns]


def _column(writer: Expressions, column: Column) -> str:
    found = writer.field(column.field)
    if column.cast:
        found = f"cast({found} as {type_name(column.cast)})"
    label = column.label or (column.field.name if column.cast else None)
    return found if label is None else f"{found} as {quote(label)}"


def _join(node: Node, child: Node, parameters: Parameters) -> str:
    rows = select(child, parameters)
    alias = f"e{child.number}"
    kind = " join lateral" if child.inner else " left join lateral"
    if child.to_one:
        return f"{kind} ({rows}) as {alias} on true"
    inner = f"r{child.number}"
    columns = [f"json_agg({inner}.*) as pgrst_rows"]
    if child.spread:
        columns += [
            f"coalesce(json_agg({inner}.{quote(name)}), '[]') as {quote(name)}"
            for name in spread_names(child)
        ]
    condition = f"{alias}.pgrst_rows is not null" if child.inner else "true"
    return f"{kind} (select {', '.join(columns)} from ({rows}) as {inner}) as {alias} on {condition}"


def _output(child: Node) -> list[str]:
    """The columns that a joined child adds to its parent's row."""
    alias = f"e{child.number}"
    if child.spread:
        return [f"{alias}.{quote(name)}" for name in spread_names(child)]
    if child.is_empty:
        return []
    value = f"row_to_json({alias}.*)" if child.to_one else f"coalesce({alias}.pgrst_rows, '[]')"
    return [f"{value} as {quote(child.key)}"]


def spread_names(child: Node) -> list[str]:
    """The names of the columns that a spread embed brings."""
    names: list[str] = []
    for item in child.items:
        if isinstance(item, Node):
            names += spread_names(item) if item.spread else ([] if item.is_empty else [item.key])
        elif item.field.name == "*" and child.table:
            names += child.table.columns
        else:
            names.append(item.label or item.field.name)
    return names


def _presence(node: Node) -> Special:
    def special(comparison: Comparison) -> str | None:
        child = embed_tested(node, comparison)
        if child is None:
            return None
        what = f"e{child.number}.*" if child.to_one else f"e{child.number}.pgrst_rows"
        absent = (comparison.values[0] == "null") is not comparison.negated
        return f"({what} is {'not ' if absent else ''}distinct from null)"

    return special


def _embedded_row(node: Node, name: str) -> str:
    child = node.child(name)
    return f"e{child.number}" if child else ""


def _window(window: Window, parameters: Parameters) -> str:
    limit = "" if window.limit is None else f" limit {parameters.add(str(window.limit))}"
    return limit + (f" offset {parameters.add(str(window.offset))}" if window.offset else "")


def _strip(json: str, media: Media) -> str:
    return f"json_strip_nulls({json})" if media.strip else json
