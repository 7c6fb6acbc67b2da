"""What every booking form is: groups of questions, some of which only matter after a certain answer."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from wtforms import Field, Form

from roamio_web.forms.moments import FURTHEST, NoSuchTime, moment, month_of, today
from roamio_web.forms.rules import is_empty
from roamio_web.languages import gettext
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion

Answers = dict[str, Any]
BYTES_A_CHARACTER = 6
"""The most that JSON makes of one, such as ``\\u0000``."""
LARGEST = 60 * 1024
"""Bytes of answers a form sends on; the database refuses details of more than 64 KB."""


@dataclass(frozen=True)
class Group:
    """Questions that belong together, under one heading."""

    legend: str
    names: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True)
class When:
    """The question ``asked`` was answered with one of ``answers``.

    ``words`` says when that is, for a question whose answers have no words of their own.
    """

    asked: str
    answers: tuple[str, ...]
    words: str = ""

    def holds(self, data: Any) -> bool:
        given = data if isinstance(data, list) else [data]
        return any(str(answer) in self.answers for answer in given)


class BookingForm(Form):
    """A public form. ``groups`` is its reading order; ``conditions`` says which questions hang on others.

    A question that does not apply is neither validated nor sent on, whatever stands in it: without JavaScript
    all of them are in view, and a traveller may well have typed into one.
    """

    purpose: ClassVar[Purpose]
    groups: ClassVar[tuple[Group, ...]]
    conditions: ClassVar[Mapping[str, When]] = {}
    belongs_to: ClassVar[Mapping[str, str]] = {}
    """Answers that mean nothing without another one, such as a currency without an amount."""
    agreements: ClassVar[frozenset[str]] = frozenset()
    """Boxes whose own words are what a tick says."""
    private: ClassVar[frozenset[str]] = frozenset()
    """Questions whose answers the browser does not keep, not even for the same tab."""

    @property
    def kept_apart(self) -> frozenset[str]:
        """Those of them that matter, given the other answers."""
        return self.private

    def __init__(self, *args: Any, now: datetime | None = None, **kwargs: Any) -> None:
        self.now = now or datetime.now(UTC)
        super().__init__(*args, **kwargs)

    def __iter__(self) -> Iterator[Field]:
        """The questions in reading order, so that the error summary follows the page."""
        return iter([self[name] for group in self.groups for name in group.names])

    def applies(self, name: str) -> bool:
        """Whether this question matters, given the other answers."""
        condition = self.conditions.get(name)
        return condition is None or (
            self.applies(condition.asked) and condition.holds(self[condition.asked].data)
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each question that applies, then what they say together."""
        super().validate(extra_validators)
        for field in self:
            if not self.applies(field.name):
                field.errors = []
        self.check()
        if not self.errors and self._may_be_too_long() and _size(self.details()) > LARGEST:
            self.fail("notes", _("Shorten your notes: this is more than we can keep with one booking"))
        return not self.errors

    def _may_be_too_long(self) -> bool:
        """Whether it is worth counting: what is typed makes at most so many bytes for each character."""
        typed = sum(len(str(text)) for field in self for text in field.raw_data or ())
        return typed * BYTES_A_CHARACTER > LARGEST / 2

    def check(self) -> None:
        """Rules that look at several answers; each puts its sentence beside the field where it is mended."""

    def details(self) -> Answers:
        """The answers as ``bookings.details`` keeps them."""
        raise NotImplementedError

    def occasion(self) -> Occasion | None:
        """When it takes place, if the form asks for that and the answer is fit for a calendar."""
        return None

    def days(self, first: str, last: str) -> Occasion | None:
        """The days from one answer to another, as a calendar wants them."""
        begins, ends = self.answer(first), self.answer(last)
        return Occasion(begins, ends) if begins and ends else None

    def answer(self, name: str) -> Any:
        """A clean answer, or None if the question does not apply or was left empty."""
        value = self[name].data if self.applies(name) else None
        amount = self.belongs_to.get(name)
        if is_empty(value) or (amount and self.answer(amount) is None):
            return None
        return value

    def answers(self, *names: str) -> Answers:
        """The answers that were given, days as ISO dates and times as a clock shows them."""
        given = {name: self.answer(name) for name in names}
        return {
            name: value.isoformat()
            if isinstance(value, date)
            else f"{value:%H:%M}"
            if isinstance(value, time)
            else value
            for name, value in given.items()
            if value is not None
        }

    def fail(self, name: str, sentence: str) -> None:
        """Say what is wrong beside a field, unless something else is wrong with it already."""
        if not self[name].errors:
            self[name].errors = [sentence]

    def sound(self, names: Collection[str]) -> bool:
        """Whether these questions apply, are answered and have nothing wrong with them."""
        return all(self.answer(name) is not None and not self[name].errors for name in names)

    def check_day(self, name: str, what: str, zone: str) -> None:
        """The day is today or later, and no slip of the year."""
        if not self.sound([name]):
            return
        first = today(self.now, zone)
        if self[name].data < first:
            self.fail(name, gettext("%(what)s must be today or later", what=what))
        elif self[name].data > first + FURTHEST:
            self.fail(name, gettext("%(what)s must be within the next two years", what=what))

    def check_month(self, name: str, zone: str) -> None:
        """The month is this one or later, and no slip of the year."""
        if not self.sound([name]):
            return
        first = today(self.now, zone)
        if self[name].data < month_of(first):
            self.fail(name, _("Enter this month or a later one"))
        elif self[name].data > month_of(first + FURTHEST):
            self.fail(name, _("Enter a month within the next two years"))

    def check_order(self, first: str, last: str, sentence: str) -> None:
        """The last day is not before the first."""
        if self.sound([first, last]) and self[last].data < self[first].data:
            self.fail(last, sentence)

    def moment_of(self, day_name: str, time_name: str, zone_name: str) -> datetime | None:
        """The moment that three answers name together; None, and a sentence, if the clocks skip it."""
        on: date | None = self.answer(day_name)
        at: time | None = self[time_name].data if self.applies(time_name) else None
        zone = self.answer(zone_name)
        if on is None or at is None or zone is None or self[zone_name].errors:
            return None
        try:
            return moment(on, at, zone)
        except NoSuchTime as skipped:
            self.fail(
                time_name,
                gettext(
                    "The clocks go forward that night and skip %(skipped)s: "
                    "enter %(nearest)s or another time",
                    skipped=f"{at:%H:%M}",
                    nearest=f"{skipped.nearest:%H:%M}",
                ),
            )
        except OverflowError:
            self.fail(day_name, _("Enter a date within the next two years"))
        return None


def _size(details: Answers) -> int:
    return len(json.dumps(details, ensure_ascii=False).encode())
