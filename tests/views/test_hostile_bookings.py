"""A booking that somebody made up to be in the way of everybody's pages is in nobody's way.

The database takes no such booking from the website. Staff may write more into one, and older ones may hold
more, so these are put there directly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]
MARKUP = '"><script>alert(1)</script>'
HOSTILE: dict[str, dict[str, Any]] = {
    "a folder for a clock": {"time_zone": "Asia"},
    "a clock without end": {"time_zone": "A" * 5000},
    "a path for a clock": {"time_zone": "../../../etc/passwd"},
    "the last second": {"starts_at": "9999-12-31T23:59:59+00:00"},
    "a return in the last second": {"returns_at": "9999-12-31T23:59:59Z"},
    "before the first year": {"starts_at": "0001-01-01T00:00:00+14:00"},
    "lists for answers": {"trip": [["x"]], "notes": [{"a": [1]}], "vehicle": {"a": {"b": 1}}},
    "lists for where it comes from": {
        "source": {"language": ["x"], "channel": {"a": 1}, "host": [{}], "suspected": [["x"], {"a": 1}, 1]}
    },
    "objects for where it comes from": {"source": {"language": {"x": 1}, "suspected": {"a": 1}}},
    "a list for a source": {"source": [["x"]], "contact": ["x"], "time_zone": {"x": 1}},
    "numbers, and neither": {"trip": 1e19, "vehicle": True, "destinations": 5, "source": {"language": 1.5}},
    "markup everywhere": {
        "pickup_place": MARKUP,
        "notes": MARKUP,
        MARKUP: MARKUP,
        "source": {MARKUP: MARKUP},
    },
}


@pytest.fixture(params=HOSTILE.values(), ids=list(HOSTILE))
def booking(request: pytest.FixtureRequest, database: Database) -> Iterator[str]:
    details = {"starts_at": "2027-01-31T09:30:00+05:30", "time_zone": "Asia/Kolkata"} | request.param
    made = make_booking(database, **details)
    yield made
    database.execute("delete from bookings where id = %s", [made])


def test_admin_opens_every_page_that_a_hostile_booking_is_on(browser: Opens, booking: str) -> None:
    admin = browser(ADMIN)
    for page in ("", "?sort=soonest", ".csv", f"/{booking}"):
        response = admin.opens(f"/staff/bookings{page}")
        assert response.status_code == 200, page
        assert page == ".csv" or MARKUP not in response.text
    for page in ("/staff/", "/staff/audit", "/staff/tasks"):
        response = admin.opens(page)
        assert response.status_code == 200, page
        assert MARKUP not in response.text


def test_task_of_the_last_second_is_in_nobody_s_way(browser: Opens, database: Database) -> None:
    made = make_booking(database)
    database.execute("update tasks set due_date = 'infinity' where booking_id = %s", [made])
    admin = browser(ADMIN)
    for page in ("/staff/", "/staff/bookings", f"/staff/bookings/{made}", "/staff/tasks"):
        assert admin.opens(page).status_code == 200, page
    database.execute("delete from bookings where id = %s", [made])


def test_cursor_that_no_clock_shows_is_none(browser: Opens) -> None:
    cursor = "0001-01-01T00:00:00+14:00~d0000000-0000-4000-8000-000000000009"
    for sort in ("newest", "soonest", "changed"):
        opened = browser(ADMIN).opens("/staff/bookings", query_string={"sort": sort, "after": cursor})
        assert opened.status_code == 200
