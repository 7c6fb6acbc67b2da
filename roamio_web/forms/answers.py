"""A booking's answers as its form asked them: each question in the form's own words, each answer in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wtforms import Field

from roamio_web.formatters import day, month
from roamio_web.forms.catalogue import FORMS
from roamio_web.languages import BY_CODE, ENGLISH, gettext, listed
from roamio_web.models.booking import Purpose
from roamio_web.models.values import has_clock

MOMENTS = {"starts_at": "Starts", "ends_at": "Ends", "returns_at": "Return"}
# Shown elsewhere on the page, or of no use to a reader.
ELSEWHERE = frozenset({"contact", "time_zone", "health", "consent", "source suspected", "source score"})

LANGUAGE = "source language"
"""The code of the language that the form was read in."""


@dataclass(frozen=True)
class Answer:
    """One question and its answer; ``moment`` is set where the answer is a time."""

    question: str
    words: str = ""
    moment: datetime | None = None


def answers(purpose: Purpose, details: Mapping[str, Any]) -> list[Answer]:
    """Everything that ``details`` holds: times first, then the form's order, then what no form knows of."""
    fields = {field.name: field for field in FORMS[purpose]()}
    known = [*MOMENTS, *fields]
    names = [name for name in known if name in details] + [name for name in details if name not in known]
    return [
        answer
        for name in names
        if name not in ELSEWHERE and not _repeats_a_day(name, details)
        for answer in _answer(name, details[name], fields.get(name))
    ]


def _answer(name: str, value: Any, field: Field | None) -> Iterator[Answer]:
    question = str(field.label.text) if field else MOMENTS.get(name) or humanise(name)
    if value in (None, "", [], {}) or name in ELSEWHERE:
        return
    if name == LANGUAGE and isinstance(value, str) and value in BY_CODE:
        yield Answer("Language", str(ENGLISH.locale.languages[value]))
        return
    if isinstance(value, dict):
        for inner, its_value in value.items():
            yield from _answer(f"{name} {inner}", its_value, None)
        return
    if name in MOMENTS and (moment := _moment(value)):
        yield Answer(question, moment=moment)
        return
    choices = {option.value: option.label for option in getattr(field, "choices", None) or ()}
    yield Answer(question, in_words(value, choices))


def _repeats_a_day(name: str, details: Mapping[str, Any]) -> bool:
    """Whether a time is the first moment of a day that the form asked for, and that is shown as such."""
    value = details[name]
    return name in MOMENTS and any(
        isinstance(other, str) and isinstance(value, str) and value.startswith(f"{other}T00:00")
        for other in details.values()
    )


def in_words(value: Any, choices: Mapping[str, str]) -> str:
    """An answer as people read it; ``choices`` are the words of the values that a question offers."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return listed(in_words(each, choices) for each in value)
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    if isinstance(value, str) and len(value) == len("2027-03-27") and (on := _date(value)):
        return day(on)
    if isinstance(value, str) and len(value) == len("2027-03") and (on := _date(f"{value}-01")):
        return month(on)
    return str(value)


def humanise(name: str) -> str:
    """``flight_number`` is ``Flight number``."""
    return name.replace("_", " ").strip().capitalize()


def _moment(value: Any) -> datetime | None:
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return read if read.tzinfo and has_clock(read) else None


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
