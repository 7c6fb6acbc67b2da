"""Who asks, and how they are reached: the same questions in every form."""

from __future__ import annotations

from typing import Any

import pycountry
import pytest
from werkzeug.datastructures import MultiDict

from roamio_web.forms.catalogue import FORMS
from roamio_web.forms.contact import countries_in
from roamio_web.forms.moments import ZONES, moment
from roamio_web.forms.money import currencies_in
from roamio_web.forms.service import ServiceForm
from roamio_web.languages import LANGUAGES, Language
from roamio_web.models.booking import Purpose
from tests.support.travellers import contact

PHONE = "Enter a phone number we can ring, with its country code, like +91 98100 12345"
EMAIL = "Enter an email address like name@example.com"


def filled(**overrides: Any) -> ServiceForm:
    sent = {
        name: value for name, value in (contact(need="A SIM card") | overrides).items() if value is not None
    }
    return ServiceForm(MultiDict(sent))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": ""}, "name", "Enter your full name"),
        ({"name": "\u200b \x07"}, "name", "Enter your full name"),
        ({"name": "x" * 201}, "name", "Full name: shorten this to 200 characters; it has 201"),
        ({"email": ""}, "email", "Enter your email address"),
        ({"email": "meera"}, "email", EMAIL),
        ({"email": "meera@example"}, "email", EMAIL),
        ({"email": "meera@@example.com"}, "email", EMAIL),
        ({"email": "meera @example.com"}, "email", EMAIL),
        ({"email": f"{'m' * 250}@example.com"}, "email", EMAIL),
        ({"country": "XX"}, "country", "Choose your country from the list"),
        ({"phone": ""}, "phone", "Enter your phone number"),
        ({"phone": "call me"}, "phone", PHONE),
        ({"phone": "12"}, "phone", PHONE),
        ({"phone": "+91 12"}, "phone", PHONE),
        ({"phone": "+999 98100 12345"}, "phone", PHONE),
        ({"phone": "98100 12345 6789 1234"}, "phone", PHONE),
        ({"phone": "98100 12345", "country": "US"}, "phone", PHONE),
        ({"reach_by": "pigeon"}, "reach_by", "Choose WhatsApp, phone call or email"),
    ],
)
def test_traveller_reads_how_to_be_reached(typed: dict[str, Any], field: str, sentence: str) -> None:
    form = filled(**typed)
    assert not form.validate()
    assert form.errors == {field: [sentence]}


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("98100 12345", "IN", "+919810012345"),
        ("098100-12345", "IN", "+919810012345"),
        ("+91 98100 12345", "US", "+919810012345"),
        ("0091 98100 12345", "IN", "+919810012345"),
        ("(0) 98100 12345", "IN", "+919810012345"),
        ("tel:+91-98100-12345", "IN", "+919810012345"),
        ("９８１００ １２３４５", "IN", "+919810012345"),
        ("(212) 555-2368", "US", "+12125552368"),
        ("011 91 98100 12345", "US", "+919810012345"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", "IN", "+442079460958"),
        ("050 123 4567", "AE", "+971501234567"),
    ],
)
def test_traveller_may_spell_a_phone_number_as_usual(typed: str, country: str, kept: str) -> None:
    form = filled(phone=typed, country=country)
    assert form.validate(), form.errors
    assert form.details()["contact"]["phone"] == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Meera@EXAMPLE.com", "Meera@example.com"),
        (" meera@example.com ", "meera@example.com"),
        ("meera+roamio@example.co.in", "meera+roamio@example.co.in"),
        ("मीरा@example.com", "मीरा@example.com"),
    ],
)
def test_traveller_may_spell_an_address_as_usual(typed: str, kept: str) -> None:
    form = filled(email=typed)
    assert form.validate(), form.errors
    assert form.details()["contact"]["email"] == kept


@pytest.mark.parametrize(
    "name", ["Søren O’Brien-Łuk", "محمد بن سلمان", "李小龍", "க. சுப்பிரமணியம்", "X Æ A-12 🚀"]
)
def test_traveller_has_a_name_in_any_script(name: str) -> None:
    form = filled(name=f"  {name} ")
    assert form.validate(), form.errors
    assert form.details()["contact"]["name"] == name


def test_a_name_that_is_written_in_pieces_is_kept_whole() -> None:
    """A letter and its accent are stored as one letter, so that one person stays one client."""
    assert filled(name="Zoe\u0308").name.data == "Zo\u00eb"


def test_notes_that_are_too_large_for_the_database_are_refused_here() -> None:
    form = filled(notes="🛕" * 9_000, need="🛕" * 9_000)
    assert not form.validate()
    assert form.errors == {"notes": ["Shorten your notes: this is more than we can keep with one booking"]}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_country_can_be_chosen_and_india_comes_first(language: Language) -> None:
    countries = countries_in(language)
    assert countries[0][0] == "IN"
    assert sorted(code for code, _ in countries) == sorted(each.alpha_2 for each in pycountry.countries)
    assert len({name for _, name in countries}) == len(countries)
    assert not [name for code, name in countries if name == code]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_currency_exists_and_has_a_name(language: Language) -> None:
    currencies = currencies_in(language)
    assert {code for code, _ in currencies} <= {currency.alpha_3 for currency in pycountry.currencies}
    assert not [name for code, name in currencies if name == f"{code} ({code})"]


@pytest.mark.parametrize("zone", [name for name, _ in ZONES])
def test_every_clock_that_can_be_chosen_ticks(zone: str) -> None:
    form = filled(wanted_on="2027-07-01")
    assert form.validate(), form.errors
    assert moment(form.wanted_on.data, form.now.time(), zone).utcoffset() is not None


def test_every_purpose_has_a_form() -> None:
    assert set(FORMS) == set(Purpose)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.__name__)
def test_a_form_shows_each_of_its_questions_once(form: type[ServiceForm]) -> None:
    shown = [name for group in form.groups for name in group.names]
    assert len(shown) == len(set(shown))
    assert set(shown) == set(form()._fields)
