"""Works out which relations can be embedded in which, and picks the one that a request means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from roamio_web.embedded.rest.catalog import Catalog, ColumnPairs, Junction, Name, Relationship
from roamio_web.embedded.rest.errors import ambiguous_relationship, no_relationship


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; ``unique`` when its columns are also a key of their own table."""

    name: str
    source: Name
    target: Name
    columns: ColumnPairs
    unique: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The columns of one table that one view shows, by table column; a column may be shown twice."""

    view: Name
    table: Name
    columns: dict[str, tuple[str, ...]]


def relate(
    keys: Iterable[ForeignKey],
    shown: Iterable[Shown],
    primary_keys: Mapping[Name, tuple[str, ...]],
    exposed: frozenset[Name],
) -> dict[Name, tuple[Relationship, ...]]:
    """Every relationship between exposed tables and views, by the one it starts from."""
    by_table: dict[Name, list[Shown]] = defaultdict(list)
    for view in shown:
        by_table[view.table].append(view)
    forward = [relationship for key in keys for relationship in _forward(key, by_table)]
    forward = [
        relationship
        for relationship in forward
        if relationship.source in exposed and relationship.target in exposed
    ]
    views = {view.view for each in by_table.values() for view in each}
    every = [*forward, *(_inverse(each, views) for each in forward), *_many_to_many(forward, primary_keys)]
    found: dict[Name, list[Relationship]] = defaultdict(list)
    for relationship in every:
        found[relationship.source].append(relationship)
    return {name: tuple(each) for name, each in found.items()}


def find_relationship(catalog: Catalog, source: Name, target: str, hint: str | None) -> Relationship:
    """The relationship that ``source?select=target!hint(...)`` means.

    :raise RestError: PGRST200, there is none; PGRST201, there are several.
    """
    known = catalog.relationships.get(source, ())
    fitting = [
        relationship
        for relationship in known
        if relationship.target.schema == source.schema and _fits(relationship, target, hint)
    ]
    if not fitting:
        raise no_relationship(source.name, target, hint, source.schema)
    if len(fitting) > 1:
        raise ambiguous_relationship(
            source.name,
            target,
            [_describe(each) for each in fitting],
            [f"'{each.target.name}!{_handle(each)}'" for each in fitting],
        )
    return fitting[0]


def _forward(key: ForeignKey, by_table: Mapping[Name, list[Shown]]) -> Iterator[Relationship]:
    """From the table with the key, or a view that shows it, to the other table, or a view of that."""
    sources = [(key.source, tuple(source for source, _ in key.columns))]
    targets = [(key.target, tuple(target for _, target in key.columns), False)]
    for view in by_table.get(key.source, ()):
        sources += [(view.view, columns) for columns in _spellings(view, sources[0][1])]
    for view in by_table.get(key.target, ()):
        targets += [(view.view, columns, True) for columns in _spellings(view, targets[0][1])]
    cardinality = "one-to-one" if key.unique else "many-to-one"
    for (source, source_columns), (target, target_columns, is_view) in product(sources, targets):
        pairs = tuple(zip(source_columns, target_columns, strict=True))
        yield Relationship(
            source,
            target,
            "one-to-one" if cardinality == "one-to-one" else "many-to-one",
            key.name,
            pairs,
            target_is_view=is_view,
        )


def _spellings(view: Shown, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The ways in which a view shows all these columns of its table."""
    return list(product(*(view.columns.get(column, ()) for column in columns)))


def _inverse(each: Relationship, views: set[Name]) -> Relationship:
    return Relationship(
        each.target,
        each.source,
        "one-to-one" if each.cardinality == "one-to-one" else "one-to-many",
        each.constraint,
        tuple((target, source) for source, target in each.columns),
        target_is_view=each.source in views,
    )


def _many_to_many(
    forward: Iterable[Relationship], primary_keys: Mapping[Name, tuple[str, ...]]
) -> Iterator[Relationship]:
    """Through a relation whose primary key is made of two foreign keys, or holds them."""
    by_source: dict[Name, list[Relationship]] = defaultdict(list)
    for each in forward:
        if each.cardinality == "many-to-one":
            by_source[each.source].append(each)
    for junction, keys in by_source.items():
        primary = set(primary_keys.get(junction, ()))
        for one, other in product(keys, keys):
            if one.constraint != other.constraint and primary >= {*one.source_columns, *other.source_columns}:
                yield Relationship(
                    one.target,
                    other.target,
                    "many-to-many",
                    "",
                    junction=Junction(
                        junction,
                        one.constraint,
                        other.constraint,
                        tuple((target, source) for source, target in one.columns),
                        tuple((target, source) for source, target in other.columns),
                    ),
                    target_is_view=other.target_is_view,
                )


def _fits(each: Relationship, target: str, hint: str | None) -> bool:
    by_name = target == each.target.name
    source_column, target_column = each.columns[0] if len(each.columns) == 1 else (None, None)
    if each.source == each.target:
        if hint is not None:
            return by_name and each.cardinality == "one-to-many" and hint == target_column
        if each.cardinality == "one-to-many":
            return by_name
        return each.cardinality == "many-to-one" and target == source_column
    if hint is not None:
        junction = each.junction.at.name if each.junction else None
        return by_name and hint in (each.constraint or None, source_column, target_column, junction)
    by_key = target in (each.constraint or None, source_column) and not each.target_is_view
    return by_name or by_key


def _handle(each: Relationship) -> str:
    return each.junction.at.name if each.junction else each.constraint


def _describe(each: Relationship) -> dict[str, str]:
    def listed(columns: Iterable[str]) -> str:
        return f"({', '.join(columns)})"

    if each.junction:
        junction = each.junction
        how = (
            f"{junction.at.name}"
            f" using {junction.source_constraint}{listed(own for _, own in junction.source)}"
            f" and {junction.target_constraint}{listed(own for _, own in junction.target)}"
        )
    else:
        how = (
            f"{each.constraint} using {each.source.name}{listed(each.source_columns)}"
            f" and {each.target.name}{listed(target for _, target in each.columns)}"
        )
    return {
        "cardinality": each.cardinality,
        "embedding": f"{each.source.name} with {each.target.name}",
        "relationship": how,
    }
