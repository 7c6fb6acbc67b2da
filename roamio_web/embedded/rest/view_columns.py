"""Finds out which table column each view column shows, so that a view has the relationships of its tables.

Postgres keeps a view as a parsed query, printed as nested ``{NODE :field value}``. Each entry of its
outermost target list ends with the table and column that it shows unchanged, or with zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Origin = tuple[int, int]
OPENING, CLOSING = "({", ")}"
TARGET_LIST = ":targetList "
ENTRY_END = re.compile(
    r":resno (\d+) :resname .*? :ressortgroupref \d+"
    r" :resorigtbl (\d+) :resorigcol (\d+) :resjunk (true|false)}$",
    re.DOTALL,
)


def direct_origins(definition: str) -> dict[int, Origin]:
    """For each column of a view that shows a column unchanged: that relation's oid and column number."""
    found: dict[int, Origin] = {}
    for entry in _target_entries(definition):
        end = ENTRY_END.search(entry)
        if end and end[4] == "false" and int(end[2]):
            found[int(end[1])] = (int(end[2]), int(end[3]))
    return found


def table_origin(origin: Origin, views: Mapping[int, Mapping[int, Origin]]) -> Origin | None:
    """Follow a column through views upon views to the table that has it."""
    seen: set[Origin] = set()
    while origin[0] in views:
        if origin in seen or origin[1] not in views[origin[0]]:
            return None
        seen.add(origin)
        origin = views[origin[0]][origin[1]]
    return origin


def _target_entries(definition: str) -> Iterator[str]:
    """The entries of the outermost query's target list, each with its braces."""
    depth = 0
    position = 0
    while position < len(definition):
        character = definition[position]
        if character == "\\":
            position += 1
        elif character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth -= 1
        elif depth == 2 and definition.startswith(TARGET_LIST, position):
            yield from _entries(definition, position + len(TARGET_LIST))
            return
        position += 1


def _entries(definition: str, start: int) -> Iterator[str]:
    depth = 0
    begin = start
    for position in range(start, len(definition)):
        character = definition[position]
        if definition[position - 1] == "\\" and definition[position - 2] != "\\":
            continue
        if character in OPENING:
            depth += 1
            if depth == 2:
                begin = position
        elif character in CLOSING:
            depth -= 1
            if depth == 1:
                yield definition[begin : position + 1]
            if depth == 0:
                return
