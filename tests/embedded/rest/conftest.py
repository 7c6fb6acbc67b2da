"""A REST API of its own, on a project that has nothing else in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from supabase import Client

from roamio_web.embedded import orphans
from roamio_web.embedded.bootstrap import bootstrap
from roamio_web.embedded.postgres import Cluster
from roamio_web.embedded.settings import GatewaySettings
from tests.support.rest import FOLDER, Project, served

DATA = (FOLDER / "data.sql").read_text()


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The API and its tables; nothing that a test writes may outlive it, see ``tidy``."""
    cluster = Cluster(tmp_path_factory.mktemp("rest"), durable=False, say=lambda _: None)
    cluster.folder.create()
    cluster.start()
    try:
        bootstrap(cluster)
        with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
            connection.execute((FOLDER / "schema.sql").read_text())
            connection.execute(DATA)
        state = cluster.state
        settings = GatewaySettings(
            api_url="http://127.0.0.1",
            jwt_secret=state.jwt_secret,
            anon_key=state.anon_key,
            service_role_key=state.service_role_key,
            dsn=cluster.dsn,
            mail_dir=Path("/nowhere"),
            schemas=("public", "partner"),
        )
        with served(settings) as address, httpx.Client(timeout=20) as http:
            yield Project(address, settings, http)
    finally:
        cluster.stop()
        orphans.remove(cluster.folder)


@pytest.fixture
def stranger(project: Project) -> Client:
    """The client of somebody who has not signed in."""
    return project.client()


@pytest.fixture
def asha(project: Project) -> Client:
    """The client of Asha, who keeps a diary."""
    return project.client(project.token(sub="asha"))


@pytest.fixture
def database(project: Project) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    with project.database() as connection:
        yield connection


@pytest.fixture
def tidy(database: psycopg.Connection[dict[str, Any]]) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """The database, put back as it was when the test is over."""
    yield database
    database.execute(DATA)


@pytest.fixture
def unchanged(tidy: psycopg.Connection[dict[str, Any]]) -> Iterator[None]:
    """Proof, when the test is over, that it changed nothing."""
    tables = ("labels", "trips", "diaries", "pages", "letters", "hidden.secrets", "partner.offers")

    def everything() -> list[Any]:
        return [tidy.execute(f"select * from {table} order by id").fetchall() for table in tables]

    before = everything()
    yield
    assert everything() == before
