"""The one door between what a client sends and SQL text: names are quoted, values become parameters."""

from __future__ import annotations

from collections.abc import Sequence

from roamio_web.embedded.rest.catalog import Name
from roamio_web.embedded.rest.errors import RestError
from roamio_web.embedded.rest.query_string import refuse_zero_byte

MOST_PARAMETERS = 60_000  # the protocol's limit is 65,535

# Types whose names are words of SQL's grammar. Quoted, these words would be other types' names, or nobody's.
SPELLED_TYPES = frozenset(
    {
        *("int", "integer", "smallint", "bigint", "real", "float", "double precision", "decimal", "dec"),
        *("numeric", "boolean", "bit", "bit varying", "char", "character", "char varying"),
        *("character varying", "national character", "nchar", "time", "timestamp"),
        *("time with time zone", "time without time zone"),
        *("timestamp with time zone", "timestamp without time zone"),
    }
)

Value = str | bytes | None


class Parameters:
    """Collects the values of one statement and hands out the placeholders for them.

    Values are sent as text of unknown type, so that Postgres takes them for what stands beside them, as it
    does with a quoted literal.
    """

    def __init__(self) -> None:
        self.values: list[Value] = []

    def add(self, value: Value) -> str:
        """The placeholder for a value: ``$3``.

        :raise RestError: the value holds a zero byte, or there are too many.
        """
        if isinstance(value, str):
            refuse_zero_byte(value)
        if len(self.values) >= MOST_PARAMETERS:
            raise RestError(400, "54000", f"More than {MOST_PARAMETERS} values in one request")
        self.values.append(value)
        return f"${len(self.values)}"


def quote(name: str) -> str:
    """A name as SQL writes it, whatever characters it has."""
    refuse_zero_byte(name)
    return '"' + name.replace('"', '""') + '"'


def qualified(name: Name) -> str:
    return f"{quote(name.schema)}.{quote(name.name)}"


def type_name(words: str) -> str:
    """A type's name: quoted, unless SQL itself spells it."""
    spelled = " ".join(words.lower().split(" "))
    return spelled if spelled in SPELLED_TYPES else quote(spelled)


def literal(text: str) -> str:
    """A quoted constant; only for texts that come from the database's own catalog."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f" E'{escaped}'"


def array(values: Sequence[str]) -> str:
    """An array in Postgres's own notation, every element quoted."""
    elements = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{element}"' for element in elements) + "}"
