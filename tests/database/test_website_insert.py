"""The website's door: what it takes, what it makes of it, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from postgrest.exceptions import APIError
from supabase import Client

from roamio_web.models.reference import reference_of
from tests.support.backend import TestBackend
from tests.support.factories import Database, book, cab_details, contact
from tests.support.people import ADMIN

Visitor = Callable[[], Client]
DEEP: dict[str, Any] = {"a": {"b": {"c": {"d": 1}}}}


def test_visitor_books_and_becomes_a_client(visitor: Visitor, database: Database) -> None:
    asha = contact(name="Asha Rao")
    booking = find_booking(database, book(visitor(), contact=asha))
    assert (booking["status"], booking["assigned_agent"]) == ("pending", None)
    assert "contact" not in booking["details"]
    client = find_client(database, booking["client_id"])
    assert {name: client[name] for name in asha} == asha


def test_visitor_who_books_again_stays_one_client(visitor: Visitor, database: Database) -> None:
    asha = contact()
    first, second = (find_booking(database, book(visitor(), contact=asha)) for _ in range(2))
    assert first["client_id"] == second["client_id"]


@pytest.mark.parametrize("other", [{"name": "Asha Rao-Menon"}, {"phone": "+442079460123"}, {"email": None}])
def test_visitor_who_differs_in_one_field_is_another_client(
    other: dict[str, str | None], visitor: Visitor, database: Database
) -> None:
    asha = contact()
    first = find_booking(database, book(visitor(), contact=asha))
    second = find_booking(database, book(visitor(), contact=asha | other))
    assert first["client_id"] != second["client_id"]


def test_visitor_with_a_phone_only_is_found_again(visitor: Visitor, database: Database) -> None:
    asha = {"name": "Asha Rao", "phone": contact()["phone"]}
    first, second = (find_booking(database, book(visitor(), contact=asha)) for _ in range(2))
    assert first["client_id"] == second["client_id"]


def test_visitor_never_changes_a_client_and_loses_nothing_typed(visitor: Visitor, database: Database) -> None:
    asha = contact(country="IN")
    first = find_booking(database, book(visitor(), contact=asha))
    before = find_client(database, first["client_id"])
    again = asha | {"country": "NP", "company": "Rao & Daughters", "name": f"  {asha['name']} "}

    second = find_booking(database, book(visitor(), contact=again))

    assert find_client(database, first["client_id"]) == before
    assert second["client_id"] == first["client_id"]
    assert second["details"]["contact"] == {"country": "NP", "company": "Rao & Daughters"}


def test_visitor_who_books_sees_nothing_of_it(visitor: Visitor, database: Database) -> None:
    row = {"id": str(uuid4()), "purpose": "cab", "details": cab_details()}
    with pytest.raises(APIError) as refused:
        visitor().table("bookings").insert(row).execute()
    assert refused.value.code == "42501"
    assert database.execute("select from bookings where id = %s", [row["id"]]).fetchone() is None


def test_website_computes_the_reference_that_the_database_stores(
    visitor: Visitor, database: Database
) -> None:
    for _ in range(5):
        booking_id = book(visitor())
        assert find_booking(database, booking_id)["reference"] == reference_of(UUID(booking_id))


@pytest.mark.parametrize("details", [{}, {"health": {"need": "knee", "consent": {"wording": "Yes"}}}])
def test_booking_that_arrives_twice_is_one_booking(
    details: dict[str, Any], visitor: Visitor, database: Database
) -> None:
    booking_id, asha = uuid4(), contact()
    book(visitor(), id=booking_id, contact=asha, **details)
    before = find_booking(database, str(booking_id))
    with pytest.raises(APIError) as refused:
        book(visitor(), id=booking_id, contact=asha | {"name": "Mallory"}, **details)
    assert refused.value.code == "23505"
    assert "bookings_pkey" in str(refused.value.message)
    assert find_booking(database, str(booking_id)) == before
    assert database.execute("select from clients where email = %s", [asha["email"]]).rowcount == 1


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"contact": None}, "must have a contact", "contact"),
        ({"contact": []}, "must have a contact", "contact"),
        ({"contact": {}}, "must have a name", "contact.name"),
        ({"contact": contact(name=" ")}, "must have a name", "contact.name"),
        ({"contact": contact(name="x" * 201)}, "at most 200 characters", "contact.name"),
        ({"contact": contact(name=["Asha"])}, "plain text", "contact.name"),
        ({"contact": contact(name="Asha\nBcc: all@example.com")}, "one line", "contact.name"),
        ({"contact": {"name": "Asha"}}, "an e-mail address or a phone number", "contact"),
        ({"contact": contact(email="asha@example")}, "not an e-mail address", "contact.email"),
        ({"contact": contact(email="as ha@example.com")}, "not an e-mail address", "contact.email"),
        ({"contact": contact(email=f"{'a' * 250}@x.example")}, "not an e-mail address", "contact.email"),
        ({"contact": contact(phone="98123 45678")}, "international form", "contact.phone"),
        ({"contact": contact(phone="+0123456789")}, "international form", "contact.phone"),
        ({"contact": contact(phone=919812345678)}, "plain text", "contact.phone"),
        ({"contact": contact(country="x" * 61)}, "60 characters", "contact.country"),
        ({"starts_at": "tomorrow"}, "date and time with its offset", "starts_at"),
        ({"starts_at": "2027-01-31T09:30:00"}, "date and time with its offset", "starts_at"),
        ({"starts_at": "2027-02-30T09:30:00Z"}, "date and time with its offset", "starts_at"),
        ({"starts_at": 1790000000}, "date and time with its offset", "starts_at"),
        ({"ends_at": "infinity"}, "date and time with its offset", "ends_at"),
        ({"returns_at": {}}, "date and time with its offset", "returns_at"),
        ({"health": "bad knee"}, "must be an object", "health"),
        ({"extra": DEEP}, "deeper than four levels", "details"),
        ({"extra": [[[[]]]]}, "deeper than four levels", "details"),
        ({"notes": "x" * 65536}, "64 KB", "details"),
        ({"extra": 10**20}, "longer than 20 characters", "details"),
        ({"extra": {"a": [1, -0.1234567890123456789e-5]}}, "longer than 20 characters", "details"),
        ({"contact": contact(age=10**30)}, "longer than 20 characters", "details"),
        ({"health": {"consent": {"wording": "Yes"}, "x": 10**30}}, "longer than 20 characters", "details"),
    ],
)
def test_visitor_who_sends_nonsense_is_told_what_is_wrong(
    change: dict[str, Any], sentence: str, field: str, visitor: Visitor, database: Database
) -> None:
    booking_id = uuid4()
    with pytest.raises(APIError) as refused:
        book(visitor(), id=booking_id, **change)
    assert refused.value.code == "22023"
    assert sentence in str(refused.value.message)
    assert refused.value.details == field
    assert database.execute("select from bookings where id = %s", [booking_id]).fetchone() is None


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": "2027-01-31T09:30:00.25+05:30"},
        {"starts_at": "2027-01-31T09:30Z"},
        {"ends_at": None},
        {"extra": {"a": {"b": {"c": 1}}}},
        {"notes": "x" * 60000},
        {"notes": "0" * 5000, "extra": [{"0" * 30: -0.12345678901234567}, 10**19]},
        {"notes": "नमस्ते 🙏"},
        {"health": None},
        {"health": {}},
        {"contact": contact(name="O'Brien; drop table bookings --")},
        {"contact": contact(name="x" * 200)},
        {"contact": contact(email=None)},
        {"contact": contact(phone="", country="")},
    ],
)
def test_visitor_may_write_in_any_plausible_way(
    change: dict[str, Any], visitor: Visitor, database: Database
) -> None:
    assert find_booking(database, book(visitor(), **change))


def test_number_that_few_can_read_is_refused_however_it_is_written(
    visitor: Visitor, as_staff: Callable[[str], Client], database: Database, backend: TestBackend
) -> None:
    booking = uuid4()
    details = json.dumps(cab_details(x=0)).replace('"x": 0', '"x": 1e5000')
    answer = httpx.post(
        f"{backend.url}/rest/v1/bookings",
        headers={"apikey": backend.anon_key, "Content-Type": "application/json", "Prefer": "return=minimal"},
        content=f'{{"id": "{booking}", "purpose": "cab", "details": {details}}}',
    )
    assert (answer.status_code, answer.json()["details"]) == (400, "details")
    assert database.execute("select from bookings where id = %s", [booking]).rowcount == 0

    book(visitor(), id=booking)
    for value in (10**20, {"deep": [10**20]}):
        with pytest.raises(APIError, match="longer than 20 characters"):
            as_staff(ADMIN).table("bookings").update({"details": {"x": value}}).eq("id", booking).execute()
    assert "x" not in find_booking(database, str(booking))["details"]


def test_details_that_are_no_object_are_refused(visitor: Visitor, database: Database) -> None:
    for details in ([], "text", 1, None):
        row = {"id": str(uuid4()), "purpose": "cab", "details": details}
        with pytest.raises(APIError, match="The details of a booking must be an object"):
            visitor().table("bookings").insert(row, returning="minimal").execute()
        assert database.execute("select from bookings where id = %s", [row["id"]]).fetchone() is None


def find_booking(database: Database, booking_id: str) -> dict[str, Any]:
    row = database.execute("select * from bookings where id = %s", [booking_id]).fetchone()
    assert row is not None
    return row


def find_client(database: Database, client_id: UUID) -> dict[str, Any]:
    row = database.execute("select * from clients where id = %s", [client_id]).fetchone()
    assert row is not None
    return row
