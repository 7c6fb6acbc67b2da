"""Members of staff at their browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.people import People
from tests.support.staff import StaffBrowser


@pytest.fixture
def browser(app: Flask, people: People) -> Callable[..., StaffBrowser]:
    """``browser("admin@roamio.example")`` is that person, signed in; ``browser()`` is nobody yet."""

    def open_one(email: str | None = None) -> StaffBrowser:
        opened = StaffBrowser(app.test_client())
        return opened.holds(people.token(email)) if email else opened

    return open_one
