"""The overview's charts: for everybody what they may know, and in words for those who can't see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


@pytest.mark.parametrize("path", ["/staff/", "/staff/charts"])
@pytest.mark.parametrize(
    ("email", "waits"), [(ADMIN, True), (AGENT, True), (FINANCE, False), (VIEWER, False)]
)
def test_each_role_sees_the_charts_that_it_may(
    browser: Opens, database: Database, email: str, waits: bool, path: str
) -> None:
    make_booking(database, agent=AGENT)
    page = browser(email).opens(path).text
    assert "Bookings by day" in page
    assert "Received, by purpose" in page
    assert ("Time until first touch" in page) is waits


def test_chart_and_table_show_the_same_days(browser: Opens, database: Database) -> None:
    make_booking(database)
    page = browser(VIEWER).opens("/staff/charts").text
    drawn = re.findall(r'<rect class="chart__column[^>]*height="(\d+)"><title>([^:]+): (\d+)</title>', page)
    written = re.findall(r'<tr><th scope="row">([^<]+)</th><td class="number">(\d+)</td></tr>', page)
    assert [height for height, _, _ in drawn] == [count for _, _, count in drawn]
    assert [(day, count) for _, day, count in reversed(drawn)] == written
    assert len(drawn) == 30
    kept = database.execute(
        "select count(*) from bookings where (created_at at time zone 'Asia/Kolkata')::date"
        " = (now() at time zone 'Asia/Kolkata')::date"
    ).fetchone()
    assert kept is not None
    assert int(written[0][1]) == kept["count"]


def test_charts_alone_are_the_overview_s_own(browser: Opens) -> None:
    admin = browser(ADMIN)
    fragment = admin.swaps("/staff/charts")
    assert fragment.text.strip().startswith("<section")
    assert 'id="charts"' in fragment.text
    assert "<html" not in fragment.text
    assert "HX-Request" in fragment.headers["Vary"]
    assert 'id="charts"' in admin.opens("/staff/").text


def test_charts_carry_no_style_of_their_own(browser: Opens) -> None:
    page = browser(ADMIN).opens("/staff/").text
    assert not re.search(r"\sstyle=|<style", page)


def test_pick_up_of_today_is_shown_by_its_own_clock(browser: Opens, database: Database) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    noon = datetime.now(zone).replace(hour=12, minute=0, second=0, microsecond=0)
    for place, starts_at in (("Todayville", noon), ("Tomorrowtown", noon + timedelta(days=1))):
        make_booking(
            database,
            agent=AGENT,
            pickup_place=place,
            starts_at=starts_at.astimezone(UTC).isoformat(),
            time_zone="America/Los_Angeles",
        )
    page = browser(AGENT).opens("/staff/").text
    today = page.partition("Pick-ups and check-ins today")[2].partition("</section>")[0]
    assert "Todayville" in today
    assert f"{noon.day} {noon:%b}, 12:00" in today
    assert "Los Angeles time" in today
    assert "Tomorrowtown" not in today
    assert "Todayville" not in browser(VIEWER).opens("/staff/").text
