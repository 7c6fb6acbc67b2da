"""A Realtime server of its own, on a project that has nothing else in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from roamio_web.embedded import orphans
from roamio_web.embedded.bootstrap import bootstrap
from roamio_web.embedded.postgres import Cluster
from roamio_web.embedded.settings import GatewaySettings
from tests.support.realtime import SCHEMA, Project, served


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    cluster = Cluster(tmp_path_factory.mktemp("realtime"), durable=False, say=lambda _: None)
    cluster.folder.create()
    cluster.start()
    try:
        bootstrap(cluster)
        with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
            connection.execute(SCHEMA)
        state = cluster.state
        settings = GatewaySettings(
            api_url="http://127.0.0.1",
            jwt_secret=state.jwt_secret,
            anon_key=state.anon_key,
            service_role_key=state.service_role_key,
            dsn=cluster.dsn,
            mail_dir=Path("/nowhere"),
        )
        with served(settings) as address:
            yield Project(address, settings)
    finally:
        cluster.stop()
        orphans.remove(cluster.folder)
