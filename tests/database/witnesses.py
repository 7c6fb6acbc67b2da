"""The other tests of this folder, asked by ``make mutate`` of one defence after the other, in one session."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from _pytest import nodes
from _pytest.runner import runtestprotocol

from tests.database.mutations import Mutation
from tests.support.as_it_was import keep, put_back

FOLDER = Path(__file__).parent
# The first judge, and those who read files and not the database.
NOT_ASKED = ("test_matrix.py", "test_migrations.py", "test_readme.py")


def heard(found: Sequence[Mutation], db_url: str) -> dict[str, str | None]:
    """The test that noticed each mutation, or None."""
    witnesses = Witnesses(found, db_url)
    ignored = [f"--ignore={FOLDER / name}" for name in NOT_ASKED]
    # What the first judge has imported is no test.
    imported = "ignore::pytest.PytestAssertRewriteWarning"
    status = pytest.main(
        [
            "-qs",
            "--no-header",
            "--no-summary",
            "-p",
            "no:cacheprovider",
            "-W",
            imported,
            *ignored,
            str(FOLDER),
        ],
        plugins=[witnesses],
    )
    if len(witnesses.verdicts) < len(found):
        raise SystemExit(f"The tests could not be asked: pytest ended with {status}")
    return witnesses.verdicts


class Witnesses:
    """A pytest plugin that runs the tests for each mutation, until one fails."""

    def __init__(self, found: Sequence[Mutation], db_url: str) -> None:
        self._found = found
        self._db_url = db_url
        self.verdicts: dict[str, str | None] = {}

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Let each module find the project as its demo data left it."""
        for plugin in session.config.pluginmanager.get_plugins():
            if key := getattr(plugin, "DEMO_DATA", None):
                session.config.stash[key] = (self._db_url, keep(self._db_url))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's own loop."""
        kept = keep(self._db_url)
        with psycopg.connect(self._db_url, autocommit=True) as database:
            for mutation in self._found:
                noticed = None
                for item in in_order(session.items, mutation):
                    database.execute(mutation.away.encode())
                    try:
                        failed = outcome(item) == "failed"
                    finally:
                        database.execute(mutation.back.encode())
                    if not failed:
                        continue
                    # What was let through is forgotten; and only what passes now has noticed.
                    session._setupstate.teardown_exact(None)
                    put_back(self._db_url, kept)
                    if outcome(item) == "passed":
                        noticed = item.nodeid
                        break
                self.verdicts[mutation.name] = noticed and f"test: {noticed}"
                print(f"{mutation.name}: {noticed or 'SURVIVED'}", flush=True)
        return True


class Again:
    """For pytest the next test: one like this, for which the session and the module stay as they are."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    def listchain(self) -> list[nodes.Node]:
        """What need not be set up once more."""
        return self._item.listchain()[:-1]


def outcome(item: pytest.Item) -> str | None:
    """How a test ends; None for one whose people or rows could not even be arranged, which says nothing."""
    again: Any = Again(item)
    item.session._setupstate.teardown_exact(again)
    reports = runtestprotocol(item, log=False, nextitem=again)
    return next((report.outcome for report in reports if report.when == "call"), None)


def in_order(items: Sequence[pytest.Item], mutation: Mutation) -> Iterator[pytest.Item]:
    """Those files first that say most of what it is about."""
    words = set(re.findall(r"[a-z]{4,}", f"{mutation.name} {mutation.words}".lower()))
    texts = {path: path.read_text(encoding="utf-8") for path in {item.path for item in items}}

    def says(item: pytest.Item) -> int:
        return sum(2 if word in item.path.name else word in texts[item.path] for word in words)

    yield from sorted(items, key=lambda item: (-says(item), item.path.name))
