"""What every test may ask for: a running Supabase project, its database for proof, and people who use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.rows import dict_row
from supabase import Client

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.live.hub import Hub
from roamio_web.live.places import Limits
from tests.support.as_it_was import Kept, keep, put_back
from tests.support.backend import TestBackend, embedded
from tests.support.folders import data_folder
from tests.support.people import People

NO_LIMIT = "100000 per minute"
DEMO_DATA = pytest.StashKey[tuple[str, list[Kept]]]()


@pytest.fixture(scope="session")
def backend(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestBackend]:
    """The project that SUPABASE_URL names; else an embedded one with demo data, one for each test process.

    Tests that count what the project holds are then never disturbed by those of another process.
    """
    if project := TestBackend.from_environment():
        yield project
        return
    with embedded(tmp_path_factory.mktemp("backend") / "backend.log") as project:
        request.config.stash[DEMO_DATA] = (project.db_url, keep(project.db_url))
        yield project
        del request.config.stash[DEMO_DATA]


@pytest.fixture(scope="module", autouse=True)
def demo_data(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each module finds the embedded project as its demo data left it."""
    yield
    if running := request.config.stash.get(DEMO_DATA, None):
        put_back(*running)


@pytest.fixture(scope="session")
def people(backend: TestBackend) -> Iterator[People]:
    """Makes the Supabase clients of visitors, staff and the operator."""
    people = People(backend)
    yield people
    people.close()


@pytest.fixture
def visitor(people: People) -> Callable[[], Client]:
    """``visitor()`` is somebody on the website."""
    return people.visitor


@pytest.fixture
def as_staff(people: People) -> Callable[[str], Client]:
    """``as_staff("admin@roamio.example")`` is a demo account, signed in."""
    return people.staff


@pytest.fixture
def database(backend: TestBackend) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """The database itself, past every policy: to arrange and to prove, never to act."""
    with psycopg.connect(backend.db_url, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture(scope="session")
def settings(backend: TestBackend) -> Settings:
    """The site's settings, with room for tests that act faster than people do."""
    return Settings(
        supabase_url=backend.url,
        supabase_anon_key=backend.anon_key,
        environment="testing",
        booking_rate=NO_LIMIT,
        sign_in_rate=NO_LIMIT,
        ticket_minimum_age=0,
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The site on that project; its hub asks nothing by itself, so that what a page asks can be counted."""
    app = create_app(settings)
    limits = Limits.of(settings.threads, settings.streams_each)
    app.extensions["roamio.hub"] = Hub(settings.supabase_url, settings.supabase_anon_key, limits=limits)
    yield app
    app.extensions["roamio.hub"].close()
    app.extensions["roamio.backend"].close()


@pytest.fixture
def app_with(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """``app_with(sign_in_rate="3 per hour")`` is the site with other settings."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        made.append(create_app(replace(settings, **changes)))
        return made[-1]

    yield make
    for app in made:
        app.extensions["roamio.hub"].close()
        app.extensions["roamio.backend"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript and without cookies so far."""
    return app.test_client()


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """Such a browser that reads each answer to its end, after which its request is logged and counted."""
    client = app.test_client()
    client.open = partial(client.open, buffered=True)  # type: ignore[method-assign]
    return client


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder for a backend of this test's own."""
    with data_folder() as path:
        yield path


@pytest.fixture(scope="module")
def shared_dir() -> Iterator[Path]:
    """A folder for a backend that the module's tests start one after the other: making one takes a second."""
    with data_folder() as path:
        yield path
