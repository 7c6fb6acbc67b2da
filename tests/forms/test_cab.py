"""The cab form: what it takes, and what it says to the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from roamio_web.forms.cab import CabForm
from tests.support.travellers import contact

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # half past five in the evening in India
RIDE = {
    "trip": "one_way",
    "pickup_place": "BLR Airport",
    "dropoff_place": "The Leela Palace",
    "pickup_date": "2026-11-23",
    "pickup_time": "09:30",
    "time_zone": "Asia/Kolkata",
    "passengers": "2",
    "luggage": "0",
    "vehicle": "suv",
}
ROUND = {"trip": "round_trip", "return_date": "2026-11-24", "return_time": "18:00"}


def filled(**overrides: Any) -> CabForm:
    """The form as a traveller sends it; an override of None leaves that question out."""
    sent = {name: value for name, value in (contact() | RIDE | overrides).items() if value is not None}
    return CabForm(MultiDict(sent), now=NOW)


def told(form: CabForm) -> dict[str, str]:
    """Each field's sentence."""
    form.validate()
    return {name: errors[0] for name, errors in form.errors.items() if name}


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"trip": "by boat"}, "trip", "Choose the kind of ride"),
        ({"pickup_place": "  "}, "pickup_place", "Enter the place where we pick you up"),
        ({"dropoff_place": ""}, "dropoff_place", "Enter the place where you want to go"),
        (
            {"pickup_place": "x" * 201},
            "pickup_place",
            "Pick-up place: shorten this to 200 characters; it has 201",
        ),
        ({"pickup_date": ""}, "pickup_date", "Enter the pick-up date"),
        ({"pickup_date": "soon"}, "pickup_date", "Enter the pick-up date like 27/3/2027"),
        ({"pickup_date": "2026-02-30"}, "pickup_date", "Enter the pick-up date like 27/3/2027"),
        ({"pickup_time": ""}, "pickup_time", "Enter the pick-up time"),
        ({"pickup_time": "25:00"}, "pickup_time", "Enter the pick-up time like 09:30 or 4:15 pm"),
        (
            {"pickup_date": "2026-11-21"},
            "pickup_date",
            "Enter a pick-up in the future: it is 17:30 there now",
        ),
        (
            {"pickup_date": "2026-11-22", "pickup_time": "17:29"},
            "pickup_time",
            "Enter a pick-up in the future: it is 17:30 there now",
        ),
        ({"pickup_date": "20266-11-23"}, "pickup_date", "Enter the pick-up date like 27/3/2027"),
        ({"pickup_date": "9999-12-31"}, "pickup_date", "Enter a pick-up date within the next two years"),
        (
            {"pickup_date": "0001-01-01"},
            "pickup_date",
            "Enter a pick-up in the future: it is 17:30 there now",
        ),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Choose the pick-up place’s clock from the list"),
        (ROUND | {"return_date": ""}, "return_date", "Enter the return date"),
        (ROUND | {"return_time": ""}, "return_time", "Enter the return time"),
        (ROUND | {"return_date": "2026-11-22"}, "return_date", "Enter a return that is after the pick-up"),
        (
            ROUND | {"return_date": "2026-11-23", "return_time": "09:30"},
            "return_time",
            "Enter a return that is after the pick-up",
        ),
        ({"trip": "hourly", "hours": ""}, "hours", "Enter the hours as a whole number from 1 to 24"),
        ({"trip": "hourly", "hours": "25"}, "hours", "Enter the hours as a whole number from 1 to 24"),
        ({"passengers": "0"}, "passengers", "Enter the number of passengers as a whole number from 1 to 50"),
        ({"passengers": "51"}, "passengers", "Enter the number of passengers as a whole number from 1 to 50"),
        (
            {"passengers": "two"},
            "passengers",
            "Enter the number of passengers as a whole number from 1 to 50",
        ),
        (
            {"passengers": "2.5"},
            "passengers",
            "Enter the number of passengers as a whole number from 1 to 50",
        ),
        (
            {"passengers": "9" * 5000},
            "passengers",
            "Enter the number of passengers as a whole number from 1 to 50",
        ),
        ({"luggage": "-1"}, "luggage", "Enter the pieces of luggage as a whole number from 0 to 100"),
        ({"vehicle": "rocket"}, "vehicle", "Choose a vehicle from the list"),
        ({"notes": "x" * 10_001}, "notes", "Notes: shorten this to 10,000 characters; it has 10,001"),
    ],
)
def test_traveller_reads_what_to_do(typed: dict[str, Any], field: str, sentence: str) -> None:
    assert told(filled(**typed)) == {field: sentence}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({}, {"trip": "one_way", "dropoff_place": "The Leela Palace", "luggage": 0}),
        ({"trip": "hourly", "hours": "8", "dropoff_place": "ignored"}, {"trip": "hourly", "hours": 8}),
        ({"trip": "airport", "flight_number": " ai  302 "}, {"flight_number": "ai 302"}),
        (ROUND, {"returns_at": "2026-11-24T18:00:00+05:30"}),
        ({"pickup_date": "24/12/2026"}, {"starts_at": "2026-12-24T09:30:00+05:30"}),
        ({"pickup_date": "24 December 2026"}, {"starts_at": "2026-12-24T09:30:00+05:30"}),
        ({"pickup_time": "4:15 pm"}, {"starts_at": "2026-11-23T16:15:00+05:30"}),
        ({"pickup_time": "9.30"}, {"starts_at": "2026-11-23T09:30:00+05:30"}),
        ({"pickup_time": "00:00"}, {"starts_at": "2026-11-23T00:00:00+05:30"}),
        ({"pickup_date": "2026-11-22", "pickup_time": "17:31"}, {"starts_at": "2026-11-22T17:31:00+05:30"}),
        ({"passengers": "५०"}, {"passengers": 50}),
        ({"child_seat": "y"}, {"child_seat": True}),
        ({"pickup_place": "मुंबई हवाई अड्डा 🛬"}, {"pickup_place": "मुंबई हवाई अड्डा 🛬"}),
        ({"pickup_place": "Gate\u202e 3\x00"}, {"pickup_place": "Gate 3"}),
        ({"notes": "x" * 10_000}, {"notes": "x" * 10_000}),
        ({"notes": "one\r\ntwo"}, {"notes": "one\ntwo"}),
    ],
)
def test_traveller_is_understood(typed: dict[str, Any], kept: dict[str, Any]) -> None:
    form = filled(**typed)
    assert told(form) == {}
    details = form.details()
    assert {name: details[name] for name in kept} == kept


