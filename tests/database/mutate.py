"""``make mutate``: takes each policy, grant and guard away in turn, and says whether a test notices.

The permission table is the first judge: of its cells, those of the table in question are executed until one
fails. Where two defences stand behind each other, taking one away changes no cell; then the other tests of
this folder are asked. What nobody notices is a survivor, and the exit status is 1.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from tests.database.cast import World, dismiss, gather, make_world
from tests.database.matrix import RULES, Cell, cells
from tests.database.test_matrix import test_who_may_does as is_allowed
from tests.database.test_matrix import test_who_may_not_is_refused_and_nothing_changes as is_denied
from tests.support.backend import TestBackend, embedded
from tests.support.factories import Database
from tests.support.people import People

FOLDER = Path(__file__).parent
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider")
TABLES = sorted({rule.table for rule in RULES})
POLICIES = """
select
  tablename as on_table,
  format('drop policy %%I on public.%%I', policyname, tablename) as away,
  format(
    'create policy %%I on public.%%I for %%s to %%s %%s %%s',
    policyname, tablename, cmd, array_to_string(roles, ', '),
    'using (' || qual || ')', 'with check (' || with_check || ')'
  ) as back,
  format('policy "%%s"', policyname) as name
from pg_policies where schemaname = 'public' and tablename = any(%(tables)s)
"""
TABLE_GRANTS = """
select
  table_name as on_table,
  format('revoke %%s on public.%%I from %%I', privilege_type, table_name, grantee) as away,
  format('grant %%s on public.%%I to %%I', privilege_type, table_name, grantee) as back,
  format('grant %%s on %%s to %%s', lower(privilege_type), table_name, grantee) as name
from information_schema.role_table_grants
where table_schema = 'public' and table_name = any(%(tables)s) and grantee in ('anon', 'authenticated')
"""
# Those that a grant on the whole table does not imply.
COLUMN_GRANTS = """
select
  class.relname as on_table,
  format('revoke %%s (%%I) on public.%%I from %%I', granted.privilege_type, attname, relname, rolname)
    as away,
  format('grant %%s (%%I) on public.%%I to %%I', granted.privilege_type, attname, relname, rolname) as back,
  format('grant %%s (%%s) on %%s to %%s', lower(granted.privilege_type), attname, relname, rolname) as name
from pg_attribute
join pg_class as class on class.oid = attrelid and relnamespace = 'public'::regnamespace
cross join aclexplode(attacl) as granted
join pg_roles on pg_roles.oid = granted.grantee
where relname = any(%(tables)s) and rolname in ('anon', 'authenticated')
"""
GUARDS = """
select
  relname as on_table,
  format('alter table public.%%I disable trigger %%I', relname, tgname) as away,
  format('alter table public.%%I enable trigger %%I', relname, tgname) as back,
  format('guard %%s of %%s', tgname, relname) as name
from pg_trigger
join pg_class on pg_class.oid = tgrelid and relnamespace = 'public'::regnamespace
join pg_proc on pg_proc.oid = tgfoid
where relname = any(%(tables)s) and not tgisinternal and prosrc ~ 'private\\.refuse'
"""
REFUSING_FUNCTIONS = """
select distinct
  coalesce(relname, 'bookings') as on_table, proname, pg_get_functiondef(pg_proc.oid) as definition
from pg_proc
left join pg_trigger on tgfoid = pg_proc.oid and not tgisinternal
left join pg_class on pg_class.oid = tgrelid and relname = any(%(tables)s)
where pronamespace = 'private'::regnamespace and prosrc ~ 'perform private\\.refuse' and proname ~ '^guard'
"""
REFUSAL = re.compile(r"perform private\.refuse\(")


@dataclass(frozen=True)
class Mutation:
    """One defence, the statement that takes it away and the one that puts it back."""

    name: str
    table: str
    away: str
    back: str


def mutations(database: Database) -> Iterator[Mutation]:
    """Every policy, grant and guard of the permission table's tables, and every single refusal of a guard."""
    values = {"tables": TABLES}
    for query in (POLICIES, TABLE_GRANTS, COLUMN_GRANTS, GUARDS):
        for row in database.execute(query.encode(), values).fetchall():
            yield Mutation(row["name"], row["on_table"], row["away"], row["back"])
    seen = set()
    for row in database.execute(REFUSING_FUNCTIONS.encode(), values).fetchall():
        if row["proname"] in seen:
            continue
        seen.add(row["proname"])
        definition = row["definition"]
        for number, call in enumerate(REFUSAL.finditer(definition), start=1):
            without = f"{definition[: call.start()]}perform concat({definition[call.end() :]}"
            yield Mutation(f"refusal {number} of {row['proname']}", row["on_table"], without, definition)


