"""What an answer must be, and the sentence that says so."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation

from roamio_web.formatters import counted
from roamio_web.languages import gettext

MOST_PLACES = 12
LONGEST_PLACE = 100


def is_empty(answer: Any) -> bool:
    """Whether a question was left unanswered; nought is an answer."""
    return answer is None or answer is False or answer in ("", [])


class Required:
    """The question must be answered; ``sentence`` says how."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it from the class

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Field) -> None:
        """:raise StopValidation: there is no answer, or one that could not be read."""
        if field.process_errors:
            raise StopValidation
        if is_empty(field.data):
            raise StopValidation(self.sentence)


class Settled:
    """The question always has an answer, so it is neither required nor called optional."""

    field_flags = {"settled": True}  # noqa: RUF012 - WTForms reads it from the class

    def __call__(self, form: Any, field: Field) -> None:
        """Nothing to refuse."""


class Longest:
    """At most so many characters; the flag ``limit`` lets a counter say how many are left."""

    def __init__(self, characters: int) -> None:
        self.characters = characters
        self.field_flags = {"limit": characters}

    def __call__(self, form: Any, field: Field) -> None:
        """:raise StopValidation: the text is longer."""
        length = len(field.data or "")
        if length > self.characters:
            raise StopValidation(
                gettext(
                    "%(question)s: shorten this to %(most)s characters; it has %(length)s",
                    question=field.label.text,
                    most=counted(self.characters),
                    length=counted(length),
                )
            )


class Places:
    """At most twelve places of at most a hundred characters each; private.check_answers holds the same."""

    def __call__(self, form: Any, field: Field) -> None:
        """:raise StopValidation: there are more of them, or one is longer."""
        if len(field.data) > MOST_PLACES:
            raise StopValidation(
                gettext(
                    "Enter at most %(most)s places, and all others in the notes", most=counted(MOST_PLACES)
                )
            )
        if any(len(place) > LONGEST_PLACE for place in field.data):
            raise StopValidation(
                gettext(
                    "Enter each place on a line of its own, in at most %(most)s characters",
                    most=counted(LONGEST_PLACE),
                )
            )


class Between:
    """A whole number from ``low`` to ``high``; ``what`` is counted."""

    def __init__(self, low: int, high: int, what: str) -> None:
        self.low, self.high, self.what = low, high, what

    def __call__(self, form: Any, field: Field) -> None:
        """:raise StopValidation: the number is smaller or larger."""
        if field.data is not None and not self.low <= field.data <= self.high:
            raise StopValidation(number_sentence(self.low, self.high, self.what))


class AtLeast:
    """So many boxes ticked, or more."""

    def __init__(self, count: int, sentence: str) -> None:
        self.count, self.sentence = count, sentence
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        """:raise StopValidation: fewer are ticked."""
        if len(field.data or ()) < self.count:
            raise StopValidation(self.sentence)


def number_sentence(low: int, high: int, what: str) -> str:
    """What is said to a number that is out of range, and to what is no number."""
    return gettext(
        "Enter %(what)s as a whole number from %(low)s to %(high)s",
        what=what,
        low=counted(low),
        high=counted(high),
    )