@pytest.mark.parametrize(
    ("trip", "left_out"),
    [
        ("one_way", {"returns_at", "hours", "flight_number"}),
        ("round_trip", {"hours", "flight_number"}),
        ("hourly", {"dropoff_place", "returns_at", "flight_number"}),
        ("airport", {"returns_at", "hours"}),
    ],
)
def test_what_does_not_belong_to_the_ride_is_neither_checked_nor_kept(trip: str, left_out: set[str]) -> None:
    everything = {
        "dropoff_place": "Fort Kochi",
        "return_date": "2026-11-25",
        "return_time": "18:00",
        "hours": "8",
        "flight_number": "AI 302",
    }
    form = filled(**everything, trip=trip)
    assert told(form) == {}
    asked = {"dropoff_place", "returns_at", "hours", "flight_number"}
    assert asked & set(form.details()) == asked - left_out


def test_nonsense_in_a_question_that_does_not_apply_stops_nobody() -> None:
    form = filled(trip="one_way", hours="many", return_date="tomorrow")
    assert told(form) == {}
    assert not {"hours", "returns_at"} & set(form.details())


def test_a_time_that_the_clocks_skip_is_named_with_the_next_one() -> None:
    form = filled(time_zone="America/New_York", pickup_date="2027-03-14", pickup_time="02:30")
    assert told(form) == {
        "pickup_time": "The clocks go forward that night and skip 02:30: enter 03:30 or another time"
    }


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    form = filled(time_zone="Europe/Paris", pickup_date="2027-10-31", pickup_time="02:30")
    assert told(form) == {}
    assert form.details()["starts_at"] == "2027-10-31T02:30:00+02:00"


def test_a_return_across_the_end_of_summer_time_keeps_the_place_s_clock() -> None:
    form = filled(
        **ROUND | {"return_date": "2027-11-01", "return_time": "10:00"},
        time_zone="Europe/Paris",
        pickup_date="2027-10-30",
    )
    assert told(form) == {}
    assert form.details()["starts_at"] == "2027-10-30T09:30:00+02:00"
    assert form.details()["returns_at"] == "2027-11-01T10:00:00+01:00"


def test_a_pick_up_is_judged_by_the_clock_of_its_place() -> None:
    """At noon in London it is still seven in the morning in New York."""
    form = filled(time_zone="America/New_York", pickup_date="2026-11-22", pickup_time="07:30")
    assert told(form) == {}


def test_an_empty_form_has_a_sentence_for_each_question_that_needs_an_answer() -> None:
    form = CabForm(MultiDict(), now=NOW)
    form.validate()
    in_reading_order = [field.name for field in form if field.errors]
    assert in_reading_order == [
        "pickup_place",
        "dropoff_place",
        "pickup_date",
        "pickup_time",
        "passengers",
        "luggage",
        "name",
        "email",
        "phone",
    ]
