"""What a query string asks for, as data: columns, embeds, conditions, order.

Nothing here knows the database. Names are as the client wrote them; whether they exist is decided later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Quantifier = Literal["any", "all"]
Join = Literal["inner", "left"]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JsonStep:
    """One ``->`` or ``->>`` (``as_text``) into a JSON value: an object's key or an array's index."""

    key: str | int
    as_text: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A column, and the way into it if it holds JSON."""

    name: str
    steps: tuple[JsonStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """``alias:field::cast`` or, with an aggregate, ``field.sum()::cast``."""

    field: Field
    alias: str | None = None
    cast: str | None = None
    aggregate: str | None = None

    @property
    def label(self) -> str | None:
        """The name in the answer, where it is not simply the column's."""
        if self.alias is not None or not self.field.steps:
            return self.alias
        keys = [step.key for step in self.field.steps if isinstance(step.key, str)]
        return keys[-1] if keys else self.field.name


@dataclass(frozen=True, slots=True)
class Embed:
    """``alias:target!hint!inner(...)``, or ``...target(...)`` to spread its columns into the parent."""

    target: str
    alias: str | None = None
    hint: str | None = None
    join: Join | None = None
    spread: bool = False
    items: tuple[SelectItem, ...] = ()


SelectItem = Column | Embed


@dataclass(frozen=True, slots=True)
class Comparison:
    """``field.not.operator(quantifier).value``.

    ``values`` holds one value, or those of an ``in`` list; ``language`` is the full-text configuration.
    """

    field: Field
    operator: str
    values: tuple[str, ...]
    negated: bool = False
    quantifier: Quantifier | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Logic:
    """``and(...)`` or ``or(...)`` over conditions."""

    operator: Literal["and", "or"]
    terms: tuple[Condition, ...]
    negated: bool = False


Condition = Comparison | Logic


@dataclass(frozen=True, slots=True)
class Order:
    """One term of ``order=``; ``relation`` when it is a column of an embedded single row."""

    field: Field
    relation: str | None = None
    descending: bool | None = None
    nulls: Literal["first", "last"] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """``limit`` rows from ``offset`` on; no limit is ``None``."""

    offset: int = 0
    limit: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.offset == 0 and self.limit is None


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query string. A path says which embed a part is about; the root's path is empty."""

    select: tuple[SelectItem, ...] = (Column(Field("*")),)
    conditions: tuple[tuple[Path, Condition], ...] = ()
    orders: tuple[tuple[Path, tuple[Order, ...]], ...] = ()
    windows: dict[Path, Window] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    on_conflict: tuple[str, ...] | None = None
    arguments: tuple[tuple[str, str], ...] = ()

    def root_conditions(self) -> tuple[Condition, ...]:
        """The conditions on the table itself, not on what is embedded in it."""
        return tuple(condition for path, condition in self.conditions if not path)
