"""What a project made by this code's migrations looks like: asked of a throw-away database."""

from __future__ import annotations

import tempfile
from pathlib import Path

import psycopg

from roamio_web.embedded import migrations, orphans
from roamio_web.embedded.bootstrap import bootstrap
from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.postgres import Cluster
from roamio_web.embedded.settings import SUPABASE
from roamio_web.embedded.state import DataFolder

Report = dict[str, dict[str, str]]


def expected_report(supabase: Path = SUPABASE) -> Report:
    """Apply the migrations to a new database, and return what ``public.project_report()`` says of it.

    :raise BackendError: PostgreSQL is missing, or a migration fails.
    """
    with tempfile.TemporaryDirectory(prefix="roamio-doctor-", ignore_cleanup_errors=True) as above:
        Path(above).chmod(0o711)  # PostgreSQL's own user must get through when this is root
        folder = DataFolder(Path(above) / "data")
        folder.create()
        cluster = Cluster(folder.path, durable=False, say=_quietly)
        try:
            cluster.start()
            bootstrap(cluster)
            migrations.apply(cluster, supabase / "migrations", say=_quietly)
            with psycopg.connect(cluster.dsn("postgres")) as connection:
                row = connection.execute("select public.project_report()").fetchone()
        finally:
            cluster.stop()
            orphans.remove(folder)
    if row is None:
        raise BackendError("The migrations make no project_report().")
    report: Report = row[0]
    return report


def _quietly(_line: str) -> None:
    pass
