"""What a booking of each purpose must hold when it comes from the website."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from postgrest.exceptions import APIError
from psycopg.types.json import Jsonb
from supabase import Client

from tests.support.factories import Database, contact

Visitor = Callable[[], Client]
SOON = "2027-01-31T09:30:00+05:30"
LATER = "2027-02-03T09:30:00+05:30"
HEALTH = {"need": "knee", "consent": {"wording": "I agree", "given_at": SOON}}
COMPLETE: dict[str, dict[str, Any]] = {
    "cab": {
        "trip": "one_way",
        "pickup_place": "Kochi",
        "dropoff_place": "Munnar",
        "starts_at": SOON,
        "passengers": 2,
        "vehicle": "suv",
    },
    "hotel": {"place": "Jaipur", "starts_at": SOON, "ends_at": LATER, "rooms": 1, "adults": 2},
    "tourism": {"destinations": ["Kochi", "Munnar"], "adults": 2},
    "medical": {"health": HEALTH},
    "nri": {"matter": "property", "city": "Pune", "need": "Look after the flat"},
    "hybrid": {"parts": ["cab", "hotel"], "destinations": "Goa"},
    "logistics": {"pickup_place": "Pune", "dropoff_place": "Goa", "starts_at": SOON, "goods": "Books"},
    "service": {"need": "A SIM card"},
}


@pytest.mark.parametrize(("purpose", "answers"), COMPLETE.items())
def test_complete_booking_comes_in(
    purpose: str, answers: dict[str, Any], visitor: Visitor, database: Database
) -> None:
    booking = send(visitor(), purpose, answers)
    assert database.execute("select from bookings where id = %s", [booking]).rowcount == 1


@pytest.mark.parametrize(
    ("purpose", "key"), [(purpose, key) for purpose, answers in COMPLETE.items() for key in answers]
)
@pytest.mark.parametrize("empty", [None, ""])
def test_answer_that_is_needed_is_asked_for(
    purpose: str, key: str, empty: str | None, visitor: Visitor, database: Database
) -> None:
    if empty == "" and key.endswith("_at"):
        refused(visitor(), database, purpose, COMPLETE[purpose] | {key: empty}, "date and time", key)
    else:
        sentence = f"A {purpose} booking needs an answer to {key}."
        refused(visitor(), database, purpose, COMPLETE[purpose] | {key: empty}, sentence, key)


@pytest.mark.parametrize(
    ("purpose", "change", "key", "sentence"),
    [
        ("cab", {"trip": "hourly"}, "hours", "needs an answer to hours"),
        ("cab", {"trip": "round_trip"}, "returns_at", "needs an answer to returns_at"),
        ("cab", {"passengers": "2"}, "passengers", "passengers must be a number."),
        ("cab", {"passengers": 0}, "passengers", "a whole number from 1 to 50"),
        ("cab", {"passengers": 51}, "passengers", "a whole number from 1 to 50"),
        ("cab", {"passengers": 1.5}, "passengers", "a whole number from 1 to 50"),
        ("cab", {"luggage": -1}, "luggage", "a whole number from 0 to 100"),
        ("cab", {"child_seat": "yes"}, "child_seat", "child_seat must be true or false."),
        ("cab", {"pickup_place": {"lat": 1}}, "pickup_place", "pickup_place must be text."),
        ("cab", {"pickup_place": "   "}, "pickup_place", "needs an answer to pickup_place"),
        ("service", {"need": "\n\t\u00a0 "}, "need", "needs an answer to need"),
        ("hybrid", {"parts": "cab"}, "parts", "parts must be a list."),
        ("hybrid", {"destinations": " \n"}, "destinations", "needs an answer to destinations"),
        ("tourism", {"destinations": ["", " \u00a0"]}, "destinations", "needs an answer to destinations"),
        ("tourism", {"destinations": 5}, "destinations", "destinations must be text or a list of texts."),
        ("tourism", {"destinations": ["Goa", ["Agra"]]}, "destinations", "must be text or a list of texts."),
        ("tourism", {"destinations": {"a": "Goa"}}, "destinations", "must be text or a list of texts."),
        ("tourism", {"destinations": ["Goa"] * 13}, "destinations", "must be at most 12 places"),
        (
            "hybrid",
            {"destinations": ["Goa", "\n" + "n" * 100]},
            "destinations",
            "at most 100 characters each",
        ),
        ("hybrid", {"parts": ["cab", "medical"]}, "health", "needs an answer to health"),
        ("medical", {"health": {"need": "knee"}}, "health.consent", "need the wording of the consent"),
        (
            "cab",
            {"health": {"consent": {"wording": ["x"]}}},
            "health.consent",
            "need the wording of the consent",
        ),
        ("cab", {"health": {"need": "knee"}}, "health.consent", "need the wording of the consent"),
    ],
)
def test_answer_that_does_not_fit_is_named(
    purpose: str, change: dict[str, Any], key: str, sentence: str, visitor: Visitor, database: Database
) -> None:
    refused(visitor(), database, purpose, COMPLETE[purpose] | change, sentence, key)


@pytest.mark.parametrize(
    ("places", "headline"),
    [
        (["Jaipur", " Udaipur ", "", "Jodhpur"], "Jaipur, Udaipur, Jodhpur"),
        (["n" * 100] * 12, "n" * 100 + ", " + "n" * 17 + "…"),
        ("Jaipur\nUdaipur", "Jaipur, Udaipur"),
    ],
)
def test_places_come_in_as_a_list_or_as_text_and_are_the_headline(
    places: list[str] | str, headline: str, visitor: Visitor, database: Database
) -> None:
    booking = send(visitor(), "tourism", COMPLETE["tourism"] | {"destinations": places})
    row = database.execute(
        "select booking_rows.headline, search_texts.headline = lower(booking_rows.headline) as found"
        " from booking_rows join private.search_texts on booking_id = id where id = %s",
        [booking],
    ).fetchone()
    assert row == {"headline": headline, "found": True}


@pytest.mark.parametrize(
    "clock", ["Asia", "../../etc/passwd", "/etc/passwd", "A" * 300, 5, ["UTC"], {"a": 1}]
)
def test_clock_that_does_not_exist_is_named(clock: object, visitor: Visitor, database: Database) -> None:
    answers = COMPLETE["cab"] | {"time_zone": clock}
    refused(visitor(), database, "cab", answers, "must be the name of a time zone", "time_zone")


@pytest.mark.parametrize("clock", ["Asia/Kolkata", "UTC", "America/Argentina/Buenos_Aires", "", None])
def test_booking_by_any_clock_of_the_world_comes_in(
    clock: str | None, visitor: Visitor, database: Database
) -> None:
    booking = send(visitor(), "cab", COMPLETE["cab"] | {"time_zone": clock})
    assert database.execute("select from bookings where id = %s", [booking]).rowcount == 1


@pytest.mark.parametrize("key", ["starts_at", "ends_at", "returns_at"])
@pytest.mark.parametrize("time", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_time_in_a_far_away_year_is_named(key: str, time: str, visitor: Visitor, database: Database) -> None:
    refused(visitor(), database, "cab", COMPLETE["cab"] | {key: time}, "within fifty years of today", key)


def test_ride_by_the_hour_needs_no_drop_off(visitor: Visitor) -> None:
    answers = COMPLETE["cab"] | {"trip": "hourly", "hours": 4}
    del answers["dropoff_place"]
    assert send(visitor(), "cab", answers)


def send(visitor: Client, purpose: str, answers: dict[str, Any]) -> str:
    booking = str(uuid4())
    row = {"id": booking, "purpose": purpose, "details": answers | {"contact": contact()}}
    visitor.table("bookings").insert(row, returning="minimal").execute()
    return booking


def refused(
    visitor: Client, database: Database, purpose: str, answers: dict[str, Any], sentence: str, key: str
) -> None:
    """The booking is refused with this sentence about this answer, and does not exist."""
    marked = answers | {"mark": uuid4().hex}
    with pytest.raises(APIError) as refusal:
        send(visitor, purpose, marked)
    assert refusal.value.code == "22023"
    assert sentence in str(refusal.value.message)
    assert refusal.value.details == key
    assert (
        database.execute(
            "select from bookings where details @> %s", [Jsonb({"mark": marked["mark"]})]
        ).rowcount
        == 0
    )
