"""Reads the messages of PostgreSQL's own logical decoding plugin, protocol version 1, text values.

The layout is in PostgreSQL's manual, "Logical Replication Message Formats".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
KINDS = {b"I": "INSERT", b"U": "UPDATE", b"D": "DELETE"}

Values = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Begin:
    """A committed transaction begins."""

    committed_at: datetime


@dataclass(frozen=True, slots=True)
class Relation:
    """A table as the messages after it mean it; comes anew when the table changes."""

    oid: int
    schema: str
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One row; a value that was too big to be logged again and did not change is absent from ``new``."""

    kind: str
    relation: int
    new: Values
    old: Values


class Decoder:
    """Turns a slot's messages into Begin, Relation and Change; remembers the relations."""

    def __init__(self) -> None:
        self.relations: dict[int, Relation] = {}

    def decode(self, data: bytes) -> Begin | Relation | Change | None:
        """The meaning of one message, or None for what is of no interest here."""
        kind, reader = data[:1], _Reader(data[1:])
        if kind == b"B":
            _, microseconds, _ = reader.unpack("!qqI")
            return Begin(POSTGRES_EPOCH + timedelta(microseconds=microseconds))
        if kind == b"R":
            relation = self._relation(reader)
            self.relations[relation.oid] = relation
            return relation
        if kind in KINDS:
            return self._change(KINDS[kind], reader)
        return None

    def _relation(self, reader: _Reader) -> Relation:
        (oid,) = reader.unpack("!I")
        schema, table = reader.text(), reader.text()
        _, count = reader.unpack("!cH")
        columns = []
        for _ in range(count):
            reader.unpack("!b")
            columns.append(reader.text())
            reader.unpack("!Ii")
        return Relation(oid, schema, table, tuple(columns))

    def _change(self, kind: str, reader: _Reader) -> Change:
        (oid,) = reader.unpack("!I")
        names = self.relations[oid].columns
        rows: dict[bytes, Values] = {}
        while not reader.done:
            (part,) = reader.unpack("!c")
            rows[part] = reader.row(names)
        old = rows.get(b"O", rows.get(b"K", {}))
        return Change(kind, oid, rows.get(b"N", {}), old)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at >= len(self._data)

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def text(self) -> str:
        end = self._data.index(b"\0", self._at)
        text = self._data[self._at : end].decode()
        self._at = end + 1
        return text

    def row(self, names: tuple[str, ...]) -> Values:
        (count,) = self.unpack("!H")
        values: Values = {}
        for name in names[:count]:
            (kind,) = self.unpack("!c")
            if kind == b"t":
                (length,) = self.unpack("!i")
                values[name] = self._data[self._at : self._at + length].decode()
                self._at += length
            elif kind == b"n":
                values[name] = None
        return values
