"""Reads ``select=``, ``order=``, ``columns=`` and ``on_conflict=``."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from roamio_web.embedded.rest.scanner import Scanner
from roamio_web.embedded.rest.syntax import Column, Embed, Field, Join, Order, SelectItem

AGGREGATES = ("sum", "avg", "count", "max", "min")
REMEMBERED = 256  # texts: an application asks for the same few again and again


@lru_cache(REMEMBERED)
def parse_select(text: str) -> tuple[SelectItem, ...]:
    """The columns and embeds that are asked for.

    :raise RestError: PGRST100, the text does not follow the grammar.
    """
    scanner = Scanner(text, "select parameter")
    items = _items(scanner)
    scanner.end()
    return items


@lru_cache(REMEMBERED)
def parse_order(text: str) -> tuple[Order, ...]:
    """:raise RestError: PGRST100, the text does not follow the grammar."""
    scanner = Scanner(text, "order")
    terms = [_order_term(scanner)]
    while scanner.take(","):
        terms.append(_order_term(scanner))
    scanner.end()
    return tuple(terms)


def parse_names(text: str, what: str) -> tuple[str, ...]:
    """A list of column names, each once, in the order given.

    :raise RestError: PGRST100, the text does not follow the grammar.
    """
    scanner = Scanner(text, f"{what} parameter")
    names = [scanner.name()]
    scanner.space()
    while scanner.take(","):
        scanner.space()
        names.append(scanner.name())
        scanner.space()
    scanner.end()
    return tuple(dict.fromkeys(names))


def _items(scanner: Scanner) -> tuple[SelectItem, ...]:
    scanner.deeper()
    scanner.space()
    items: list[SelectItem] = []
    if not scanner.at_end and scanner.next != ")":
        items.append(_item(scanner))
        while scanner.take(","):
            items.append(_item(scanner))
    scanner.shallower()
    return tuple(items)


def _item(scanner: Scanner) -> SelectItem:
    scanner.space()
    item = _spread(scanner) if scanner.sees("...") else _column_or_embed(scanner)
    scanner.space()
    if not scanner.at_end and scanner.next not in ",)":
        scanner.fail('")", "," or end of input')
    return item


def _spread(scanner: Scanner) -> Embed:
    scanner.expect("...")
    name = scanner.name()
    hint, join = _embed_parameters(scanner)
    return Embed(name, None, hint, join, spread=True, items=_children(scanner))


def _column_or_embed(scanner: Scanner) -> SelectItem:
    if scanner.take("*"):
        return Column(Field("*"))
    alias = _alias(scanner)
    if scanner.sees("count()"):
        scanner.expect("count()")
        return Column(Field("*"), alias, _cast(scanner), "count")
    name = scanner.name()
    if scanner.next in ("!", "("):
        hint, join = _embed_parameters(scanner)
        return Embed(name, alias, hint, join, items=_children(scanner))
    field = Field(name, scanner.json_path())
    scanner.space()
    cast = _cast(scanner)
    aggregate = _aggregate(scanner)
    if aggregate:
        cast = _cast(scanner)
    return Column(field, alias, cast, aggregate)


def _alias(scanner: Scanner) -> str | None:
    """The name before a single colon, if there is one; ``::`` is a cast and no alias."""
    start = scanner.position
    if scanner.next == '"' or scanner.next.isalnum() or scanner.next in ("_", "$"):
        name = scanner.name()
        if scanner.sees(":") and not scanner.sees("::"):
            scanner.position += 1
            scanner.space()
            return name
    scanner.position = start
    return None


def _embed_parameters(scanner: Scanner) -> tuple[str | None, Join | None]:
    hint: str | None = None
    join: Join | None = None
    for _ in range(2):
        if not scanner.take("!"):
            break
        word = scanner.name()
        if word == "inner" or word == "left":
            join = join or ("inner" if word == "inner" else "left")
        else:
            hint = hint or word
    return hint, join


def _children(scanner: Scanner) -> tuple[SelectItem, ...]:
    scanner.expect("(")
    items = _items(scanner)
    scanner.expect(")")
    return items


def _cast(scanner: Scanner) -> str | None:
    return scanner.identifier("letter or digit") if scanner.take("::") else None


def _aggregate(scanner: Scanner) -> str | None:
    if not scanner.take("."):
        return None
    for name in AGGREGATES:
        if scanner.take(f"{name}()"):
            return name
    scanner.fail('"sum", "avg", "count", "max" or "min"')


def _order_term(scanner: Scanner) -> Order:
    scanner.space()
    name = scanner.name()
    relation: str | None = None
    if scanner.take("("):
        relation, field = name, scanner.field()
        scanner.expect(")")
    else:
        field = Field(name, scanner.json_path())
    descending: bool | None = None
    if scanner.take(".desc"):
        descending = True
    elif scanner.take(".asc"):
        descending = False
    nulls: Literal["first", "last"] | None = None
    if scanner.take(".nullsfirst"):
        nulls = "first"
    elif scanner.take(".nullslast"):
        nulls = "last"
    scanner.space()
    if not scanner.at_end and scanner.next != ",":
        scanner.fail('delimiter (.), "," or end of input')
    return Order(field, relation, descending, nulls)
