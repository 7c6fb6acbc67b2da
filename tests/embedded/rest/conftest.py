"""A REST API of its own, on a project that has nothing else in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from supabase import Client

from tests.support.cluster import bare_project
from tests.support.rest import FOLDER, Project, served

DATA = (FOLDER / "data.sql").read_text()


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The API and its tables; nothing that a test writes may outlive it, see ``tidy``."""
    statements = (FOLDER / "schema.sql").read_text() + DATA
    with (
        bare_project(tmp_path_factory.mktemp("rest"), statements, schemas=("public", "partner")) as settings,
        served(settings) as address,
        httpx.Client(timeout=20) as http,
    ):
        yield Project(address, settings, http)


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
