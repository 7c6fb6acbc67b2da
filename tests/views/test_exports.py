"""Finance and admins take the list along into a spreadsheet."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask

from roamio_web.spreadsheets import FORMULA_SIGNS
from tests.support.asked import asked
from tests.support.factories import Database, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People
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


def test_file_is_sent_while_it_is_still_being_read(
    app: Flask, browser: Opens, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roamio_web.bookings_file.EXPORT_PAGE", 2)
    monkeypatch.setattr("roamio_web.spreadsheets.CHUNK", 1)
    place = f"Page {uuid4().hex}"
    for _ in range(6):
        make_booking(database, pickup_place=place)
    with asked(app) as requests:
        answer = browser(ADMIN).client.get(f"/staff/bookings.csv?search={place}", buffered=False)
        pieces = iter(answer.response)
        assert place in str(next(pieces))
        read = [request for request in requests if request.endswith("/find_bookings")]
        assert len(read) == 1, "The file waited for what comes after its first page"
        assert sum(place in str(piece) for piece in pieces) == 5
        assert len(requests) > len(read) + 2


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(browser: Opens, database: Database, sign: str) -> None:
    name, place = f"{sign}HYPERLINK {uuid4().hex}", f"Formula {uuid4().hex}"
    client = make_client(database, name=name)
    make_booking(database, client_id=client, pickup_place=f"{sign}1 {place}")
    (row,) = table(browser(ADMIN).opens(f"/staff/bookings.csv?search={place}").text)
    assert row["Client"] == f"'{name}"
    assert not row["Booking"].startswith(FORMULA_SIGNS)
    assert place in row["Booking"]


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


def sheet(data: bytes) -> list[list[str]]:
    """The cells of the file's only sheet, as text; a formula would be an element of its own."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    rows = re.findall(r"<row .*?</row>", xml, re.DOTALL)
    cells = re.compile(r"<c [^>]*>(?:<v>(?P<number>[^<]*)</v>|<is><t[^>]*>(?P<text>[^<]*)</t></is>)</c>")
    return [
        [html.unescape(cell["text"] or cell["number"] or "") for cell in cells.finditer(row)] for row in rows
    ]


def test_admin_gets_the_same_list_as_a_workbook_in_which_nothing_is_a_formula(
    browser: Opens, database: Database
) -> None:
    name, place = f"=HYPERLINK {uuid4().hex}", f"Workbook {uuid4().hex}"
    make_booking(database, client_id=make_client(database, name=name), pickup_place=place)
    response = browser(ADMIN).client.get(f"/staff/bookings.xlsx?search={place}")
    assert response.mimetype.endswith("spreadsheetml.sheet")
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    headings, row = sheet(response.data)
    assert headings[0] == "Reference"
    assert name in row


def test_finance_gets_totals_by_month_that_add_up(browser: Opens, database: Database) -> None:
    make_booking(database, purpose="nri", status="cancelled")
    rows = table(browser(FINANCE).opens("/staff/totals.csv").text)
    kept = database.execute("select count(*) from bookings").fetchone()
    assert kept == {"count": sum(int(row["All"]) for row in rows)}
    assert any("NRI" in row["Purpose"] and int(row["Cancelled"]) for row in rows)
    headings, *body = sheet(browser(FINANCE).client.get("/staff/totals.xlsx").data)
    assert [dict(zip(headings, row, strict=True)) for row in body] == rows


def test_admin_gets_the_audit_log_as_it_is_filtered(
    browser: Opens, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roamio_web.audit_file.EXPORT_PAGE", 2)
    booking = make_booking(database, agent=AGENT)
    for status in ("confirmed", "in_progress", "completed"):
        database.execute("update bookings set status = %s where id = %s", [status, booking])
    rows = table(browser(ADMIN).opens(f"/staff/audit.csv?record={booking}&action=UPDATE").text)
    assert [(row["Column"], row["Before"], row["After"]) for row in rows] == [
        ("Status", "In progress", "Completed"),
        ("Status", "Confirmed", "In progress"),
        ("Status", "Pending", "Confirmed"),
    ]
    assert {row["Who"] for row in rows} == {"Roamio"}
    page = browser(ADMIN).opens(f"/staff/audit?record={booking}").text
    assert f'href="/staff/audit.xlsx?record={booking}"' in page


def test_file_of_the_audit_log_names_whoever_has_left(
    browser: Opens, database: Database, people: People
) -> None:
    booking = make_booking(database, agent=OTHER_AGENT)
    people.staff(OTHER_AGENT).table("bookings").update({"status": "confirmed"}).eq("id", booking).execute()
    leave = "update profiles set deactivated_at = %s where email = %s returning full_name"
    left = database.execute(leave, [datetime.now(UTC), OTHER_AGENT]).fetchone()
    assert left is not None
    try:
        rows = table(browser(ADMIN).opens(f"/staff/audit.csv?record={booking}&action=UPDATE").text)
        assert [row["Who"] for row in rows] == [left["full_name"]]
    finally:
        database.execute(leave, [None, OTHER_AGENT])


@pytest.mark.parametrize("email", [AGENT, FINANCE, VIEWER])
def test_nobody_but_an_admin_gets_the_audit_log(browser: Opens, database: Database, email: str) -> None:
    booking = make_booking(database)
    response = browser(email).opens("/staff/audit.csv")
    assert response.status_code == 403
    assert booking in browser(ADMIN).opens(f"/staff/audit.csv?record={booking}").text
