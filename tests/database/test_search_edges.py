"""The edges of the list: the moment at which a filter begins, and bookings of the very same one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from supabase import Client

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN

MOMENT = "2020-02-29T12:00:00.123456+00:00"
A_MICROSECOND_LATER = "2020-02-29T12:00:00.123457+00:00"


def put_at_one_moment(database: Database, many: int) -> list[str]:
    """Bookings that came in and changed at the same time; in the order of their ids."""
    bookings = [make_booking(database) for _ in range(many)]
    with database.transaction():
        # What stamps and guards the times would have a word to say.
        database.execute("set local session_replication_role = replica")
        database.execute(
            "update bookings set created_at = %(at)s, updated_at = %(at)s where id = any(%(ids)s::uuid[])",
            {"at": MOMENT, "ids": bookings},
        )
    return sorted(bookings)


def find(client: Client, **filters: Any) -> list[dict[str, Any]]:
    """The rows of one page."""
    rows: list[dict[str, Any]] = client.rpc("find_bookings", filters).execute().data
    return rows


def test_a_day_begins_with_its_first_moment_and_ends_before_the_next(
    as_staff: Callable[[str], Client], database: Database
) -> None:
    booking = make_booking(database)
    with database.transaction():
        database.execute("set local session_replication_role = replica")
        database.execute("update bookings set created_at = %s where id = %s", [MOMENT, booking])
    admin = as_staff(ADMIN)
    found = [
        [row["id"] for row in find(admin, since=since, until=until)]
        for since, until in (
            (MOMENT, A_MICROSECOND_LATER),
            (A_MICROSECOND_LATER, "2020-03-01"),
            ("2020-02-29", MOMENT),
        )
    ]
    assert found == [[booking], [], []]
    database.execute("delete from bookings where id = %s", [booking])


@pytest.mark.parametrize(("sort", "value"), [("newest", "created_at"), ("changed", "updated_at")])
def test_bookings_of_one_moment_are_each_on_one_page(
    sort: str, value: str, as_staff: Callable[[str], Client], database: Database
) -> None:
    together = put_at_one_moment(database, 5)
    admin = as_staff(ADMIN)
    seen: list[str] = []
    last: dict[str, Any] = {value: A_MICROSECOND_LATER, "id": "ffffffff-ffff-4fff-8fff-ffffffffffff"}
    for _ in range(3):
        page = find(admin, sort=sort, page_size=2, after_value=last[value], after_id=last["id"])
        seen += [row["id"] for row in page]
        last = page[-1]
    assert [booking for booking in seen if booking in together] == together[::-1]
    database.execute("delete from bookings where id = any(%s::uuid[])", [together])
