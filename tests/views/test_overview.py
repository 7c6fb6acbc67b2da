"""The overview shows each role what it may know."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


@pytest.mark.parametrize(
    ("email", "shown", "hidden"),
    [
        (ADMIN, ("Waiting for an agent", "Your tasks", "Starting next", "Bookings</span>"), ()),
        (AGENT, ("Your tasks", "Starting next", "Bookings</span>"), ("Waiting for an agent",)),
        (FINANCE, ("Starting next", "Bookings</span>"), ("Waiting for an agent", "Your tasks")),
        (
            VIEWER,
            (),
            ("Waiting for an agent", "Your tasks", "Starting next", "Bookings</span>", "/staff/bookings"),
        ),
    ],
)
def test_each_role_is_shown_what_it_may_know(
    browser: Opens, email: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    page = browser(email).opens("/staff/")
    assert page.status_code == 200
    assert "Bookings by purpose and status" in page.text
    assert [words for words in shown if words not in page.text] == []
    assert [words for words in hidden if words in page.text] == []


def test_viewer_s_page_names_no_booking_and_no_client(browser: Opens, database: Database) -> None:
    booking = make_booking(database, pickup_place="Unmistakable Street")
    page = browser(VIEWER).opens("/staff/").text
    assert "Unmistakable Street" not in page
    assert booking not in page


def test_stream_s_fragment_is_the_page_s_own(browser: Opens) -> None:
    admin = browser(ADMIN)
    page, fragment = admin.opens("/staff/"), admin.swaps("/staff/")
    assert fragment.text.strip().startswith('<section id="overview"')
    assert "<html" not in fragment.text
    assert '<section id="overview"' in page.text
    assert "HX-Request" in page.headers["Vary"]
