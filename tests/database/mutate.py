"""``make mutate``: takes each defence of the database away in turn, and says whether a test notices.

The permission table is the first judge: of its cells, those that the defence is about are executed until
one fails. Where two defences stand behind each other, taking one away changes no cell; then the other tests
of this folder are asked, first those that speak of it. A cell or a test has noticed when it fails in
itself, and passes once the defence is back. What nobody notices is a survivor, and the exit status is 1.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from tests.database.cast import dismiss, gather
from tests.database.matrix import Cell, cells
from tests.database.mutations import EQUIVALENT, Mutation, mutations
from tests.database.test_matrix import test_who_may_does as is_allowed
from tests.database.test_matrix import test_who_may_not_is_refused_and_nothing_changes as is_denied
from tests.database.witnesses import heard
from tests.database.worlds import Watch, World, make_world
from tests.support.backend import TestBackend, embedded
from tests.support.factories import Database
from tests.support.people import People

WORKERS = 2
CELLS = cells()
CALLERS = """
with recursive calls (caller, callee) as (
  select one.proname, other.proname from pg_proc as one
  join pg_proc as other on one.prosrc like '%' || other.proname || '(%' and one.oid <> other.oid
  where one.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
    and other.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
    and other.proname not in ('staff_role', 'refuse')
), behind (function, helper) as (
  select caller, callee from calls
  union
  select behind.function, calls.callee from behind join calls on calls.caller = behind.helper
)
select function, helper from behind
join pg_proc on proname = function and pronamespace = 'public'::regnamespace
"""


class Judge:
    """Executes the cells that a defence is about until one fails."""

    def __init__(self, project: TestBackend, database: Database) -> None:
        self._database = database
        self._people = People(project)
        self._cast = gather(database, self._people)
        self._worlds: dict[str, World] = {}
        self._watch = Watch(database)
        self._callers: dict[str, set[str]] = {}
        for row in database.execute(CALLERS.encode()).fetchall():
            self._callers.setdefault(row["helper"], set()).add(row["function"])

    def failing_cell(self, mutation: Mutation) -> Cell | None:
        """The first cell that is not as the table says, without this defence and only without it."""
        self._database.execute(mutation.away.encode())
        try:
            cell = next((cell for cell in self._concerned(mutation) if self._fails(cell)), None)
        finally:
            self._database.execute(mutation.back.encode())
        if cell:
            # A defence that was away has let something happen to people or rows.
            dismiss(self._database, self._cast)
            self._cast = gather(self._database, self._people)
            self._worlds = {}
        return cell if cell and not self._fails(cell) else None

    def close(self) -> None:
        """Remove the people."""
        dismiss(self._database, self._cast)
        self._people.close()

    def _concerned(self, mutation: Mutation) -> list[Cell]:
        """What the defence is for: refusals where it refuses, permissions where it permits."""
        subjects = set(mutation.subject.split())
        functions = subjects.union(*(self._callers.get(subject, set()) for subject in subjects))
        if mutation.subject in ("staff_role", "missing_step", "private"):
            subjects = {"bookings"}
        return [
            cell
            for cell in CELLS
            if cell.allowed is not mutation.widens
            and (cell.rule.table in subjects or cell.rule.column in functions)
            and mutation.verb in (None, cell.rule.verb)
        ]

    def _fails(self, cell: Cell) -> bool:
        try:
            if cell.allowed:
                is_allowed(cell, self._cast, self._database)
            else:
                is_denied(cell, self._cast, self._world(cell), self._database, self._watch)
        except AssertionError:
            return True
        except Exception:  # the rows could not even be arranged: that says nothing
            return False
        return False

    def _world(self, cell: Cell) -> dict[str, World]:
        name = cell.character
        if name not in self._worlds:
            self._worlds[name] = make_world(self._database, self._cast[name], shared=True)
        return self._worlds


def judge(found: Sequence[Mutation]) -> dict[str, str | None]:
    """What each mutation was noticed by, on a project for the cells and another one for the other tests."""
    verdicts: dict[str, str | None] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        project = stack.enter_context(embedded(folder / "cells.log"))
        database = stack.enter_context(psycopg.connect(project.db_url, autocommit=True, row_factory=dict_row))
        first = Judge(project, database)
        left = []
        for mutation in found:
            if cell := first.failing_cell(mutation):
                verdicts[mutation.name] = f"cell: {cell}"
                print(f"{mutation.name}: {cell}", flush=True)
            else:
                left.append(mutation)
        first.close()
    if left:
        with tempfile.TemporaryDirectory() as name, embedded(Path(name) / "others.log") as project:
            os.environ |= {
                "SUPABASE_URL": project.url,
                "ANON_KEY": project.anon_key,
                "SERVICE_ROLE_KEY": project.service_role_key,
                "JWT_SECRET": project.jwt_secret,
                "DB_URL": project.db_url,
            }
            verdicts |= heard(left, project.db_url)
    return verdicts


def all_of_them(folder: Path, wanted: Sequence[str]) -> list[Mutation]:
    """Every defence of a fresh project whose name has one of the words."""
    with (
        embedded(folder / "whole.log", ["--no-demo"]) as project,
        psycopg.connect(project.db_url, autocommit=True, row_factory=dict_row) as database,
    ):
        found = mutations(database)
    return [each for each in found if not wanted or any(word in each.name for word in wanted)]


def main(wanted: Sequence[str] = ()) -> int:
    """Print what each mutation was noticed by; the exit status says whether any survived.

    :param wanted: take away only what has one of these words in its name.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = all_of_them(Path(folder), wanted)
    print(f"{len(CELLS)} cells, {len(found)} mutations, {len(EQUIVALENT)} that change nothing", flush=True)
    verdicts: dict[str, str | None] = {}
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as pool:
        for part in pool.map(judge, [found[start::WORKERS] for start in range(WORKERS)]):
            verdicts |= part
    whom = Counter("nobody" if by is None else by.split(":")[0] for by in verdicts.values())
    alive = [name for name, by in verdicts.items() if by is None]
    print(
        f"{len(verdicts)} mutations: {whom['cell']} noticed by a cell, {whom['test']} by another test,"
        f" in {(time.monotonic() - began) / 60:.0f} minutes"
    )
    print(f"{len(alive)} survivors" + "".join(f"\n  {name}" for name in alive))
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
