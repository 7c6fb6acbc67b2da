"""A Realtime server of its own, on a project that has nothing else in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.cluster import bare_project
from tests.support.realtime import SCHEMA, Project, served


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with (
        bare_project(tmp_path_factory.mktemp("realtime"), SCHEMA) as settings,
        served(settings) as address,
    ):
        yield Project(address, settings)
