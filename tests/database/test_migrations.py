"""The migrations outside our own runner: the Supabase CLI applies them, and squawk reads them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from roamio_web.commands.doctor import differences
from roamio_web.embedded.bootstrap import bootstrap
from roamio_web.embedded.expectation import expected_report
from roamio_web.embedded.postgres import Cluster
from roamio_web.embedded.state import DataFolder

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "supabase" / "migrations"


@pytest.fixture
def new_project(shared_dir: Path) -> Iterator[Cluster]:
    """A database with what Supabase itself puts there, and nothing of ours."""
    DataFolder(shared_dir).create()
    cluster = Cluster(shared_dir, durable=False, say=lambda _line: None)
    cluster.start()
    bootstrap(cluster)
    yield cluster
    cluster.stop()


def test_supabase_cli_applies_the_migrations_with_the_same_result(
    new_project: Cluster, tmp_path: Path
) -> None:
    (command,) = ROOT.glob("build/supabase-cli-*/node_modules/.bin/supabase")  # `make test` installs it
    path = [os.environ["PATH"], str(Path(sys.executable).parent)]  # Node may be in .venv
    password = quote(new_project.state.password("postgres"))
    address = f"postgresql://postgres:{password}@127.0.0.1:{new_project.port}/postgres?sslmode=disable"
    pushed = subprocess.run(
        [str(command), "db", "push", f"--remote={address}", "--yes"],
        cwd=shutil.copytree(MIGRATIONS.parent, tmp_path / "supabase").parent,  # it leaves notes beside them
        env=os.environ | {"HOME": str(tmp_path), "PATH": os.pathsep.join(path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert pushed.returncode == 0, pushed.stderr
    with psycopg.connect(new_project.dsn("postgres")) as connection:
        recorded = connection.execute(
            "select version || '_' || name || '.sql' from supabase_migrations.schema_migrations order by 1"
        ).fetchall()
        report = connection.execute("select public.project_report()").fetchone()
    assert [name for (name,) in recorded] == sorted(path.name for path in MIGRATIONS.glob("*.sql"))
    assert report is not None
    assert list(differences(expected_report(), report[0])) == []


def test_linter_for_migrations_finds_nothing() -> None:
    squawk = Path(sys.executable).parent / "squawk"
    read = subprocess.run(
        [str(squawk), f"--config={MIGRATIONS.parent / 'squawk.toml'}", *map(str, MIGRATIONS.glob("*.sql"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert read.returncode == 0, read.stdout