class Judge:
    """Executes the cells of a table until one fails."""

    def __init__(self, project: TestBackend, database: Database) -> None:
        self._database = database
        self._people = People(project)
        self._cast = gather(database, self._people)
        self._worlds: dict[str, World] = {}

    def failing_cell(self, table: str) -> Cell | None:
        """The first cell that is not as the table says. What it did is forgotten."""
        self._worlds = {}
        # Refusals first: they are quick, and most defences refuse. They come to rows that nobody has changed.
        concerned = [cell for cell in cells() if cell.rule.table == table]
        for cell in sorted(concerned, key=lambda one: one.allowed):
            try:
                if cell.allowed:
                    is_allowed(cell, self._cast, self._database)
                else:
                    is_denied(cell, self._cast, self._all_worlds(cell), self._database)
            except Exception:  # whatever it is, the cell is not what it was
                self._start_anew()
                return cell
        return None

    def close(self) -> None:
        """Remove the people."""
        dismiss(self._database, self._cast)
        self._people.close()

    def _all_worlds(self, cell: Cell) -> dict[str, World]:
        name = cell.character
        if name not in self._worlds:
            self._worlds[name] = make_world(self._database, self._cast[name])
        return self._worlds

    def _start_anew(self) -> None:
        """A defence that was away has let something happen to people or rows."""
        dismiss(self._database, self._cast)
        self._cast = gather(self._database, self._people)
        self._worlds = {}


class OtherTests:
    """The rest of this folder, on a project of its own, where no cell has left anything behind."""

    def __init__(self, project: TestBackend, database: Database) -> None:
        self._database = database
        self._environment = os.environ | {
            "SUPABASE_URL": project.url,
            "ANON_KEY": project.anon_key,
            "SERVICE_ROLE_KEY": project.service_role_key,
            "JWT_SECRET": project.jwt_secret,
            "DB_URL": project.db_url,
        }

    def failing_test(self, mutation: Mutation) -> str | None:
        """The first test that fails without this defence and passes with it."""
        unreliable: list[str] = []
        while True:
            self._database.execute(mutation.away.encode())
            try:
                failed = self._run(str(FOLDER), *(f"--deselect={test}" for test in unreliable))
            finally:
                self._database.execute(mutation.back.encode())
            if failed is None or self._run(failed) is None:
                return failed
            unreliable.append(failed)

    def _run(self, *what: str) -> str | None:
        ignored = (f"--ignore={FOLDER / name}" for name in ("test_matrix.py", "test_migrations.py"))
        answer = subprocess.run(
            [*PYTEST, *what, *ignored],
            capture_output=True,
            check=False,
            text=True,
            env=self._environment,
            cwd=FOLDER.parents[1],
        )
        if answer.returncode == 0:
            return None
        failed = re.search(r"^(?:FAILED|ERROR) (.+?::.+?)(?: - .*)?$", answer.stdout, re.MULTILINE)
        if failed is None:
            raise SystemExit(f"The tests can't be judged by:\n{answer.stdout[-2000:]}{answer.stderr[-2000:]}")
        return failed[1]


def survivors(judge: Judge, others: OtherTests, database: Database, wanted: Sequence[str]) -> list[str]:
    """Take each defence away and put it back; returns the names of those that nobody missed."""
    alive = []
    found = [each for each in mutations(database) if not wanted or any(word in each.name for word in wanted)]
    whole = [str(cell) for table in TABLES if (cell := judge.failing_cell(table))]
    if whole:
        raise SystemExit(f"The permission table fails before anything is taken away: {whole}")
    print(f"{len(cells())} cells, {len(found)} mutations", flush=True)
    for mutation in found:
        database.execute(mutation.away.encode())
        try:
            cell = judge.failing_cell(mutation.table)
        finally:
            database.execute(mutation.back.encode())
        noticed = str(cell) if cell else others.failing_test(mutation)
        print(f"{mutation.name}: {noticed or 'SURVIVED'}", flush=True)
        if noticed is None:
            alive.append(mutation.name)
    return alive


def main(wanted: Sequence[str] = ()) -> int:
    """Print what each mutation was caught by; the exit status says whether any survived.

    :param wanted: take away only what has one of these words in its name.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        projects = [stack.enter_context(embedded(folder / f"{name}.log")) for name in ("cells", "others")]
        database, other = (
            stack.enter_context(psycopg.connect(project.db_url, autocommit=True, row_factory=dict_row))
            for project in projects
        )
        judge = Judge(projects[0], database)
        alive = survivors(judge, OtherTests(projects[1], other), database, wanted)
        judge.close()
    print(f"{len(alive)} survivors" + "".join(f"\n  {name}" for name in alive))
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
