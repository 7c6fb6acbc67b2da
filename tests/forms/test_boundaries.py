"""The numbers and days at which an answer starts and stops to be one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from roamio_web.forms.catalogue import FORMS
from roamio_web.models.booking import Purpose
from tests.support.travellers import answers, days_ahead, filled, told

EVENING = datetime(2026, 12, 31, 19, tzinfo=UTC)
"""In India it is tomorrow already, and another year."""
DAYS = {
    "hotel": "check_in",
    "tourism": "starts_on",
    "medical": "earliest",
    "hybrid": "starts_on",
    "logistics": "pickup_date",
    "service": "wanted_on",
}
LAST = {"hotel": "check_out", "tourism": "ends_on", "hybrid": "ends_on"}
FLEXIBLE = {"tourism": {"dates": "flexible", "length": "9"}, "medical": {"dates": "month"}}
ONE_TO_A_HUNDRED = "Enter the number of adults as a whole number from 1 to 100"
CHILDREN = "Enter the number of children as a whole number from 0 to 20"


def at(purpose: str, now: datetime, **overrides: Any) -> dict[str, str]:
    """What the form says at that moment."""
    form = FORMS[Purpose(purpose)](MultiDict(answers(purpose, **overrides)), now=now)
    return told(form)


@pytest.mark.parametrize("purpose", DAYS)
def test_today_is_the_day_that_it_is_in_india(purpose: str) -> None:
    name, last = DAYS[purpose], LAST.get(purpose)
    ends = {last: "2027-01-09"} if last else {}
    assert at(purpose, EVENING, **{name: "2027-01-01"}, **ends) == {}
    assert list(at(purpose, EVENING, **{name: "2026-12-31"}, **ends)) == [name]
    before = EVENING - timedelta(minutes=31)
    assert (
        at(
            purpose,
            before,
            **{name: "2026-12-31"},
            **ends,
            **({"pickup_time": "23:59"} if purpose == "hybrid" else {}),
        )
        == {}
    )


@pytest.mark.parametrize("purpose", FLEXIBLE)
def test_this_month_is_the_month_that_it_is_in_india(purpose: str) -> None:
    assert at(purpose, EVENING, travel_month="2027-01", **FLEXIBLE[purpose]) == {}
    assert list(at(purpose, EVENING, travel_month="2026-12", **FLEXIBLE[purpose])) == ["travel_month"]


def test_cab_of_a_journey_comes_after_now_by_india_s_clock() -> None:
    first = {"starts_on": "2027-01-01", "ends_on": "2027-01-09"}
    assert at("hybrid", EVENING, **first, pickup_time="00:31") == {}
    assert at("hybrid", EVENING, **first, pickup_time="00:29") == {
        "pickup_time": "Enter a pick-up in the future: it is 00:30 there now"
    }


@pytest.mark.parametrize(
    ("purpose", "typed"),
    [
        ("hotel", {"check_in": days_ahead(1), "check_out": days_ahead(91)}),
        ("hotel", {"adults": "1", "children": "0"}),
        ("hotel", {"adults": "100", "children": "20", "child_ages": ", ".join(["0", "17"] * 10)}),
        ("medical", {"companions": "0", "patient_age": "120"}),
        ("medical", {"companions": "20"}),
        ("tourism", {"adults": "100", "children": "50"}),
        ("tourism", {"destinations": "\n".join(["n" * 100] * 12)}),
        ("hybrid", {"starts_on": days_ahead(5), "ends_on": days_ahead(5)}),
    ],
)
def test_last_number_that_fits_is_taken(purpose: str, typed: dict[str, str]) -> None:
    assert told(filled(purpose, **typed)) == {}


@pytest.mark.parametrize(
    ("purpose", "typed", "sentence"),
    [
        ("hotel", {"adults": "0"}, ONE_TO_A_HUNDRED),
        ("hotel", {"adults": "101"}, ONE_TO_A_HUNDRED),
        ("hotel", {"children": "21"}, CHILDREN),
        ("hotel", {"children": "-1"}, CHILDREN),
        ("hotel", {"check_in": ""}, "Enter the check-in date"),
        ("hotel", {"check_out": ""}, "Enter the check-out date"),
        ("hotel", {"check_in": "31/2/2027"}, "Enter the check-in date like 27/3/2027"),
        ("hotel", {"check_out": "soon"}, "Enter the check-out date like 27/3/2027"),
        (
            "medical",
            {"companions": "21"},
            "Enter the number of people who come along as a whole number from 0 to 20",
        ),
        ("tourism", {"adults": "none"}, ONE_TO_A_HUNDRED),
        ("tourism", {"adults": "101"}, ONE_TO_A_HUNDRED),
        ("tourism", {"ends_on": "30 February 2027"}, "Enter the last day like 27/3/2027"),
        ("logistics", {"pickup_place": ""}, "Enter the place where we collect"),
        ("logistics", {"dropoff_place": " "}, "Enter the place where we deliver"),
        ("logistics", {"pickup_date": ""}, "Enter the pick-up date"),
        ("hybrid", {"destinations": ""}, "Enter where you want to go"),
        ("hybrid", {"starts_on": ""}, "Enter the first day"),
        ("hybrid", {"ends_on": "later"}, "Enter the last day like 27/3/2027"),
        ("hybrid", {"starts_on": days_ahead(-2)}, "The first day must be today or later"),
    ],
)
def test_what_does_not_fit_any_more_gets_its_sentence(
    purpose: str, typed: dict[str, str], sentence: str
) -> None:
    assert told(filled(purpose, **typed)) == {next(iter(typed)): sentence}
