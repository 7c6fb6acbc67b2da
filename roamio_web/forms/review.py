"""A form's answers as its traveller reads them once more before sending: in reading order, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from wtforms import BooleanField, Field

from roamio_web.formatters import counted, phone
from roamio_web.forms.answers import in_words
from roamio_web.forms.booking import BookingForm
from roamio_web.forms.contact import CONTACT, ContactForm
from roamio_web.forms.fields import (
    ClockField,
    DayField,
    MenuField,
    MonthField,
    NumberField,
    OneOfField,
    SomeOfField,
    e164,
)
from roamio_web.languages import gettext

CHOSEN = (OneOfField, SomeOfField, MenuField, NumberField, DayField, MonthField, ClockField, BooleanField)
"""Questions that nobody answers in their own words."""


@dataclass(frozen=True)
class Row:
    """One question that was answered; ``name`` is where the answer is changed."""

    name: str
    question: str
    words: str


@dataclass(frozen=True)
class Section:
    """The answered questions of one group of the form."""

    legend: str
    rows: tuple[Row, ...]


def review(form: ContactForm) -> list[Section]:
    """Every answer that will be sent, and nothing else."""
    sections = [Section(str(group.legend), tuple(_rows(form, group.names))) for group in form.groups]
    return [section for section in sections if section.rows]


def sayable(form: ContactForm) -> Iterator[tuple[str, str]]:
    """Names and texts of the answers that may stand in an address: what was chosen, counted and dated, in
    nobody's own words, and neither about a person nor about health.
    """
    about_somebody = {*CONTACT.names, *form.private}
    names = {field.name for field in form if isinstance(field, CHOSEN)} - about_somebody
    return ((name, text) for name, text in typed(form) if name in names and form.answer(name) is not None)


def typed(form: BookingForm) -> Iterator[tuple[str, str]]:
    """Name and text of everything that the browser sent, for the next step to bring along: just as it was
    typed, so that a change finds it, and what does not apply now as well.
    """
    for field in form:
        for text in field.raw_data or ():
            yield field.name, str(text)


def _rows(form: ContactForm, names: tuple[str, ...]) -> Iterator[Row]:
    for name in names:
        answer = form.answer(name)
        field = form[name]
        if answer is not None and name in form.agreements:
            yield Row(name, gettext("You agreed"), str(field.label.text))
        elif answer is not None:
            yield Row(name, str(field.label.text), _words(form, field, answer))


def _words(form: ContactForm, field: Field, answer: Any) -> str:
    if field.name == "phone":
        return phone(e164(answer, form.country.data))
    if isinstance(answer, time):
        return f"{answer:%H:%M}"
    if isinstance(answer, date):
        answer = answer.isoformat()
    if isinstance(answer, int) and not isinstance(answer, bool):
        return counted(answer)
    return in_words(answer, {option.value: option.label for option in getattr(field, "choices", None) or ()})
