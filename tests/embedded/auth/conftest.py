"""Auth on an embedded project: its mail can be read here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from supabase import Client

from tests.support.accounts import Account, make_account
from tests.support.backend import TestBackend, embedded
from tests.support.people import People


@pytest.fixture(scope="session")
def project(backend: TestBackend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestBackend]:
    """The tests' own project when that is an embedded one, else one more."""
    if backend.mail_dir:
        yield backend
        return
    with embedded(tmp_path_factory.mktemp("auth") / "backend.log") as project:
        yield project


@pytest.fixture(scope="session")
def people(project: TestBackend) -> Iterator[People]:
    people = People(project)
    yield people
    people.close()


@pytest.fixture(scope="session")
def operator(people: People) -> Client:
    """Somebody with the service key."""
    return people.operator()


@pytest.fixture
def account(operator: Client) -> Account:
    """Somebody who can sign in, and whom no other test knows."""
    return make_account(operator)


@pytest.fixture
def browser(people: People) -> Callable[[], Client]:
    """``browser()`` is a client that nobody has signed in with yet."""
    return people.visitor
