"""The forms of the other seven purposes: what they take, and what they say to the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from roamio_web.forms.catalogue import FORMS
from roamio_web.forms.children import AGES
from roamio_web.forms.contact import ContactForm
from roamio_web.languages import ARABIC, HINDI, Language
from roamio_web.models.booking import Purpose
from tests.support.travellers import PURPOSES, answers, days_ahead, filled, months_ahead, told

WINTER = datetime(2026, 11, 22, 12, tzinfo=UTC)
YESTERDAY, TOMORROW, LATER = days_ahead(-2), days_ahead(1), days_ahead(2)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_form_that_is_filled_in_has_nothing_to_say(purpose: str) -> None:
    assert told(filled(purpose)) == {}


@pytest.mark.parametrize(
    ("purpose", "typed", "field", "sentence"),
    [
        ("hotel", {"place": ""}, "place", "Enter a city or a hotel"),
        ("hotel", {"check_in": YESTERDAY}, "check_in", "The check-in must be today or later"),
        (
            "hotel",
            {"check_in": LATER, "check_out": LATER},
            "check_out",
            "Enter a check-out that is after the check-in",
        ),
        (
            "hotel",
            {"check_in": TOMORROW, "check_out": days_ahead(92)},
            "check_out",
            "Enter a check-out at most 90 nights after the check-in",
        ),
        ("hotel", {"rooms": "0"}, "rooms", "Enter the number of rooms as a whole number from 1 to 50"),
        (
            "hotel",
            {"child_ages": "4"},
            "child_ages",
            AGES,
        ),
        (
            "hotel",
            {"child_ages": "4, 18"},
            "child_ages",
            AGES,
        ),
        ("hotel", {"child_ages": ""}, "child_ages", AGES),
        (
            "hotel",
            {"budget": "cheap"},
            "budget",
            "Enter the budget for a night as a whole number from 1 to 100,000,000",
        ),
        ("hotel", {"currency": "XYZ"}, "currency", "Choose a currency from the list"),
        ("medical", {"patient_name": ""}, "patient_name", "Enter the patient’s full name"),
        (
            "medical",
            {"patient_age": "130"},
            "patient_age",
            "Enter the patient’s age as a whole number from 0 to 120",
        ),
        ("medical", {"speciality": ""}, "speciality", "Choose a field of medicine"),
        ("medical", {"need": ""}, "need", "Tell us in a few words what is needed"),
        ("medical", {"earliest": YESTERDAY}, "earliest", "The earliest date must be today or later"),
        ("medical", {"earliest": ""}, "earliest", "Enter the earliest date you can travel"),
        ("medical", {"dates": "some day"}, "dates", "Choose a date or a month"),
        (
            "medical",
            {"dates": "month", "travel_month": ""},
            "travel_month",
            "Enter the month in which you would like to travel",
        ),
        ("medical", {"language": ""}, "language", "Enter the language you would like to speak"),
        ("medical", {"help": ["magic"]}, "help", "Choose from the list"),
        (
            "medical",
            {"consent": None},
            "consent",
            "Tick the box so that we may keep what you wrote about health",
        ),
        ("tourism", {"destinations": " "}, "destinations", "Enter at least one place"),
        ("tourism", {"destinations": " ,\n;"}, "destinations", "Enter at least one place"),
        (
            "tourism",
            {"destinations": "\n".join(["Agra"] * 13)},
            "destinations",
            "Enter at most 12 places, and all others in the notes",
        ),
        (
            "hybrid",
            {"destinations": "Goa, " + "n" * 101},
            "destinations",
            "Enter each place on a line of its own, in at most 100 characters",
        ),
        ("tourism", {"starts_on": ""}, "starts_on", "Enter the first day"),
        (
            "tourism",
            {"starts_on": LATER, "ends_on": TOMORROW},
            "ends_on",
            "Enter a last day that is not before the first",
        ),
        (
            "tourism",
            {"dates": "flexible", "travel_month": months_ahead(3)},
            "length",
            "Enter the number of days as a whole number from 1 to 180",
        ),
        (
            "tourism",
            {"dates": "flexible", "length": "9", "travel_month": "in winter"},
            "travel_month",
            "Enter the month like March 2027",
        ),
        (
            "tourism",
            {"dates": "flexible", "length": "9", "travel_month": months_ahead(-1)},
            "travel_month",
            "Enter this month or a later one",
        ),
        (
            "tourism",
            {"dates": "flexible", "length": "9", "travel_month": months_ahead(26)},
            "travel_month",
            "Enter a month within the next two years",
        ),
        ("tourism", {"budget": "1", "currency": "XAU"}, "currency", "Choose a currency from the list"),
        ("nri", {"need": ""}, "need", "Tell us in a few words what is to be done"),
        ("nri", {"time_zone": "Mars/Olympus"}, "time_zone", "Choose your clock from the list"),
        ("nri", {"matter": None}, "matter", "Choose what you need help with"),
        ("nri", {"city": ""}, "city", "Enter the city in India"),
        ("nri", {"call_times": None}, "call_times", "Choose at least one time of day"),
        ("hybrid", {"parts": ["cab"]}, "parts", "Choose two or more; for a single one use its own form"),
        ("hybrid", {"need": ""}, "need", "Tell us in a few words what is needed"),
        (
            "hybrid",
            {"consent": None},
            "consent",
            "Tick the box so that we may keep what you wrote about health",
        ),
        ("hybrid", {"pickup_place": ""}, "pickup_place", "Enter the place where the cab meets you"),
        ("hybrid", {"dropoff_place": ""}, "dropoff_place", "Enter the place where you want to go"),
        ("hybrid", {"pickup_time": ""}, "pickup_time", "Enter the pick-up time"),
        ("hybrid", {"pickup_time": "noonish"}, "pickup_time", "Enter the pick-up time like 09:30 or 4:15 pm"),
        ("hybrid", {"patient_name": ""}, "patient_name", "Enter the patient’s full name"),
        ("hybrid", {"child_ages": "9, 4"}, "child_ages", AGES),
        ("hybrid", {"rooms": "no"}, "rooms", "Enter the number of rooms as a whole number from 1 to 50"),
        ("hybrid", {"ends_on": days_ahead(2)}, "ends_on", "Enter a last day that is not before the first"),
        ("logistics", {"pickup_date": YESTERDAY}, "pickup_date", "The pick-up date must be today or later"),
        (
            "logistics",
            {"pieces": "10001"},
            "pieces",
            "Enter the number of pieces as a whole number from 1 to 10,000",
        ),
        ("logistics", {"goods": ""}, "goods", "Enter what is sent"),
        (
            "logistics",
            {"weight": "heavy"},
            "weight",
            "Enter the weight in kilograms as a whole number from 1 to 100,000",
        ),
        ("logistics", {"value": ""}, "value", "Enter what it is worth, so that we can insure it"),
        ("service", {"need": ""}, "need", "Tell us in a few words what you need"),
        ("service", {"wanted_on": YESTERDAY}, "wanted_on", "The date must be today or later"),
        (
            "service",
            {"wanted_on": days_ahead(800)},
            "wanted_on",
            "The date must be within the next two years",
        ),
    ],
)
def test_traveller_reads_what_to_do(purpose: str, typed: dict[str, Any], field: str, sentence: str) -> None:
    assert told(filled(purpose, **typed)) == {field: sentence}


@pytest.mark.parametrize("parts", [["cab", "hotel"], ["hotel", "tourism"], ["cab", "medical"]])
def test_a_journey_is_asked_for_its_own_parts_only(parts: list[str]) -> None:
    form = filled("hybrid", parts=parts)
    assert told(form) == {}
    details = form.details()
    asked = {"cab": "vehicle", "hotel": "rooms", "tourism": "style", "medical": "health"}
    assert {part for part, answer in asked.items() if answer in details} == set(parts)


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        (HINDI, "मार्च 2027"),
        (HINDI, "मार्च २०२७"),
        (HINDI, "फ़रवरी 2027"),
        (HINDI, "March 2027"),
        (ARABIC, "مارس 2027"),
        (ARABIC, "مارس ٢٠٢٧"),
        (ARABIC, "٣/٢٠٢٧"),
    ],
)
def test_a_month_is_understood_in_the_language_that_is_read(
    app: Flask, language: Language, typed: str
) -> None:
    field = FORMS[Purpose.TOURISM](MultiDict({"travel_month": typed})).travel_month
    with app.test_request_context(language.prefix):
        field.process(MultiDict({"travel_month": typed}))
    assert field.data == ("2027-02" if typed.startswith("फ") else "2027-03")


@pytest.mark.parametrize("typed", ["2027-03", "March 2027", "mar 2027", "3/2027", "03.2027", "15/3/2027"])
def test_a_month_is_understood_in_any_usual_spelling(typed: str) -> None:
    form = FORMS[Purpose.TOURISM](
        MultiDict(answers("tourism", dates="flexible", travel_month=typed, length="12")), now=WINTER
    )
    assert told(form) == {}
    assert form.details()["travel_month"] == "2027-03"


@pytest.mark.parametrize("purpose", ["tourism", "hybrid"])
@pytest.mark.parametrize("typed", ["Jaipur\r\n\r\n New  Delhi ", "Jaipur, New Delhi,", "Jaipur، New Delhi"])
def test_places_are_kept_as_a_list_and_shown_again_as_they_were_typed(purpose: str, typed: str) -> None:
    form = filled(purpose, destinations=typed)
    assert told(form) == {}
    assert form.details()["destinations"] == ["Jaipur", "New Delhi"]
    assert typed.replace("\r\n", "\n").strip() in str(form["destinations"]())


def test_a_flexible_tour_has_a_month_and_no_day() -> None:
    month = months_ahead(2)
    form = filled("tourism", dates="flexible", starts_on="", ends_on="", travel_month=month, length="12")
    assert told(form) == {}
    details = form.details()
    assert (details["travel_month"], details["length"]) == (month, 12)
    assert not {"starts_at", "ends_at", "time_zone"} & set(details)


def test_a_tour_this_month_is_not_too_late() -> None:
    form = filled("tourism", dates="flexible", travel_month=months_ahead(0), length="3")
    assert told(form) == {}


def test_a_patient_who_knows_the_month_only_needs_no_date() -> None:
    month = months_ahead(4)
    form = filled("medical", dates="month", earliest="", travel_month=month)
    assert told(form) == {}
    details = form.details()
    assert details["travel_month"] == month
    assert "starts_at" not in details


@pytest.mark.parametrize("form", [form for form in FORMS.values() if hasattr(form, "currency")])
def test_a_budget_may_be_in_any_money_of_iso_4217_and_in_nothing_else(form: type[ContactForm]) -> None:
    offered = [option.value for option in form().currency.choices]
    assert offered[0] == "INR"
    assert {"USD", "AED", "KES", "XOF", "BTN", "LKR"} <= set(offered)
    assert not {"XAU", "XXX", "XTS", "CHE"} & set(offered)
    assert len(offered) == len(set(offered))


def test_nobody_s_clock_is_guessed_without_asking() -> None:
    menu = FORMS[Purpose.NRI]().time_zone
    assert (menu.data, menu.choices[0].value) == ("", "")
    assert told(filled("nri", time_zone="")) == {"time_zone": "Choose your clock from the list"}
