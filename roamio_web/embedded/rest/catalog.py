"""What the API knows of the database: its tables, relationships and functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, NamedTuple

Cardinality = Literal["many-to-one", "one-to-one", "one-to-many", "many-to-many"]
ColumnPairs = tuple[tuple[str, str], ...]
SIMILAR = 0.75


class Name(NamedTuple):
    """A table's, view's or function's place: schema and name, as the catalog spells them."""

    schema: str
    name: str


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: ``type`` with its modifier as SQL writes it, ``base`` the type under a domain."""

    name: str
    type: str
    base: str
    default: str | None = None

    @property
    def holds_json(self) -> bool:
        return self.base in ("json", "jsonb")


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view."""

    at: Name
    is_view: bool
    columns: dict[str, TableColumn]
    primary_key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Junction:
    """The table between two that are many to many, and which of its columns point to each."""

    at: Name
    source_constraint: str
    target_constraint: str
    source: ColumnPairs
    target: ColumnPairs


@dataclass(frozen=True, slots=True)
class Relationship:
    """How rows of ``source`` find rows of ``target``: pairs of (source column, target column)."""

    source: Name
    target: Name
    cardinality: Cardinality
    constraint: str
    columns: ColumnPairs = ()
    junction: Junction | None = None
    target_is_view: bool = False

    @property
    def to_one(self) -> bool:
        return self.cardinality in ("many-to-one", "one-to-one")

    @property
    def source_columns(self) -> tuple[str, ...]:
        pairs = self.junction.source if self.junction else self.columns
        return tuple(source for source, _ in pairs)


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input parameter of a function."""

    name: str
    type: str
    required: bool
    variadic: bool


@dataclass(frozen=True, slots=True)
class Routine:
    """A function that can be called.

    ``returns`` is the relation whose rows it returns, if it does; ``composite`` says that it returns rows of
    any kind, else single values.
    """

    at: Name
    parameters: tuple[Parameter, ...]
    returns_set: bool
    composite: bool
    returns_void: bool
    volatile: bool
    returns: Name | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """One reading of the database.

    ``pre_request`` is the function that the project runs before every request.
    """

    tables: dict[Name, Table] = field(default_factory=dict)
    relationships: dict[Name, tuple[Relationship, ...]] = field(default_factory=dict)
    routines: dict[Name, tuple[Routine, ...]] = field(default_factory=dict)
    role_settings: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    pre_request: Name | None = None

    def similar_table(self, at: Name) -> str | None:
        """The name in the same schema that a wrong name was probably meant to be."""
        names = [name.name for name in self.tables if name.schema == at.schema]
        return next(iter(get_close_matches(at.name, names, 1, SIMILAR)), None)

    def similar_routine(self, at: Name) -> str | None:
        names = [name.name for name in self.routines if name.schema == at.schema]
        return next(iter(get_close_matches(at.name, names, 1, SIMILAR)), None)
