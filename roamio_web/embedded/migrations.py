"""Applies ``supabase/migrations`` and the seed as the Supabase CLI does, and records them where it does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.postgres import Cluster

FILE_NAME = re.compile(r"(?P<version>\d+)_(?P<name>.+)\.sql")
SEED = "supabase/seed.sql"

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, order=True)
class Migration:
    """One file of ``supabase/migrations``."""

    version: str
    name: str
    path: Path


def read(folder: Path) -> list[Migration]:
    """The migrations in a folder, in order; files with other names are not migrations, as for the CLI.

    :raise BackendError: two have one version.
    """
    found = ((FILE_NAME.fullmatch(path.name), path) for path in folder.glob("*.sql"))
    migrations = sorted(Migration(match["version"], match["name"], path) for match, path in found if match)
    for one, other in pairwise(migrations):
        if one.version == other.version:
            raise BackendError(f"{one.path.name} and {other.path.name} have one version: change one of them.")
    return migrations


def apply(cluster: Cluster, folder: Path, say: Callable[[str], None] = print) -> list[str]:
    """Apply each migration in ``folder`` that was not applied before, in order, as ``postgres``.

    Each runs in one transaction together with its record. Returns the names of the files applied.

    :raise BackendError: one fails; what it did is undone, and those before it stay.
    """
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        recorded = connection.execute("select version from supabase_migrations.schema_migrations")
        done = {version for (version,) in recorded}
        waiting = [migration for migration in read(folder) if migration.version not in done]
        if waiting:
            say(f"Applying {len(waiting)} migration{'s' if len(waiting) > 1 else ''} …")
        for migration in waiting:
            _apply_one(connection, migration)
    return [migration.path.name for migration in waiting]


def seed(cluster: Cluster, file: Path, say: Callable[[str], None] = print) -> bool:
    """Run the seed once, as ``postgres``; say whether that was now.

    :raise BackendError: it fails; nothing of it stays.
    """
    text = file.read_text(encoding="utf-8")
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        known = connection.execute("select true from supabase_migrations.seed_files where path = %s", [SEED])
        if known.fetchone():
            return False
        say("Adding the demo data …")
        with connection.transaction():
            _run(connection, file.name, text)
            connection.execute(
                "insert into supabase_migrations.seed_files (path, hash) values (%s, %s)",
                [SEED, hashlib.sha256(text.encode()).hexdigest()],
            )
    return True


def _apply_one(connection: Connection, migration: Migration) -> None:
    text = migration.path.read_text(encoding="utf-8")
    with connection.transaction():
        _run(connection, migration.path.name, text)
        connection.execute(
            "insert into supabase_migrations.schema_migrations (version, statements, name) "
            "values (%s, %s, %s)",
            [migration.version, [text], migration.name],
        )


def _run(connection: Connection, name: str, text: str) -> None:
    """Run a file's statements; no setting that it makes outlives it."""
    try:
        connection.execute(text.encode())  # without parameters, a percent sign is only that
        connection.execute("reset role")
        connection.execute("reset all")
    except psycopg.Error as error:
        position = error.diag.statement_position
        line = f", line {text.count(chr(10), 0, int(position) - 1) + 1}" if position else ""
        hint = f" ({error.diag.message_hint})" if error.diag.message_hint else ""
        raise BackendError(f"{name}{line} failed: {error.diag.message_primary or error}{hint}") from error
