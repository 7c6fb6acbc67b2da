"""Whoever reads all bookings sees which page and campaign brought them."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


def rows(page: str) -> list[list[str]]:
    """The table's rows, as text."""
    found = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    cells = [re.split(r"</t[hd]>", row) for row in found]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in cells]


@pytest.mark.parametrize("email", [ADMIN, FINANCE])
def test_bookings_are_counted_by_page_ref_and_campaign(
    browser: Opens, database: Database, email: str
) -> None:
    ref = uuid4().hex
    source = {
        "channel": "embed",
        "host": "https://travel.example/kerala",
        "ref": ref,
        "utm_source": "news",
        "utm_campaign": "monsoon",
    }
    make_booking(database, source=source)
    make_booking(database, source=source, status="cancelled")
    make_booking(database, source={"channel": "site", "ref": ref})
    page = browser(email).opens("/staff/embeds").text
    mine = [row[:5] for row in rows(page) if row[1] == ref]
    assert mine == [
        ["travel.example/kerala", ref, "news · monsoon", "2", "1"],
        ["Our own site", ref, "–", "1", "0"],
    ]
    assert 'href="/staff/bookings?source=travel.example"' in page


def test_days_without_bookings_say_so_and_the_snippets_stay(browser: Opens) -> None:
    page = browser(ADMIN).opens("/staff/embeds?since=2001-01-01&until=2001-01-31").text
    assert "No bookings in these days" in page
    assert 'value="2001-01-31"' in page
    assert "&lt;roamio-booking purpose=&#34;cab&#34;" in page
    assert 'href="/embed?purpose=cab"' in page
    assert '<code id="snippet-cab">' in page
    assert 'data-copy="snippet-cab"' in page


def test_other_days_bring_only_the_table(browser: Opens) -> None:
    fragment = browser(ADMIN).swaps("/staff/embeds?since=2001-01-01&until=2001-01-31").text
    assert fragment.lstrip().startswith('<section id="sources"')
    assert "roamio-booking" not in fragment


@pytest.mark.parametrize("email", [AGENT, VIEWER])
def test_who_reads_a_part_of_the_bookings_is_not_shown_it_as_the_whole(
    browser: Opens, database: Database, email: str
) -> None:
    ref = uuid4().hex
    make_booking(database, agent=AGENT, source={"channel": "embed", "ref": ref})
    person = browser(email)
    assert person.opens("/staff/embeds").status_code == 403
    assert 'href="/staff/embeds"' not in person.opens("/staff/").text
    assert ref in browser(ADMIN).opens("/staff/embeds").text
