"""A traveller books, at a browser without JavaScript and at one with htmx."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from roamio_web.models.reference import reference_of
from tests.support.factories import Database
from tests.support.travellers import (
    HTMX,
    PURPOSES,
    Traveller,
    answers,
    brought_along,
    days_ahead,
    notice,
    sentences,
)


@pytest.fixture
def traveller(client: FlaskClient) -> Traveller:
    return Traveller(client)


def booking(database: Database, reference: str) -> dict[str, Any]:
    """The booking with this reference, its client beside it."""
    row = database.execute(
        "select bookings.*, clients.name, clients.email, clients.phone, clients.country"
        " from bookings join clients on clients.id = client_id where reference = %s",
        [reference],
    ).fetchone()
    assert row is not None, f"There is no booking {reference}"
    return row


def bookings_of(database: Database, email: str) -> list[dict[str, Any]]:
    """All bookings of the client with this address."""
    return database.execute(
        "select bookings.* from bookings join clients on clients.id = client_id where email = %s", [email]
    ).fetchall()


@pytest.mark.parametrize("htmx", [False, True], ids=["without JavaScript", "with htmx"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_traveller_books(client: FlaskClient, database: Database, purpose: str, htmx: bool) -> None:
    sent = answers(purpose)
    traveller = Traveller(client, htmx=htmx)
    traveller.opens(purpose)
    checked = traveller.checks(purpose, sent)
    assert bookings_of(database, sent["email"]) == []
    reference = traveller.reads_confirmation(traveller.sends(purpose, brought_along(checked)))
    row = booking(database, reference)
    assert reference == reference_of(row["id"])
    assert (row["purpose"], row["status"], row["assigned_agent"]) == (purpose, "pending", None)
    assert (row["name"], row["email"], row["country"]) == (sent["name"], sent["email"], "IN")
    assert row["phone"] == "+91" + sent["phone"][1:]
    assert row["details"]["source"] == {"channel": "site"}


def test_visitor_can_book_a_cab(traveller: Traveller, database: Database) -> None:
    reference = traveller.books(
        "cab", trip="airport", flight_number="AI 302", child_seat="y", notes="Two dogs"
    )
    assert booking(database, reference)["details"] == {
        "trip": "airport",
        "pickup_place": "BLR Airport, terminal 2",
        "dropoff_place": "The Leela Palace",
        "starts_at": f"{days_ahead(7)}T09:30:00+05:30",
        "time_zone": "Asia/Kolkata",
        "flight_number": "AI 302",
        "passengers": 2,
        "luggage": 0,
        "vehicle": "suv",
        "child_seat": True,
        "notes": "Two dogs",
        "reach_by": "whatsapp",
        "source": {"channel": "site"},
    }


def test_a_new_booking_has_its_review_task(traveller: Traveller, database: Database) -> None:
    row = booking(database, traveller.books("cab"))
    tasks = database.execute("select status from tasks where booking_id = %s", [row["id"]]).fetchall()
    assert [task["status"] for task in tasks] == ["open"]


@pytest.mark.parametrize("htmx", [False, True], ids=["without JavaScript", "with htmx"])
def test_traveller_who_left_something_out_keeps_the_rest(client: FlaskClient, htmx: bool) -> None:
    traveller = Traveller(client, htmx=htmx)
    traveller.opens("cab")
    ticket = traveller.ticket
    response = traveller.sends("cab", answers("cab", dropoff_place="", phone="12", notes="<b>Two</b> dogs"))
    assert response.status_code == 422
    assert sentences(response) == [
        "Enter the place where you want to go",
        "Enter a phone number we can ring, with its country code, like +91 98100 12345",
    ]
    assert "<title>Error: Book a cab – Roamio</title>" in response.text
    assert 'value="BLR Airport, terminal 2"' in response.text
    assert "&lt;b&gt;Two&lt;/b&gt; dogs" in response.text
    assert 'value="12"' in response.text
    assert traveller.ticket == ticket
    assert ("<!doctype html>" in response.text) is not htmx
    assert "HX-Request" in response.headers["Vary"]


def test_a_mended_form_is_taken_with_the_ticket_it_had(traveller: Traveller, database: Database) -> None:
    sent = answers("cab")
    traveller.opens("cab")
    assert traveller.sends("cab", sent | {"phone": "12"}).status_code == 422
    traveller.reads_confirmation(traveller.sends("cab", sent))
    assert len(bookings_of(database, sent["email"])) == 1


def test_ten_parallel_posts_of_one_form_leave_one_booking_and_one_reference(
    app: Flask, database: Database
) -> None:
    first = Traveller(app.test_client())
    first.opens("cab")
    sent = answers("cab") | {"ticket": first.ticket}

    def send(_: int) -> str:
        one = Traveller(app.test_client())
        return one.reads_confirmation(one.sends("cab", sent))

    with ThreadPoolExecutor(10) as pool:
        references = set(pool.map(send, range(10)))
    rows = bookings_of(database, sent["email"])
    assert [row["reference"] for row in rows] == list(references)


def test_a_resent_form_counts_once_and_says_so(traveller: Traveller, database: Database) -> None:
    sent = answers("cab")
    traveller.opens("cab")
    first, second = traveller.sends("cab", sent), traveller.sends("cab", sent | {"notes": "One more dog"})
    reference = traveller.reads_confirmation(first)
    assert traveller.reads_confirmation(second) == reference
    assert "We had this request already" not in traveller.client.get(first.headers["Location"]).text
    assert "We had this request already" in traveller.client.get(second.headers["Location"]).text
    assert len(bookings_of(database, sent["email"])) == 1


def test_two_forms_of_one_person_are_two_bookings(traveller: Traveller, database: Database) -> None:
    sent = answers("cab")
    for _ in range(2):
        traveller.opens("cab")
        traveller.reads_confirmation(traveller.sends("cab", sent))
    assert len(bookings_of(database, sent["email"])) == 2


@pytest.mark.parametrize("ticket", ["", "made.up"])
def test_a_form_with_a_ticket_that_is_not_ours_keeps_what_was_typed_and_gets_a_new_one(
    traveller: Traveller, database: Database, ticket: str
) -> None:
    sent = answers("cab")
    response = traveller.sends("cab", sent | {"ticket": ticket})
    assert response.status_code == 422
    assert notice(response).startswith("This form could not be recognised. Nothing was lost")
    assert f'value="{sent["name"]}"' in response.text
    assert bookings_of(database, sent["email"]) == []
    traveller.reads_confirmation(traveller.sends("cab", sent))
    assert len(bookings_of(database, sent["email"])) == 1


def test_a_robot_that_fills_in_everything_is_kept_and_marked(
    traveller: Traveller, database: Database
) -> None:
    row = booking(database, traveller.books("cab", homepage="https://spam.example"))
    source = row["details"]["source"]
    assert (source["suspected"][0], source["score"]) == ("honeypot", 100)
    assert "spam" not in str(row["details"])


def test_a_campaign_s_name_is_kept_with_its_booking(traveller: Traveller, database: Database) -> None:
    campaign = {"utm_source": "letter", "ref": "x" * 500, "unknown": "dropped"}
    page = traveller.opens("cab", **campaign)
    assert "utm_source=letter" in page.text
    row = booking(database, traveller.reads_confirmation(traveller.sends("cab", answers("cab"), **campaign)))
    assert row["details"]["source"] == {"channel": "site", "utm_source": "letter", "ref": "x" * 200}


def test_an_address_can_answer_questions_beforehand(traveller: Traveller) -> None:
    page = traveller.opens("cab", trip="airport", pickup_place="Delhi <Airport>", passengers="many")
    assert page.status_code == 200
    assert 'value="Delhi &lt;Airport&gt;"' in page.text
    assert 'checked id="trip-3"' in page.text
    assert sentences(page) == []


@pytest.mark.parametrize(
    "address",
    [
        "/book/cab/received/ABCD1234",
        "/book/cab/received/ABCD1234?receipt=made.up",
        "/book/boat",
        "/embed/boat",
    ],
)
def test_nobody_gets_a_confirmation_of_what_does_not_exist(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_receipt_confirms_its_own_booking_only(traveller: Traveller) -> None:
    traveller.opens("cab")
    address = traveller.sends("cab", answers("cab")).headers["Location"]
    reference = address.split("?")[0].rpartition("/")[2]
    other = address.replace(reference, "00000000")
    assert traveller.client.get(address).status_code == 200
    assert traveller.client.get(other).status_code == 404
    assert traveller.client.get(address.replace("/cab/", "/hotel/")).status_code == 404


def test_the_eight_ways_are_one_address_away(client: FlaskClient) -> None:
    response = client.get("/book")
    assert (response.status_code, response.headers["Location"]) == (303, "/#book")


def test_htmx_is_sent_on_to_the_confirmation_by_a_header(client: FlaskClient) -> None:
    traveller = Traveller(client, htmx=True)
    traveller.opens("cab")
    response = traveller.sends("cab", answers("cab"))
    assert response.status_code == 200
    assert response.text == ""
    assert response.headers["HX-Redirect"].startswith("/book/cab/received/")


def test_a_page_asked_for_by_htmx_is_the_form_alone(client: FlaskClient) -> None:
    response = client.get("/book/cab", headers=HTMX)
    assert "<!doctype html>" not in response.text
    assert '<form class="form" id="booking-form"' in response.text
