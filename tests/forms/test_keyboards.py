"""Each question brings up the keyboard that answers it, and what the browser knows already."""

from __future__ import annotations

import re

import pytest
from wtforms import Field

from roamio_web.forms.catalogue import FORMS
from roamio_web.models.booking import Purpose

Keyboard = tuple[str, str, str]
"""Type, ``inputmode`` and ``autocomplete`` of the control."""
ATTRIBUTE = re.compile(r'\b(type|inputmode|autocomplete)="([^"]*)"')
LETTERS: Keyboard = ("text", "", "")
UNREMEMBERED: Keyboard = ("text", "", "off")
DIGITS: Keyboard = ("text", "numeric", "off")
DAY, MONTH, TIME = ("date", "", ""), ("month", "", ""), ("time", "", "")
LINES, MENU, BOXES, DOTS = ("textarea", "", ""), ("select", "", ""), ("checkbox", "", ""), ("radio", "", "")
KEYBOARDS: dict[str, Keyboard] = {
    "name": ("text", "", "name"),
    "email": ("email", "email", "email"),
    "phone": ("tel", "tel", "tel"),
    "country": ("select", "", "country"),
    **dict.fromkeys(
        ("pickup_place", "dropoff_place", "flight_number", "place", "child_ages", "city"), LETTERS
    ),
    **dict.fromkeys(("language", "goods", "size"), LETTERS),
    **dict.fromkeys(("patient_name", "patient_relation", "hospital"), UNREMEMBERED),
    **dict.fromkeys(
        ("hours", "passengers", "luggage", "rooms", "adults", "children", "budget", "length"), DIGITS
    ),
    **dict.fromkeys(("companions", "patient_age", "pieces", "weight", "value"), DIGITS),
    **dict.fromkeys(("pickup_date", "return_date", "check_in", "check_out", "starts_on", "ends_on"), DAY),
    **dict.fromkeys(("earliest", "wanted_on"), DAY),
    "travel_month": MONTH,
    **dict.fromkeys(("pickup_time", "return_time"), TIME),
    **dict.fromkeys(("notes", "accessibility", "need", "destinations"), LINES),
    **dict.fromkeys(("time_zone", "vehicle", "currency", "stars", "meals", "style", "speciality"), MENU),
    **dict.fromkeys(("child_seat", "insurance", "consent", "interests", "arrange", "help", "parts"), BOXES),
    "call_times": BOXES,
    **dict.fromkeys(("trip", "reach_by", "dates", "patient", "matter"), DOTS),
}


def keyboard(drawn: str) -> Keyboard:
    """What a drawn control brings up; of a group, its first one."""
    tag = re.search(r"<(input|select|textarea)\b[^>]*>", drawn)
    assert tag, drawn
    said = dict(reversed(ATTRIBUTE.findall(tag[0])))
    usual = "text" if tag[1] == "input" else tag[1]
    return said.get("type", usual), said.get("inputmode", ""), said.get("autocomplete", "")


def as_drawn(field: Field) -> str:
    """The control as the page has it: of a group each option by itself."""
    return str(next(iter(field))()) if getattr(field, "drawn_as", "") == "choices" else str(field())


@pytest.mark.parametrize("purpose", FORMS)
def test_every_question_brings_up_its_keyboard(purpose: Purpose) -> None:
    shown = {field.name: keyboard(as_drawn(field)) for field in FORMS[purpose]()}
    wanted = {name: KEYBOARDS.get(name) for name in shown}
    assert shown == wanted
