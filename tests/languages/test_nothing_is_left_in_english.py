"""Each page in each state, in a language that marks what it says: nothing English stands outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.languages import LANGUAGES
from tests.support.marked import begins_marked, speak_in_marks, unmarked
from tests.support.travellers import (
    HTMX,
    PURPOSES,
    Traveller,
    answers,
    brought_along,
    contact,
    notice,
    sentences,
)

DATA = ("Roamio", "hello@roamio.example", "UTC", *(language.name for language in LANGUAGES))
"""What is called the same in every language."""
CODE = re.compile(r"\([A-Z]{3}\)|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
"""Of a currency, and of a booking."""
GARBAGE = ("", "?", "0", "٩٩٩٩٩٩٩٩٩", "2000-01-01", "2099-01", "अ" * 201)
TOO_LONG = "अ" * 10_001
TYPED = {
    "name": "मीरा अय्यर",
    "email": "m@example.com",
    "pickup_place": "दिल्ली",
    "dropoff_place": "आगरा",
    "place": "जयपुर",
    "hospital": "अपोलो",
    "destinations": "केरल",
    "patient_name": "कमला",
    "patient_relation": "माँ",
    "need": "घुटना",
    "language": "हिन्दी",
    "city": "पुणे",
    "goods": "किताबें",
    "notes": "धन्यवाद",
    "size": "६०",
    "accessibility": "रैंप",
}
"""What a traveller types, in letters that no English sentence has."""


@pytest.fixture(scope="module")
def marked(settings: Settings) -> Iterator[Flask]:
    """A site of its own, whose Hindi is said in marks."""
    app = create_app(settings)
    speak_in_marks(app, "hi")
    yield app
    app.extensions["roamio.hub"].close()
    app.extensions["roamio.backend"].close()


@pytest.fixture
def reader(marked: Flask) -> FlaskClient:
    return marked.test_client()


def read(response: TestResponse) -> None:
    """Read the page to its end."""
    text = CODE.sub("", response.text)
    found = list(unmarked(text, (*DATA, *TYPED.values())))
    assert not found, f"Mark it for translation with _(…): {found}"


def typed(purpose: str) -> dict[str, Any]:
    """A complete form of this purpose, as somebody fills it in who writes no Latin letters."""
    complete = answers(purpose)
    return complete | {name: text for name, text in TYPED.items() if name in complete or name == "notes"}


@pytest.mark.parametrize("page", ["/hi/", "/hi/privacy", "/hi/embed", "/hi/nowhere"])
def test_a_page_is_read_to_its_end(reader: FlaskClient, page: str) -> None:
    read(reader.get(page))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_builder_speaks_of_every_form(reader: FlaskClient, purpose: str) -> None:
    read(reader.get("/hi/embed", query_string={"purpose": purpose, "theme": "dark"}))


@pytest.mark.parametrize("channel", ["hi/book", "hi/embed"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_form_is_read_in_each_of_its_states(reader: FlaskClient, channel: str, purpose: str) -> None:
    traveller = Traveller(reader, channel=channel)
    read(traveller.opens(purpose))
    read(traveller.checks(purpose, {}))
    checked = traveller.checks(purpose, typed(purpose))
    assert 'data-step="check"' in checked.text
    read(checked)
    sent = traveller.sends(purpose, brought_along(checked))
    read(reader.get(sent.headers["Location"]))
    again = traveller.sends(purpose, brought_along(checked))
    read(reader.get(again.headers["Location"]))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_refusal_is_a_sentence_of_the_catalogue(reader: FlaskClient, purpose: str) -> None:
    traveller = Traveller(reader, channel="hi/book")
    traveller.opens(purpose)
    questions = answers(purpose)
    for typed_in in (*(dict.fromkeys(questions, each) for each in GARBAGE), {"notes": TOO_LONG}):
        page = traveller.checks(purpose, typed_in)
        assert page.status_code == 422
        assert [sentence for sentence in sentences(page) if not begins_marked(sentence)] == []
        read(page)


def test_a_form_that_can_t_be_taken_says_why(
    marked: Flask, app_with: Callable[..., Flask], reader: FlaskClient
) -> None:
    forged = Traveller(reader, channel="hi/book").checks("cab", {"ticket": "x"} | typed("cab"))
    assert begins_marked(notice(forged))
    read(forged)
    for changes in ({"booking_rate": "0 per hour"}, {"supabase_url": "http://127.0.0.1:9"}):
        troubled = app_with(**changes)
        speak_in_marks(troubled, "hi")
        traveller = Traveller(troubled.test_client(), channel="hi/book")
        traveller.opens("cab")
        refused = traveller.sends("cab", typed("cab") | contact(name=TYPED["name"], email=TYPED["email"]))
        assert begins_marked(notice(refused))
        read(refused)


def test_an_error_is_explained(app_with: Callable[..., Flask], reader: FlaskClient) -> None:
    read(reader.get("/hi/embed/boat"))
    read(reader.get("/hi/book/boat", headers=HTMX))
    read(reader.put("/hi/book/cab"))
    closed = app_with(maintenance="१८ बजे")
    broken = app_with()
    for app in (closed, broken):
        speak_in_marks(app, "hi")

    @broken.get("/hi/broken")
    def fail() -> str:
        raise ValueError

    read(closed.test_client().get("/hi/"))
    failed = broken.test_client().get("/hi/broken", headers={"X-Request-ID": "1234-5678"})
    assert failed.status_code == 500
    read(failed)


def test_a_calendar_s_entry_is_in_the_language_of_its_booking(reader: FlaskClient) -> None:
    traveller = Traveller(reader, channel="hi/book")
    traveller.opens("cab")
    page = reader.get(traveller.sends("cab", typed("cab")).headers["Location"])
    address = re.search(r'href="([^"]+calendar\.ics[^"]*)"', page.text)
    assert address
    assert address[1].startswith("/hi/")
    entry = reader.get(address[1].replace("&amp;", "&")).text.replace("\r\n ", "")
    assert "SUMMARY:⟦Roamio: ⟦Cab⟧" in entry
    assert "DESCRIPTION:⟦Asked for" in entry
