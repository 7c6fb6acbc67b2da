"""The one door between what a client sends and SQL text: names are quoted, values become parameters."""

from __future__ import annotations

from collections.abc import Sequence

from roamio_web.embedded.rest.catalog import Name
from roamio_web.embedded.rest.query_string import refuse_zero_byte

MOST_PARAMETERS = 60_000  # the protocol's limit is 65,535

Value = str | bytes | None


class Parameters:
    """Collects the values of one statement and hands out the placeholders for them.

    Values are sent as text of unknown type, so that Postgres takes them for what stands beside them, as it
    does with a quoted literal.
    """

    def __init__(self) -> None:
        self.values: list[Value] = []

    def add(self, value: Value) -> str:
        """The placeholder for a value: ``$3``."""
        if isinstance(value, str):
            refuse_zero_byte(value)
        self.values.append(value)
        return f"${len(self.values)}"


def quote(name: str) -> str:
    """A name as SQL writes it, whatever characters it has."""
    refuse_zero_byte(name)
    return '"' + name.replace('"', '""') + '"'


def qualified(name: Name) -> str:
    return f"{quote(name.schema)}.{quote(name.name)}"


def literal(text: str) -> str:
    """A quoted constant; only for texts that come from the database's own catalog."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f" E'{escaped}'"


def array(values: Sequence[str]) -> str:
    """An array in Postgres's own notation, every element quoted."""
    elements = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{element}"' for element in elements) + "}"
