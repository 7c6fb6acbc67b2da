"""Joins what a query asks for with what the database has: a tree of tables to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from roamio_web.embedded.rest import errors
from roamio_web.embedded.rest.catalog import Catalog, Name, Relationship, Table, TableColumn
from roamio_web.embedded.rest.ranges import WHOLE, cap
from roamio_web.embedded.rest.relationships import find_relationship
from roamio_web.embedded.rest.syntax import (
    Column,
    Comparison,
    Condition,
    Embed,
    Logic,
    Order,
    Path,
    Query,
    SelectItem,
    Window,
)


@dataclass(slots=True)
class Node:
    """One table in the tree, with what is asked of it; its SQL aliases are made of ``number``."""

    number: int
    parent: int | None
    at: Name
    table: Table | None
    name: str
    alias: str | None = None
    relationship: Relationship | None = None
    inner: bool = False
    spread: bool = False
    items: list[Column | Node] = field(default_factory=list)
    where: list[Condition] = field(default_factory=list)
    order: tuple[Order, ...] = ()
    window: Window = WHOLE

    @property
    def key(self) -> str:
        """The name it has in the answer."""
        return self.alias or self.name

    @property
    def columns(self) -> list[Column]:
        return [item for item in self.items if isinstance(item, Column)]

    @property
    def children(self) -> list[Node]:
        return [item for item in self.items if isinstance(item, Node)]

    @property
    def to_one(self) -> bool:
        return self.relationship is not None and self.relationship.to_one

    @property
    def is_empty(self) -> bool:
        """Whether it selects nothing, at any depth: such an embed only filters."""
        return not self.columns and all(child.is_empty for child in self.children)

    def child(self, name: str) -> Node | None:
        """The embed with this alias, or else with this name."""
        children = self.children
        by_key = (child for child in children if child.key == name)
        return next(by_key, None) or next((child for child in children if child.name == name), None)

    def column(self, name: str) -> TableColumn | None:
        return self.table.columns.get(name) if self.table else None


def plan_read(
    catalog: Catalog, at: Name, query: Query, max_rows: int | None, *, returning: bool = False
) -> Node:
    """The tree for a query on a table or on rows like a table's.

    With ``returning`` (what a write gives back) conditions on the root are left out: they chose the rows.

    :raise RestError: it asks for embeds that don't exist, or for what is not allowed.
    """
    numbers = count()
    root = _node(
        catalog, Node(next(numbers), None, at, catalog.tables.get(at), at.name), query.select, numbers
    )
    for path, order in query.orders:
        _find(root, path).order = order
    for path, window in query.windows.items():
        _find(root, path).window = window
    for path, condition in query.conditions:
        if path or not returning:
            _find(root, path).where.append(condition)
    _check(root)
    if not returning:
        _cap(root, max_rows)
    return root


def _node(catalog: Catalog, node: Node, items: tuple[SelectItem, ...], numbers: count[int]) -> Node:
    for item in items:
        if isinstance(item, Column):
            if item.aggregate:
                raise errors.aggregates_off()
            node.items.append(item)
            continue
        node.items.append(_node(catalog, _embedded(catalog, node, item, next(numbers)), item.items, numbers))
    return node


def _embedded(catalog: Catalog, parent: Node, embed: Embed, number: int) -> Node:
    relationship = find_relationship(catalog, parent.at, embed.target, embed.hint)
    return Node(
        number,
        parent.number,
        relationship.target,
        catalog.tables.get(relationship.target),
        embed.target,
        embed.alias,
        relationship,
        embed.join == "inner",
        embed.spread,
    )


def _find(root: Node, path: Path) -> Node:
    node = root
    for name in path:
        child = node.child(name)
        if child is None:
            raise errors.not_embedded(name)
        node = child
    return node


def _check(node: Node) -> None:
    """Refuse orders and conditions that lean on embeds in ways they can't bear."""
    for term in node.order:
        if term.relation is not None:
            child = node.child(term.relation)
            if child is None:
                raise errors.not_embedded(term.relation)
            if not child.to_one:
                raise errors.order_by_many(node.at.name, child.key)
    for condition in node.where:
        _check_condition(node, condition)
    for child in node.children:
        _check(child)


def _check_condition(node: Node, condition: Condition) -> None:
    if isinstance(condition, Logic):
        for term in condition.terms:
            _check_condition(node, term)
    elif embed_tested(node, condition) and not tests_presence(condition):
        raise errors.bad_embed_filter(condition.field.name)


def embed_tested(node: Node, condition: Comparison) -> Node | None:
    """The embed whose presence the condition is about, if it is about one and not about a column."""
    name = condition.field.name
    if condition.field.steps or node.column(name):
        return None
    return next((child for child in node.children if child.key == name), None)


def tests_presence(condition: Comparison) -> bool:
    return condition.operator == "is" and condition.values[0] in ("null", "not_null")


def _cap(node: Node, max_rows: int | None) -> None:
    if not node.to_one:
        node.window = cap(node.window, max_rows)
    for child in node.children:
        _cap(child, max_rows)
