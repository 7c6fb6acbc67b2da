"""A traveller's answers, shown once more before they are sent."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from roamio_web.forms.catalogue import FORMS
from roamio_web.forms.contact import ContactForm
from roamio_web.forms.health import CONSENT
from roamio_web.forms.review import review, typed
from roamio_web.models.booking import Purpose
from tests.support.travellers import PURPOSES, answers


def filled(purpose: str, **overrides: Any) -> ContactForm:
    form = FORMS[Purpose(purpose)](MultiDict(answers(purpose, **overrides)))
    assert form.validate()
    return form


def shown(form: ContactForm) -> dict[str, str]:
    return {row.name: row.words for section in review(form) for row in section.rows}


@pytest.mark.parametrize(
    ("purpose", "answered", "question", "words"),
    [
        ("cab", {"trip": "airport"}, "trip", "To or from an airport"),
        ("cab", {"pickup_date": "14/3/2027"}, "pickup_date", "Sun 14 Mar 2027"),
        ("cab", {"pickup_time": "4 pm"}, "pickup_time", "16:00"),
        ("cab", {"pickup_time": "00:00"}, "pickup_time", "00:00"),
        ("cab", {"time_zone": "Asia/Dubai"}, "time_zone", "United Arab Emirates"),
        ("cab", {"luggage": "0"}, "luggage", "0"),
        ("cab", {"child_seat": "y"}, "child_seat", "Yes"),
        ("cab", {"notes": "one\r\n\r\ntwo"}, "notes", "one\n\ntwo"),
        ("cab", {"name": "मीरा अय्यर 🙏"}, "name", "मीरा अय्यर 🙏"),
        ("cab", {"phone": "098100 12345"}, "phone", "+91 98100 12345"),
        ("cab", {"country": "KE", "phone": "0712 123456"}, "phone", "+254 712 123456"),
        ("hotel", {"budget": "25000"}, "budget", "25,000"),
        ("hotel", {"budget": "25000"}, "currency", "Indian Rupee (INR)"),
        ("tourism", {"interests": ["food", "nature"]}, "interests", "Food, Wildlife and mountains"),
        ("tourism", {"destinations": "Jaipur\r\nUdaipur"}, "destinations", "Jaipur, Udaipur"),
        ("hybrid", {"destinations": "Goa, Hampi"}, "destinations", "Goa, Hampi"),
        ("medical", {"patient_age": "0"}, "patient_age", "0"),
        ("medical", {}, "consent", CONSENT),
        ("nri", {}, "call_times", "Morning, 8 to 12"),
    ],
)
def test_traveller_reads_an_answer_in_words(
    purpose: str, answered: dict[str, Any], question: str, words: str
) -> None:
    assert shown(filled(purpose, **answered))[question] == words


@pytest.mark.parametrize(
    ("purpose", "answered", "question"),
    [
        ("cab", {"trip": "one_way", "flight_number": "AI 302"}, "flight_number"),
        ("cab", {"notes": " "}, "notes"),
        ("cab", {"child_seat": None}, "child_seat"),
        ("hotel", {"budget": ""}, "currency"),
        ("hotel", {"stars": ""}, "stars"),
        ("tourism", {"dates": "exact", "travel_month": "2027-03"}, "travel_month"),
        ("hybrid", {"parts": ["cab", "hotel"]}, "need"),
    ],
)
def test_what_is_not_sent_is_not_shown(purpose: str, answered: dict[str, Any], question: str) -> None:
    assert question not in shown(filled(purpose, **answered))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_all_that_is_sent_is_shown_in_the_form_s_order(purpose: str) -> None:
    form = filled(purpose)
    rows = list(shown(form))
    assert rows == [field.name for field in form if form.answer(field.name) is not None]


def test_everything_that_was_typed_is_brought_along_as_it_was() -> None:
    form = filled("cab", trip="one_way", hours="many", pickup_time="9.30", notes=" two  dogs ")
    brought = dict(typed(form))
    assert brought["hours"] == "many"
    assert brought["pickup_time"] == "9.30"
    assert brought["notes"] == " two  dogs "
    assert [text for name, text in typed(filled("tourism")) if name == "arrange"] == ["stay", "car"]
