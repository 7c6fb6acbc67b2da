"""Reads the catalog from the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from roamio_web.embedded.rest import catalog_queries as queries
from roamio_web.embedded.rest.catalog import Catalog, Name, Parameter, Routine, Table, TableColumn
from roamio_web.embedded.rest.relationships import ForeignKey, Shown, relate
from roamio_web.embedded.rest.view_columns import direct_origins, table_origin

Row = dict[str, Any]
Numbers = dict[int, dict[int, str]]


async def load_catalog(connection: AsyncConnection[Any], schemas: Iterable[str]) -> Catalog:
    """Read everything in one transaction: what the exposed schemas hold, and what their views show."""
    exposed = list(schemas)
    async with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute("set local search_path = ''")

        async def rows(query: str, **parameters: Any) -> list[Row]:
            return await (await cursor.execute(query, parameters)).fetchall()

        relations = {row["oid"]: row for row in await rows(queries.RELATIONS)}
        oids = list(relations)
        columns = await rows(queries.COLUMNS, relations=oids)
        constraints = await rows(queries.CONSTRAINTS, relations=oids)
        views = await rows(queries.VIEWS, relations=oids)
        routines = await rows(queries.ROUTINES, schemas=exposed)
        settings = await rows(queries.ROLE_SETTINGS)
        (before,) = await rows(queries.PRE_REQUEST)
    names = {oid: Name(row["schema"], row["name"]) for oid, row in relations.items()}
    numbers: Numbers = defaultdict(dict)
    for row in columns:
        numbers[row["relation"]][row["number"]] = row["name"]
    origins = {row["relation"]: direct_origins(row["definition"]) for row in views}
    shown = _shown(names, numbers, origins)
    primary_keys = _primary_keys(constraints, names, numbers)
    tables = _tables(relations, columns, primary_keys, shown)
    related = relate(
        _foreign_keys(constraints, names, numbers),
        shown,
        {name: table.primary_key for name, table in tables.items()},
        frozenset(name for name in tables if name.schema in exposed),
    )
    return Catalog(
        {name: table for name, table in tables.items() if name.schema in exposed},
        related,
        _routines(routines),
        _settings(settings),
        _function_name(before["function"], exposed[0]),
    )


def _tables(
    relations: dict[int, Row],
    columns: list[Row],
    primary_keys: dict[Name, tuple[str, ...]],
    shown: Iterable[Shown],
) -> dict[Name, Table]:
    found: dict[int, dict[str, TableColumn]] = defaultdict(dict)
    for row in columns:
        column = TableColumn(row["name"], row["type"], row["base"], row["default_value"])
        found[row["relation"]][column.name] = column
    keys = dict(primary_keys)
    for view in shown:
        key = primary_keys.get(view.table, ())
        if key and all(column in view.columns for column in key):
            keys[view.view] = keys.get(view.view, ()) + tuple(view.columns[column][0] for column in key)
    return {
        name: Table(name, row["is_view"], found[oid], keys.get(name, ()))
        for oid, row in relations.items()
        for name in [Name(row["schema"], row["name"])]
    }


def _shown(
    names: dict[int, Name], numbers: Numbers, origins: dict[int, dict[int, tuple[int, int]]]
) -> list[Shown]:
    """For each view and each table it shows: the view's columns by table column."""
    found: dict[tuple[Name, Name], dict[str, list[str]]] = {}
    for view, columns in origins.items():
        for number, origin in columns.items():
            table = table_origin(origin, origins)
            if table is None or table[0] not in names or table[1] not in numbers[table[0]]:
                continue
            shown = found.setdefault((names[view], names[table[0]]), {})
            shown.setdefault(numbers[table[0]][table[1]], []).append(numbers[view][number])
    return [
        Shown(view, table, {name: tuple(cols) for name, cols in columns.items()})
        for (view, table), columns in found.items()
    ]


def _primary_keys(
    constraints: list[Row], names: dict[int, Name], numbers: Numbers
) -> dict[Name, tuple[str, ...]]:
    return {
        names[row["relation"]]: tuple(numbers[row["relation"]][number] for number in row["columns"])
        for row in constraints
        if row["kind"] == "p"
    }


def _foreign_keys(constraints: list[Row], names: dict[int, Name], numbers: Numbers) -> list[ForeignKey]:
    unique = {
        (row["relation"], frozenset(row["columns"])) for row in constraints if row["kind"] in ("p", "u")
    }
    return [
        ForeignKey(
            row["name"],
            names[row["relation"]],
            names[row["target"]],
            tuple(
                (numbers[row["relation"]][source], numbers[row["target"]][target])
                for source, target in zip(row["columns"], row["target_columns"], strict=True)
            ),
            (row["relation"], frozenset(row["columns"])) in unique,
        )
        for row in constraints
        if row["kind"] == "f" and row["target"] in names
    ]


def _routines(rows: list[Row]) -> dict[Name, tuple[Routine, ...]]:
    found: dict[Name, list[Routine]] = defaultdict(list)
    for row in rows:
        parameters = tuple(
            Parameter(name, type_, position < row["required"], variadic)
            for position, (name, type_, variadic) in enumerate(row["parameters"])
        )
        at = Name(row["schema"], row["name"])
        relation = Name(row["relation_schema"], row["relation_name"]) if row["relation_name"] else None
        found[at].append(
            Routine(
                at,
                parameters,
                row["returns_set"],
                row["composite"],
                row["returns_void"],
                row["volatile"],
                relation,
            )
        )
    return {at: tuple(sorted(found[at], key=lambda routine: len(routine.parameters))) for at in found}


def _function_name(text: str | None, schema: str) -> Name | None:
    if text is None:
        return None
    first, _, second = text.partition(".")
    return Name(first, second) if second else Name(schema, first)


def _settings(rows: list[Row]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row["role"]][row["name"]] = row["value"]
    return {role: tuple(settings.items()) for role, settings in found.items()}
