"""Staff read why a booking looks as if no person had sent it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]
MARKED = {"channel": "site", "suspected": ["hasty", "links"], "score": 80}


@pytest.mark.parametrize("source", [MARKED, {"channel": "site"}], ids=["marked", "not marked"])
def test_admin_reads_the_reasons_of_a_mark(
    browser: Opens, database: Database, source: dict[str, object]
) -> None:
    booking = make_booking(database, source=source)
    page = browser(ADMIN).opens(f"/staff/bookings/{booking}").text
    told = "it came back sooner than anybody can fill it in; the answers hold links."
    assert (told in page) is (source is MARKED)
    assert "Source suspected" not in page
    assert "Source channel" in page
