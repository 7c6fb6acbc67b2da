"""What a client wants to hear of: an event, a schema, a table, and filters on columns."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from typing import Any, Protocol

from roamio_web.embedded.realtime.authorization import Person

EVENTS = ("INSERT", "UPDATE", "DELETE")
OPERATORS = {
    "eq": "=",
    "neq": "<>",
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
    "like": "like",
    "ilike": "ilike",
    "match": "~",
    "imatch": "~*",
}
OTHER_OPERATORS = ("in", "is", "isdistinct")
KEYWORDS = ("null", "true", "false", "unknown")
LONGEST_LIST = 100


class ChangesRefused(Exception):
    """A subscription can't be had; the text is what the client is told."""


@dataclass(frozen=True, slots=True)
class Filter:
    """``column=operator.value``, with ``not.`` before the operator for its opposite."""

    column: str
    operator: str
    value: str
    negated: bool = False

    @property
    def values(self) -> list[str]:
        """The members of an ``in`` list."""
        return [
            value.strip().strip('"') for value in self.value.removeprefix("(").removesuffix(")").split(",")
        ]


class Subscriber(Protocol):
    """Whoever wished for changes."""

    def deliver(self, subscription: Subscription, data: dict[str, Any]) -> None: ...

    def lost(self, reason: str) -> None: ...


@dataclass(eq=False)
class Subscription:
    """One wish of one client."""

    binding: dict[str, Any]
    event: str
    schema: str
    table: str
    filters: tuple[Filter, ...]
    columns: frozenset[str] | None
    person: Person
    subscriber: Subscriber

    @classmethod
    def from_params(cls, params: dict[str, Any], person: Person, subscriber: Subscriber) -> Subscription:
        """:raise ChangesRefused: the wish makes no sense."""
        schema, table = params.get("schema"), params.get("table")
        if not isinstance(schema or table, str):
            raise ChangesRefused(
                "No subscription params provided. Please provide at least a `schema` or `table`"
            )
        select = params.get("select")
        columns = frozenset(str(name) for name in select) if isinstance(select, list) and select else None
        if columns and (schema == "*" or not table or table == "*"):
            raise ChangesRefused("Column selection is not supported for wildcard subscriptions.")
        event = str(params.get("event", "*")).upper()
        number = zlib.crc32(json.dumps(params, sort_keys=True).encode()) or 1
        return cls(
            binding={**params, "id": number},
            event=event if event in EVENTS else "*",
            schema=schema or "public",
            table=table or "*",
            filters=parse_filters(params.get("filter") or ""),
            columns=columns,
            person=person,
            subscriber=subscriber,
        )

    @property
    def id(self) -> int:
        """How the client knows this wish again in what it receives."""
        return int(self.binding["id"])

    def concerns(self, event: str, schema: str, table: str) -> bool:
        """Whether such a change is asked for, filters aside."""
        return self.event in ("*", event) and self.schema in ("*", schema) and self.table in ("*", table)


def parse_filters(text: object) -> tuple[Filter, ...]:
    """Conditions separated by commas outside brackets; all must hold.

    :raise ChangesRefused: one can't be read.
    """
    if not isinstance(text, str) or not text.strip():
        return ()
    return tuple(_parse(part) for part in re.split(r",(?![^(]*\))", text.strip()))


def _parse(text: str) -> Filter:
    found = re.fullmatch(r"\s*([^=]+?)=(not\.)?([a-z]+)\.(.*)", text, re.DOTALL)
    if found is None or found[3] not in (*OPERATORS, *OTHER_OPERATORS):
        raise ChangesRefused(f"Error parsing `filter` params: {text}")
    wanted = Filter(found[1], found[3], found[4], bool(found[2]))
    if wanted.operator == "in" and len(wanted.values) > LONGEST_LIST:
        raise ChangesRefused(f"too many values for `in` filter. Maximum {LONGEST_LIST}")
    if wanted.operator == "is" and wanted.value not in KEYWORDS:
        raise ChangesRefused("invalid value for is filter: must be null, true, false, or unknown")
    return wanted
