"""Fields that take what people really type, and hold a clean Python value in ``data``.

A value that can't be read stays in the input as it was typed, with a sentence that says what to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput

from roamio_web.forms.moments import month_of
from roamio_web.forms.options import Menu
from roamio_web.languages import ENGLISH, Language, current_language

DATE_SPELLINGS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")
MONTH_SPELLINGS = ("%Y-%m", "%m/%Y", "%m-%Y", "%m.%Y", "%B %Y", "%b %Y", *DATE_SPELLINGS)
TIME_SPELLINGS = ("%H:%M", "%H:%M:%S", "%H.%M", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p")
LONGEST_NUMBER = 15
BETWEEN_PLACES = re.compile(r"[\n,،、，;؛]")
"""A new line, and what stands between the words of a list in several scripts."""
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Control characters and those that reorder the text around them; the joiners that scripts need are kept."""


def clean_text(text: str | None) -> str:
    """Text as typed, in any script, without what can't be seen."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return UNSEEN.sub("", unicodedata.normalize("NFC", lines)).strip()


def clean_line(text: str | None) -> str:
    """The same on one line, without needless space."""
    return " ".join(clean_text(text).split())


def e164(typed: str, country: str | None) -> str | None:
    """The number in E.164, read as that country's unless it carries a country code; None if impossible."""
    try:
        number = phonenumbers.parse(typed, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class LineField(StringField):
    """One line of text."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean_line(valuelist[0]) if valuelist else ""


class TextField(TextAreaField):
    """Several lines of text."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean_text(valuelist[0]) if valuelist else ""


class PlacesField(TextAreaField):
    """Places as a list of texts: one a line, or with commas between them."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        parts = BETWEEN_PLACES.split(clean_text(valuelist[0]) if valuelist else "")
        self.data = [place for part in parts if (place := clean_line(part))]

    def _value(self) -> str:
        return clean_text(self.raw_data[0]) if self.raw_data else "\n".join(self.data or ())


class _ReadField(StringField):
    """A line that is read as something else; ``sentence`` is said when it can't be."""

    data: Any

    def __init__(self, label: str, rules: Sequence[Any], *, sentence: str, **kwargs: Any) -> None:
        super().__init__(label, list(rules), **kwargs)
        self.sentence = sentence

    def process_formdata(self, valuelist: list[Any]) -> None:
        """:raise ValueError: it can't be read; WTForms shows the sentence."""
        typed = clean_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            self.data = self.read(typed)
        except ValueError:
            raise ValueError(self.sentence) from None

    def read(self, typed: str) -> Any:
        """The value of what was typed.

        :raise ValueError: it has none.
        """
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """How the input spells a value."""
        return str(value)

    def _value(self) -> str:
        if self.data is not None:
            return self.write(self.data)
        return clean_line(self.raw_data[0]) if self.raw_data else ""


class NumberField(_ReadField):
    """A whole number, in any script's digits, with or without commas."""

    def read(self, typed: str) -> int:
        if len(typed) > LONGEST_NUMBER:
            raise ValueError
        return int(typed.replace(",", "").replace("٬", "").replace(" ", ""))


class DayField(_ReadField):
    """A day: what a date picker sends, and what people type where there is none."""

    def read(self, typed: str) -> date:
        return _spelled(typed, DATE_SPELLINGS).date()

    def write(self, value: Any) -> str:
        return str(value.isoformat())


class MonthField(_ReadField):
    """A month as ``2027-03``: what a month picker sends, and what people type where there is none."""

    def read(self, typed: str) -> str:
        name, _, year = typed.partition(" ")
        month = _months(current_language()).get(name)
        return month_of(_spelled(f"{month}/{year}" if month else typed, MONTH_SPELLINGS).date())


class ClockField(_ReadField):
    """A time of day."""

    def read(self, typed: str) -> time:
        return _spelled(typed.upper(), TIME_SPELLINGS).time()

    def write(self, value: Any) -> str:
        return f"{value:%H:%M}"


class EmailField(_ReadField):
    """An e-mail address, in the spelling that mail servers use."""

    def read(self, typed: str) -> str:
        try:
            return validate_email(typed, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValueError from error


class _ChosenField:
    """A choice whose refusal is a sentence of its own."""

    data: Any
    choices: Any
    sentence: str

    def pre_validate(self, form: Any) -> None:
        """:raise StopValidation: a value is none of the choices."""
        values = {option.value for option in self.choices}
        chosen = self.data if isinstance(self.data, list) else [self.data] if self.data else []
        if not values.issuperset(chosen):
            raise StopValidation(self.sentence)


class OneOfField(_ChosenField, RadioField):
    """One of a few, all in view."""

    drawn_as = "choices"

    def __init__(self, label: str, rules: Sequence[Any], *, sentence: str, **kwargs: Any) -> None:
        super().__init__(label, list(rules), **kwargs)
        self.sentence = sentence


class SomeOfField(_ChosenField, SelectMultipleField):
    """Any of a few, all in view."""

    drawn_as = "choices"
    option_widget = CheckboxInput()

    def __init__(self, label: str, rules: Sequence[Any], *, sentence: str, **kwargs: Any) -> None:
        super().__init__(label, list(rules), **kwargs)
        self.sentence = sentence


class MenuField(_ChosenField, SelectField):
    """One of many, in a list that opens; ``drawn`` tells how the list stands in a page, if that is known."""

    widget = Menu()

    def __init__(self, label: str, rules: Sequence[Any], *, sentence: str, **kwargs: Any) -> None:
        super().__init__(label, list(rules), **kwargs)
        self.sentence = sentence
        self.drawn: Callable[[], str] | None = getattr(kwargs.get("choices"), "drawn", None)

    def _invoke_choices_callback(self, make: Callable[[], Any]) -> Any:
        """Ours take no argument; to find that out WTForms would look at it again for each form."""
        return make()


@cache
def _months(language: Language) -> dict[str, int]:
    """What the months are called in a language other than English, which ``strptime`` reads itself."""
    names = {} if language is ENGLISH else language.locale.months["format"]["wide"]
    return {unicodedata.normalize("NFC", name): number for number, name in names.items()}


def _western(typed: str) -> str:
    """The same with the digits that ``strptime`` reads: ``٢٧/٣`` and ``२७/३`` are ``27/3``."""
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in typed)


def _spelled(typed: str, spellings: Sequence[str]) -> datetime:
    typed = _western(typed)
    for spelling in spellings:
        try:
            return datetime.strptime(typed, spelling)  # noqa: DTZ007 - the zone is another question
        except ValueError:
            continue
    raise ValueError
