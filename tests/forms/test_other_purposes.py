"""The forms of the other seven purposes: what they take, and what they say to the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from roamio_web.forms.catalogue import FORMS
from roamio_web.forms.contact import ContactForm
from roamio_web.forms.health import CONSENT
from roamio_web.models.booking import Purpose
from tests.support.travellers import PURPOSES, answers, days_ahead

YESTERDAY, TOMORROW, LATER = days_ahead(-2), days_ahead(1), days_ahead(2)


def filled(purpose: str, **overrides: Any) -> ContactForm:
    return FORMS[Purpose(purpose)](MultiDict(answers(purpose, **overrides)))


def told(form: ContactForm) -> dict[str, str]:
    form.validate()
    return {name: errors[0] for name, errors in form.errors.items() if name}


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
            "Enter one age for each child, from 0 to 17, like 4, 11",
        ),
        (
            "hotel",
            {"child_ages": "4, 18"},
            "child_ages",
            "Enter one age for each child, from 0 to 17, like 4, 11",
        ),
        ("hotel", {"children": "0"}, "child_ages", "Enter one age for each child, from 0 to 17, like 4, 11"),
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
        ("medical", {"language": ""}, "language", "Enter the language you would like to speak"),
        ("medical", {"help": ["magic"]}, "help", "Choose from the list"),
        (
            "medical",
            {"consent": None},
            "consent",
            "Tick the box so that we may keep what you wrote about health",
        ),
        ("tourism", {"destinations": " "}, "destinations", "Enter at least one place"),
        ("tourism", {"starts_on": ""}, "starts_on", "Enter the first day"),
        (
            "tourism",
            {"starts_on": LATER, "ends_on": TOMORROW},
            "ends_on",
            "Enter a last day that is not before the first",
        ),
        (
            "tourism",
            {"dates": "flexible", "around": TOMORROW},
            "length",
            "Enter the number of days as a whole number from 1 to 180",
        ),
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


def test_what_a_patient_says_about_health_is_kept_apart_with_the_consent_to_keep_it() -> None:
    form = filled("medical")
    assert told(form) == {}
    details = form.details()
    apart = details.pop("health")
    consent = apart.pop("consent")
    assert apart == {
        "speciality": "cardiology",
        "need": "A bypass was advised",
        "patient": "another",
        "patient_name": "Kamala Iyer",
        "patient_age": 71,
        "patient_relation": "mother",
    }
    assert consent["wording"] == CONSENT
    assert datetime.fromisoformat(consent["given_at"]) <= datetime.now(UTC)
    assert "Kamala" not in str(details)
    assert "cardiology" not in str(details)


def test_a_newborn_patient_has_an_age() -> None:
    form = filled("medical", patient_age="0")
    assert told(form) == {}
    assert form.details()["health"]["patient_age"] == 0


def test_a_journey_without_treatment_asks_nothing_about_health() -> None:
    form = filled("hybrid", parts=["cab", "hotel"], speciality="", need="", consent=None)
    assert told(form) == {}
    assert "health" not in form.details()


def test_a_flexible_tour_starts_around_its_date() -> None:
    form = filled("tourism", dates="flexible", starts_on="", ends_on="", around=TOMORROW, length="12")
    assert told(form) == {}
    details = form.details()
    assert details["starts_at"].startswith(TOMORROW)
    assert details["length"] == 12
    assert "ends_at" not in details


def test_children_s_ages_are_kept_as_numbers() -> None:
    form = filled("hotel", child_ages="4 and 11 years")
    assert told(form) == {}
    assert form.details()["child_ages"] == [4, 11]
