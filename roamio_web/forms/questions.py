"""The kinds of question that forms ask: a field, its rules, and the keyboard it brings up on a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wtforms import BooleanField

from roamio_web.forms.fields import (
    ClockField,
    DayField,
    EmailField,
    LineField,
    MenuField,
    MonthField,
    NumberField,
    OneOfField,
    PlacesField,
    SomeOfField,
    TextField,
)
from roamio_web.forms.options import options
from roamio_web.forms.rules import Between, Longest, Places, Required, Settled, number_sentence
from roamio_web.languages import gettext, lazily
from roamio_web.languages import lazy as _

LONGEST_LINE = 200
LONGEST_EMAIL = 254
LONGEST_NOTE = 10_000
SHORT = "input input--short"
MEDIUM = "input input--medium"
WIDE = "input"
Choices = Sequence[tuple[str, str]]


def line(label: str, *rules: Any, hint: str = "", **attributes: Any) -> LineField:
    """One line of text."""
    return LineField(
        label,
        [*rules, Longest(LONGEST_LINE)],
        description=hint,
        render_kw=_drawn(WIDE, attributes),
    )


def mail_address(label: str, *rules: Any, sentence: str, hint: str = "", **attributes: Any) -> EmailField:
    """An e-mail address; ``sentence`` is what is said to something that is none."""
    look = {"type": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
    return EmailField(
        label,
        [*rules, Longest(LONGEST_EMAIL)],
        sentence=sentence,
        description=hint,
        render_kw=_drawn(WIDE, look | attributes),
    )


def note(label: str, *rules: Any, hint: str = "", **attributes: Any) -> TextField:
    """Several lines of text."""
    look = _drawn(WIDE, {"rows": 4, **attributes})
    return TextField(label, [*rules, Longest(LONGEST_NOTE)], description=hint, render_kw=look)


def places(label: str, *rules: Any) -> PlacesField:
    """One place or several."""
    hint = _("One a line, or just “Kerala”.")
    return PlacesField(label, [*rules, Places()], description=hint, render_kw=_drawn(WIDE, {"rows": 3}))


def day(label: str, *rules: Any, hint: str = "", name: str = "") -> DayField:
    """A day; ``name`` is what a sentence calls it."""
    sentence = lazily(like_a_day, name or _("the date"))
    return DayField(
        label, rules, sentence=sentence, description=hint, render_kw=_drawn(MEDIUM, {"type": "date"})
    )


def month(label: str, *rules: Any, hint: str = "", name: str = "") -> MonthField:
    """A month; ``name`` is what a sentence calls it. Without a hint of its own it shows how a month is
    spelled: several browsers know no month picker.
    """
    hint = hint or _("Like 3/2027 or March 2027.")
    sentence = lazily(like_a_month, name or _("the month"))
    return MonthField(
        label, rules, sentence=sentence, description=hint, render_kw=_drawn(MEDIUM, {"type": "month"})
    )


def clock(label: str, *rules: Any, hint: str = "", name: str = "") -> ClockField:
    """A time of day; ``name`` is what a sentence calls it."""
    sentence = lazily(like_a_time, name or _("the time"))
    return ClockField(
        label, rules, sentence=sentence, description=hint, render_kw=_drawn(MEDIUM, {"type": "time"})
    )


def number(
    label: str,
    low: int,
    high: int,
    what: str,
    *,
    hint: str = "",
    default: int | None = None,
    optional: bool = False,
) -> NumberField:
    """A whole number from ``low`` to ``high``; ``what`` is counted."""
    sentence = lazily(number_sentence, low, high, what)
    rules = [Between(low, high, what)] if optional else [Required(sentence), Between(low, high, what)]
    look = _drawn(SHORT if high < 100_000 else MEDIUM, {"inputmode": "numeric", "autocomplete": "off"})
    return NumberField(label, rules, sentence=sentence, description=hint, default=default, render_kw=look)


def one_of(
    label: str, choices: Choices, sentence: str, hint: str = "", default: str | None = None
) -> OneOfField:
    """One of a few, all in view."""
    rules = [Required(sentence)]
    return OneOfField(
        label, rules, sentence=sentence, choices=options(choices), default=default, description=hint
    )


def some_of(label: str, choices: Choices, *rules: Any, sentence: str = "", hint: str = "") -> SomeOfField:
    """Any of a few, all in view."""
    sentence = sentence or _("Choose from the list")
    return SomeOfField(label, rules, sentence=sentence, choices=options(choices), description=hint)


def menu(
    label: str,
    choices: Choices | Callable[[], list[Any]],
    sentence: str,
    *rules: Any,
    hint: str = "",
    default: str | Callable[[], str] = "",
    **attributes: Any,
) -> MenuField:
    """One of many, in a list that opens; ``choices`` and ``default`` may depend on the language."""
    look = _drawn(WIDE, attributes)
    return MenuField(
        label,
        rules,
        sentence=sentence,
        choices=choices if callable(choices) else options(choices),
        default=default,
        description=hint,
        render_kw=look,
    )


def tick(label: str, *rules: Any, hint: str = "") -> BooleanField:
    """A box to tick."""
    return BooleanField(label, list(rules) or [Settled()], description=hint)


def like_a_day(what: str) -> str:
    """What is said to something that is no day."""
    return gettext("Enter %(what)s like 27/3/2027", what=what)


def like_a_month(what: str) -> str:
    """What is said to something that is no month."""
    return gettext("Enter %(what)s like March 2027", what=what)


def like_a_time(what: str) -> str:
    """What is said to something that is no time of day."""
    return gettext("Enter %(what)s like 09:30 or 4:15 pm", what=what)


def _drawn(css: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"class": css, **attributes}
