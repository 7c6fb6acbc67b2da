"""An admin reads who changed what, and how it was before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from roamio_web.forms.audit import TABLE_NAMES
from roamio_web.models.audit_query import Table
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER, People
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


def reference_of(database: Database, booking: str) -> str:
    row = database.execute("select reference from bookings where id = %s", [booking]).fetchone()
    assert row is not None
    return f"{row['reference'][:4]}-{row['reference'][4:]}"


@pytest.fixture
def confirmed(database: Database, people: People) -> str:
    """A booking that the agent has confirmed, and given another pick-up place."""
    booking = make_booking(database, agent=AGENT, pickup_place="Old Gate")
    agent = people.staff(AGENT)
    agent.table("bookings").update({"status": "confirmed"}).eq("id", booking).execute()
    row = database.execute("select details from bookings where id = %s", [booking]).fetchone()
    assert row is not None
    details = row["details"] | {"pickup_place": "<New> Gate"}
    agent.table("bookings").update({"details": details}).eq("id", booking).execute()
    return booking


def test_admin_reads_sentences_and_old_and_new_values(
    browser: Opens, database: Database, confirmed: str
) -> None:
    reference = reference_of(database, confirmed)
    page = browser(ADMIN).opens(f"/staff/audit?record={reference}").text
    for words in (
        "The booking moved from pending to confirmed",
        "The booking came in",
        "Priya Nair, ",
        "Roamio, ",
        "<del>Pending</del>",
        "<ins>Confirmed</ins>",
        "<del>Old Gate</del>",
        "<ins>&lt;New&gt; Gate</ins>",
        f'href="/staff/bookings/{confirmed}"',
    ):
        assert words in page, words
    assert page.count('class="timeline__item audit__item"') == 3


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("person={agent}", 2),
        ("person=system", 1),
        ("action=INSERT", 1),
        ("action=DELETE", 0),
        ("table=bookings", 3),
        ("table=profiles", 0),
        ("since=2020-01-01&until=2020-01-31", 0),
        ("since=2020-01-01", 3),
    ],
)
def test_admin_narrows_the_log_down(
    browser: Opens, database: Database, confirmed: str, query: str, shown: int
) -> None:
    agent = database.execute("select id from profiles where email = %s", [AGENT]).fetchone()
    assert agent is not None
    page = browser(ADMIN).opens(f"/staff/audit?record={confirmed}&{query.format(agent=agent['id'])}").text
    assert page.count('class="timeline__item audit__item"') == shown
    assert ("Nothing fits these filters" in page) is (shown == 0)


def test_admin_can_ask_for_every_table_that_is_recorded(database: Database) -> None:
    recorded = database.execute(
        "select distinct relname from pg_trigger join pg_class on pg_class.oid = tgrelid"
        " where tgfoid = 'private.record_change()'::regprocedure"
    ).fetchall()
    assert {row["relname"] for row in recorded} == set(Table) == set(TABLE_NAMES)


def test_what_is_no_record_is_explained(browser: Opens) -> None:
    page = browser(ADMIN).opens("/staff/audit?record=yesterday").text
    assert "A record is a booking’s reference" in page
    assert 'href="/staff/audit"' in page


def test_address_that_nobody_wrote_shows_the_whole_log(browser: Opens, confirmed: str) -> None:
    query = "person=1+or+1&table=users&action=DROP&since=yesterday&until=0001-01-01&after=x"
    page = browser(ADMIN).opens(f"/staff/audit?{query}")
    assert page.status_code == 200
    assert 'class="timeline__item audit__item"' in page.text


def test_admin_turns_the_pages_and_meets_every_entry_once(
    browser: Opens, confirmed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roamio_web.services.audit.PAGE_SIZE", 2)
    admin = browser(ADMIN)
    first = admin.opens(f"/staff/audit?record={confirmed}").text
    address = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = admin.opens(address).text
    assert first.count('class="timeline__item audit__item"') == 2
    assert second.count('class="timeline__item audit__item"') == 1
    assert "came in" in second
    assert 'rel="next"' not in second


def test_htmx_gets_the_log_and_a_clean_address(browser: Opens) -> None:
    response = browser(ADMIN).swaps("/staff/audit?record=&person=&table=tasks&action=&since=&until=")
    assert response.headers["HX-Push-Url"] == "/staff/audit?table=tasks"
    assert response.text.strip().startswith('<section id="log"')
    assert "<html" not in response.text


@pytest.mark.parametrize("email", [AGENT, FINANCE, VIEWER])
def test_nobody_else_is_let_in_or_shown_the_way(browser: Opens, email: str) -> None:
    person = browser(email)
    assert person.opens("/staff/audit").status_code == 403
    assert "/staff/audit" not in person.opens("/staff/").text
