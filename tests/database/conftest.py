"""Everybody who might call the API, and what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.database.cast import Character, dismiss, gather
from tests.database.worlds import Watch, World, make_world
from tests.support.backend import TestBackend
from tests.support.factories import Database
from tests.support.people import People


@pytest.fixture(scope="session")
def records(backend: TestBackend) -> Iterator[Database]:
    """The database itself, for what all tests of this folder share."""
    connection: psycopg.Connection[dict[str, Any]]
    with psycopg.connect(backend.db_url, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture(scope="module")
def cast(records: Database, people: People) -> Iterator[dict[str, Character]]:
    """One person for each line of the permission table, with a token that is still valid."""
    gathered = gather(records, people)
    yield gathered
    dismiss(records, gathered)


@pytest.fixture(scope="module")
def old_worlds(records: Database, cast: dict[str, Character]) -> dict[str, World]:
    """One world for each character, for attempts that must change nothing."""
    return {name: make_world(records, character, shared=True) for name, character in cast.items()}


@pytest.fixture(scope="session")
def watch(records: Database) -> Watch:
    """``watch.state()`` says what every table holds."""
    return Watch(records)


@pytest.fixture
def ceiling(records: Database) -> Iterator[Callable[[str, int], None]]:
    """``ceiling("contact", 50)`` sets how many website bookings may come in; the counting starts afresh."""
    before = records.execute("select subject, arrivals from private.ceilings").fetchall()

    def set_to(subject: str, arrivals: int) -> None:
        records.execute("update private.ceilings set arrivals = %s where subject = %s", [arrivals, subject])
        records.execute("delete from private.arrivals")

    yield set_to
    for row in before:
        set_to(row["subject"], row["arrivals"])
