"""Finance and admins take the list along into a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.support.factories import Database, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


def table(text: str) -> list[dict[str, str]]:
    """The rows of the file, by the names of its columns."""
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_admin_gets_the_list_as_it_is_filtered(browser: Opens, database: Database) -> None:
    person = make_client(database, name="Zoë, “the” Rao", email="zoe@example.com", phone="+919812345678")
    place = f"Export {uuid4().hex}"
    make_booking(
        database,
        client_id=person,
        agent=AGENT,
        status="confirmed",
        pickup_place=place,
        dropoff_place="Fort Kochi",
        starts_at="2027-03-14T09:30:00+00:00",
        time_zone="Europe/London",
    )
    make_booking(database, pickup_place=place)
    response = browser(ADMIN).opens(f"/staff/bookings.csv?search={place}&status=confirmed&sort=soonest")
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="roamio-bookings-20')
    assert response.headers["Cache-Control"] == "no-store"
    (row,) = table(response.text)
    reference = row.pop("Reference")
    received = row.pop("Received (India)")
    assert (len(reference), len(received)) == (9, len("2027-03-14 09:30"))
    assert row == {
        "Purpose": "Cab",
        "Status": "Confirmed",
        "Booking": f"{place} → Fort Kochi",
        "Starts": "2027-03-14 09:30",
        "Time zone": "Europe/London",
        "Client": "Zoë, “the” Rao",
        "E-mail": "zoe@example.com",
        "Phone": "'+919812345678",
        "Country": "India",
        "Agent": "Priya Nair",
    }


def test_finance_gets_every_booking_and_no_person(browser: Opens, database: Database) -> None:
    make_booking(database, client_id=make_client(database, name="Ingrid Bergström"), agent=AGENT)
    text = browser(FINANCE).opens("/staff/bookings.csv").text
    kept = database.execute("select count(*) from bookings").fetchone()
    assert kept == {"count": len(table(text))}
    assert "Ingrid" not in text
    assert not {"Client", "E-mail", "Phone", "Country", "Agent"} & set(table(text)[0])


def test_every_page_is_in_the_file_once(
    browser: Opens, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roamio_web.bookings_file.EXPORT_PAGE", 2)
    place = f"Page {uuid4().hex}"
    for _ in range(5):
        make_booking(database, pickup_place=place)
    rows = table(browser(ADMIN).opens(f"/staff/bookings.csv?search={place}").text)
    assert len({row["Reference"] for row in rows}) == len(rows) == 5


def test_empty_list_is_a_file_with_its_headings(browser: Opens) -> None:
    text = browser(ADMIN).opens(f"/staff/bookings.csv?search={uuid4().hex}").text
    assert text.startswith("\ufeffReference,Purpose,Status,")
    assert table(text) == []


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(browser: Opens, database: Database, sign: str) -> None:
    name = f"{sign}HYPERLINK {uuid4().hex}"
    client = make_client(database, name=name)
    place = f"Formula {uuid4().hex}"
    make_booking(database, client_id=client, pickup_place=place)
    (row,) = table(browser(ADMIN).opens(f"/staff/bookings.csv?search={place}").text)
    assert row["Client"] == f"'{name}"


@pytest.mark.parametrize(("email", "offered"), [(ADMIN, True), (FINANCE, True), (AGENT, False)])
def test_export_of_this_list_is_offered_to_who_may_have_it(browser: Opens, email: str, offered: bool) -> None:
    page = browser(email).opens("/staff/bookings?status=pending").text
    assert ('href="/staff/bookings.csv?status=pending"' in page) is offered


@pytest.mark.parametrize("email", [AGENT, VIEWER])
def test_nobody_else_gets_the_file(browser: Opens, database: Database, email: str) -> None:
    place = f"Kept {uuid4().hex}"
    make_booking(database, agent=AGENT, pickup_place=place)
    response = browser(email).opens("/staff/bookings.csv")
    assert response.status_code == 403
    assert place not in response.text
    assert place in browser(FINANCE).opens("/staff/bookings.csv").text
