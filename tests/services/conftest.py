"""Staff as the services know them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from roamio_web.models.staff import StaffMember
from tests.support.factories import Database


@pytest.fixture
def member(database: Database) -> Callable[[str], StaffMember]:
    """``member("admin@roamio.example")``: that person's profile."""

    def find(email: str) -> StaffMember:
        row = database.execute(
            "select id::text, role, full_name, email from profiles where email = %s", [email]
        ).fetchone()
        assert row is not None
        return StaffMember.from_row(row)

    return find
