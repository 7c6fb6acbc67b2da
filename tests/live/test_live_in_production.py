"""A site that answers to its own names alone, as production does, has live pages like any other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from roamio_web.models.staff import StaffMember
from tests.live.conftest import Book, Database, Opens
from tests.support.eventually import eventually


@pytest.fixture
def app(app_with: Callable[..., Flask]) -> Flask:
    """The site under a name that is not this machine's."""
    return app_with(hosts=(".roamio.example",), secret_key="long enough for production, and random")


def test_every_kind_of_page_is_live_and_follows_a_booking(
    opens: Opens, book: Book, database: Database, staff: Callable[[str], StaffMember]
) -> None:
    booking = book("Kavya Rao")
    found = database.execute("select client_id from bookings where id = %s", [booking]).fetchone()
    assert found is not None
    about = {"client": {"id": str(found["client_id"])}, "booking": {"id": booking}}
    listed = opens("admin").wait_until_live()
    pages = {
        name: opens("admin", name, **about.get(name, {})).wait_until_live()
        for name in ("overview", "clients", "client", "tasks", "booking")
    }
    database.execute("update bookings set status = 'confirmed' where id = %s", (booking,))
    eventually(lambda: listed.shows(booking, "Confirmed"), what="the row's change")
    for name in ("client", "booking"):
        eventually(lambda name=name: "Confirmed" in pages[name].latest, what=f"the change on its {name}")
    assert "roamio.example" not in listed.html, "a live row's links lead where the page's own do"
