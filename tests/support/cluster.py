"""A PostgreSQL server of the tests' own, with what every project has in it and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from roamio_web.embedded import orphans
from roamio_web.embedded.bootstrap import bootstrap
from roamio_web.embedded.postgres import Cluster
from roamio_web.embedded.settings import GatewaySettings


@contextmanager
def bare_project(folder: Path, schema: str, *, schemas: tuple[str, ...] = ()) -> Iterator[GatewaySettings]:
    """How a gateway reaches a new project with these statements run in it; it is gone afterwards.

    :param schemas: those that the API offers, if not the usual ones.
    """
    cluster = Cluster(folder, durable=False, say=lambda _: None)
    cluster.folder.create()
    cluster.start()
    try:
        bootstrap(cluster)
        with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
            connection.execute(schema.encode())
        state = cluster.state
        settings = GatewaySettings(
            api_url="http://127.0.0.1",
            jwt_secret=state.jwt_secret,
            anon_key=state.anon_key,
            service_role_key=state.service_role_key,
            dsn=cluster.dsn,
            mail_dir=Path("/nowhere"),
        )
        yield replace(settings, schemas=schemas) if schemas else settings
    finally:
        cluster.stop()
        orphans.remove(cluster.folder)
