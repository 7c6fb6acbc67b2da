"""Children's ages, however they are written down."""

from __future__ import annotations

import pytest

from tests.support.travellers import filled, told


def test_ages_are_asked_of_nobody_who_travels_without_children() -> None:
    form = filled("hotel", children="0", child_ages="4")
    assert told(form) == {}
    assert "child_ages" not in form.details()


@pytest.mark.parametrize(
    "typed",
    ["4 and 11 years", "4, 11", "4 11", "04/11", "4 yrs; 11 yrs", "٤، ١١", "४ और ११ साल", "4 و 11 سنة"],
)
def test_children_s_ages_are_kept_as_numbers(typed: str) -> None:
    form = filled("hotel", child_ages=typed)
    assert told(form) == {}
    assert form.details()["child_ages"] == [4, 11]


@pytest.mark.parametrize(
    "typed", ["4, 11, 18", "4.5", "4, 118", "4-11", "6 months, 4", "4, -1", "4, 11 or 12", "four, 11", "4"]
)
def test_an_age_that_can_t_be_meant_is_dropped_by_nobody(typed: str) -> None:
    sentence = "Enter one age for each child, from 0 to 17, like 4, 11"
    assert told(filled("hotel", children="2", child_ages=typed)) == {"child_ages": sentence}
