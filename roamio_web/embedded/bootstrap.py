"""Makes an empty PostgreSQL look like a new Supabase project."""

from __future__ import annotations

import hashlib
from importlib import resources

import psycopg
from psycopg import sql

from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.postgres import SUPERUSER, Cluster

LOGIN_ROLES = ("postgres", "authenticator", "supabase_auth_admin", "supabase_realtime_admin")


def bootstrap(cluster: Cluster) -> bool:
    """Create the roles, the schemas and what is in them, once; say whether that was now.

    One transaction: an interrupted start leaves nothing half made.

    :raise BackendError: another version of this code made what is there.
    """
    scripts = _scripts()
    fingerprint = hashlib.sha256("\n".join(scripts).encode()).hexdigest()
    with psycopg.connect(cluster.dsn(SUPERUSER)) as connection:
        present = _comment_on_database(connection)
        if present == fingerprint:
            return False
        if present is not None:
            raise BackendError(
                f"The database in {cluster.folder.path} was made by another version of Roamio: "
                f"`roamio backend reset --data-dir {cluster.folder.path}` starts afresh."
            )
        for script in scripts:
            connection.execute(script)
        for role in LOGIN_ROLES:
            password = cluster.state.password(role)
            connection.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(password))
            )
        connection.execute(sql.SQL("comment on database postgres is {}").format(sql.Literal(fingerprint)))
    return True


def _scripts() -> list[str]:
    folder = resources.files("roamio_web.embedded") / "sql"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name
    )
    return [file.read_text(encoding="utf-8") for file in files]


def _comment_on_database(connection: psycopg.Connection[tuple[str | None]]) -> str | None:
    """The fingerprint left by an earlier bootstrap; initdb leaves a comment of its own."""
    row = connection.execute(
        "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
    ).fetchone()
    comment = row[0] if row else None
    return comment if comment and len(comment) == 64 else None
