"""A booking's answers are shown as its form asked for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from roamio_web.forms.answers import Answer, answers
from roamio_web.models.booking import Purpose
from tests.support.factories import cab_details

START = "2027-03-14T09:30:00+05:30"


def told(purpose: Purpose, details: dict[str, Any]) -> dict[str, str]:
    return {answer.question: answer.words for answer in answers(purpose, details)}


def test_agent_reads_the_form_s_own_words() -> None:
    shown = told(
        Purpose.CAB, cab_details(trip="airport", vehicle="suv", child_seat=True, flight_number="AI 302")
    )
    assert shown["What kind of ride?"] == "To or from an airport"
    assert shown["Vehicle"].startswith("SUV")
    assert shown["We need a child seat"] == "Yes"
    assert shown["Flight number"] == "AI 302"
    assert shown["Passengers"] == "2"


def test_time_comes_first_and_as_a_moment() -> None:
    first = answers(Purpose.CAB, {"trip": "one_way", "starts_at": START})[0]
    assert first == Answer("Starts", moment=datetime.fromisoformat(START))


def test_nothing_that_was_answered_is_left_out() -> None:
    shown = told(
        Purpose.CAB, {"stairs": 2, "stops": ["Agra", "Jaipur"], "source": {"page": "/offers"}, "wifi": False}
    )
    assert shown == {"Stairs": "2", "Stops": "Agra, Jaipur", "Source page": "/offers", "Wifi": "No"}


def test_agent_reads_places_from_before_they_were_a_list() -> None:
    asked = "Places you want to see"
    assert told(Purpose.TOURISM, {"destinations": ["Kochi", "Munnar"]}) == {asked: "Kochi, Munnar"}
    assert told(Purpose.TOURISM, {"destinations": "Kochi\nMunnar"}) == {asked: "Kochi\nMunnar"}


def test_agent_reads_in_which_language_the_form_was_read() -> None:
    assert told(Purpose.CAB, {"source": {"language": "hi"}}) == {"Language": "Hindi"}
    assert told(Purpose.CAB, {"source": {"language": "xx"}}) == {"Source language": "xx"}


def test_contact_and_health_stand_elsewhere() -> None:
    assert told(Purpose.MEDICAL, {"contact": {"name": "Asha"}, "health": {"need": "x"}, "consent": {}}) == {}


def test_day_that_was_asked_for_is_not_shown_a_second_time_as_midnight() -> None:
    shown = told(Purpose.MEDICAL, {"earliest": "2027-03-14", "starts_at": "2027-03-14T00:00:00+05:30"})
    assert shown == {"Earliest date": "Sun 14 Mar 2027"}


def test_a_month_is_shown_in_words() -> None:
    assert told(Purpose.TOURISM, {"travel_month": "2027-03"}) == {"In which month?": "March 2027"}


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_form_s_answers_can_be_shown(purpose: Purpose) -> None:
    strange: dict[str, Any] = {"starts_at": "soon", "note": None, "list": [], "deep": {"er": {"still": 1}}}
    assert told(purpose, strange) == {"Starts": "soon", "Deep er still": "1"}
