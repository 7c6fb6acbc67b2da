"""What travellers type, and a traveller at a browser: without JavaScript, or with htmx."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from roamio_web.forms.catalogue import FORMS
from roamio_web.forms.contact import ContactForm
from roamio_web.models.booking import Purpose

TICKET = re.compile(r'name="ticket" value="([^"]+)"')
SUMMARY = re.compile(r'id="error-summary".*?</ul>', re.DOTALL)
LINK = re.compile(r"<a href=\"#[^\"]*\">(.*?)</a>")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
NOTICE = re.compile(r'id="form-notice".*?<p>(.*?)</p>', re.DOTALL)
REFERENCE = re.compile(r'aria-hidden="true">([0-9A-Z]{4}-[0-9A-Z]{4})<')
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
BROWSER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
    "Accept-Language": "en-IN,en;q=0.9",
    "Sec-Fetch-Site": "same-origin",
}
"""What a person's browser says of itself."""


def months_ahead(count: int) -> str:
    """A month that is so many months from now, as a month picker sends it."""
    now = datetime.now(UTC)
    years, month = divmod(now.month - 1 + count, 12)
    return f"{now.year + years}-{month + 1:02}"


def days_ahead(count: int) -> str:
    """A day that is so many days from now, as a date picker sends it."""
    return (datetime.now(UTC) + timedelta(days=count)).date().isoformat()


def contact(**overrides: Any) -> dict[str, Any]:
    """A traveller whom nobody else in the tests is."""
    nobody_else = uuid4().hex[:10]
    return {
        "name": f"Meera Iyer {nobody_else}",
        "email": f"meera.{nobody_else}@example.com",
        "country": "IN",
        "phone": f"098{int(nobody_else, 16) % 10**8:08d}",
        "reach_by": "whatsapp",
    } | overrides


def answers(purpose: str, **overrides: Any) -> dict[str, Any]:
    """A complete form of this purpose; an override of None leaves that question out."""
    both = contact() | PURPOSES[purpose]() | overrides
    return {name: value for name, value in both.items() if value is not None}


def filled(purpose: str, **overrides: Any) -> ContactForm:
    """The form of this purpose as it arrives, not looked at yet."""
    return FORMS[Purpose(purpose)](MultiDict(answers(purpose, **overrides)))


def told(form: ContactForm) -> dict[str, str]:
    """What a form says, question by question."""
    form.validate()
    return {name: errors[0] for name, errors in form.errors.items() if name}


def cab() -> dict[str, Any]:
    return {
        "trip": "one_way",
        "pickup_place": "BLR Airport, terminal 2",
        "dropoff_place": "The Leela Palace",
        "pickup_date": days_ahead(7),
        "pickup_time": "09:30",
        "time_zone": "Asia/Kolkata",
        "passengers": "2",
        "luggage": "0",
        "vehicle": "suv",
    }


def hotel() -> dict[str, Any]:
    return {
        "place": "Jaipur",
        "check_in": days_ahead(3),
        "check_out": days_ahead(6),
        "rooms": "1",
        "adults": "2",
        "children": "2",
        "child_ages": "4, 11",
        "budget": "5,000",
        "currency": "INR",
        "stars": "4",
        "meals": "breakfast",
    }


def medical() -> dict[str, Any]:
    return {
        "patient": "another",
        "patient_name": "Kamala Iyer",
        "patient_age": "71",
        "patient_relation": "mother",
        "speciality": "cardiology",
        "need": "A bypass was advised",
        "hospital": "Apollo, Dr. Rao",
        "city": "Chennai",
        "dates": "exact",
        "earliest": days_ahead(20),
        "companions": "1",
        "help": ["visa_letter", "interpreter"],
        "language": "Arabic",
        "consent": "y",
    }


def tourism() -> dict[str, Any]:
    return {
        "destinations": "Kochi\nMunnar",
        "dates": "exact",
        "starts_on": days_ahead(30),
        "ends_on": days_ahead(40),
        "adults": "2",
        "children": "0",
        "style": "easy",
        "interests": ["food", "nature"],
        "arrange": ["stay", "car"],
    }


def nri() -> dict[str, Any]:
    return {
        "matter": "property",
        "city": "Pune",
        "need": "Find a tenant",
        "call_times": ["morning"],
        "time_zone": "America/New_York",
    }


def hybrid() -> dict[str, Any]:
    return {
        "parts": ["cab", "hotel", "tourism", "medical"],
        "destinations": "Chennai",
        "starts_on": days_ahead(5),
        "ends_on": days_ahead(9),
        "adults": "1",
        "children": "1",
        "child_ages": "9",
        "pickup_place": "Chennai airport",
        "dropoff_place": "Mylapore",
        "pickup_time": "14:30",
        "vehicle": "sedan",
        "rooms": "1",
        "stars": "4",
        "meals": "breakfast",
        "style": "easy",
        "interests": ["food"],
        "patient": "another",
        "patient_name": "Kamala Iyer",
        "patient_age": "71",
        "patient_relation": "mother",
        "speciality": "eye",
        "need": "A cataract operation",
        "consent": "y",
        "budget": "2,000",
        "currency": "EUR",
    }


def logistics() -> dict[str, Any]:
    return {
        "pickup_place": "Pune",
        "dropoff_place": "Dubai",
        "pickup_date": days_ahead(2),
        "goods": "Books",
        "pieces": "3",
        "weight": "40",
        "value": "20000",
        "currency": "INR",
        "insurance": "y",
    }


def service() -> dict[str, Any]:
    return {"need": "A SIM card", "place": "Delhi airport", "wanted_on": days_ahead(1)}


PURPOSES = {each.__name__: each for each in (cab, hotel, medical, tourism, nri, hybrid, logistics, service)}


class Traveller:
    """Opens a form, fills it in and sends it, with the ticket that it came with."""

    def __init__(self, client: FlaskClient, *, channel: str = "book", htmx: bool = False) -> None:
        self.client = client
        self.channel = channel
        self.headers = BROWSER | (HTMX if htmx else {})
        self.ticket = ""

    def opens(self, purpose: str, **query: str) -> TestResponse:
        """Ask for a form."""
        response = self.client.get(f"/{self.channel}/{purpose}", query_string=query)
        self._take_ticket(response)
        return response

    def checks(self, purpose: str, fields: dict[str, Any], **query: str) -> TestResponse:
        """Send the form off to be checked; a ticket among the fields takes the place of the form's own."""
        response = self.client.post(
            f"/{self.channel}/{purpose}",
            data={"ticket": self.ticket} | fields,
            query_string=query,
            headers=self.headers,
        )
        self._take_ticket(response)
        return response

    def sends(self, purpose: str, fields: dict[str, Any], **query: str) -> TestResponse:
        """Press the button that books, below the checked answers."""
        return self.checks(purpose, fields | {"send": "yes"}, **query)

    def changes(self, purpose: str, question: str, fields: dict[str, Any]) -> TestResponse:
        """Go back from the checked answers to one question."""
        return self.checks(purpose, fields | {"change": question})

    def books(self, purpose: str, **overrides: Any) -> str:
        """Open a form, fill it in, check it, send it and read the confirmation; returns the reference."""
        self.opens(purpose)
        checked = self.checks(purpose, answers(purpose, **overrides))
        return self.reads_confirmation(self.sends(purpose, brought_along(checked)))

    def reads_confirmation(self, response: TestResponse) -> str:
        """Follow an answer to the confirmation; returns the reference that it shows."""
        address = response.headers.get("HX-Redirect") or response.headers.get("Location")
        assert address, f"{response.status}: {sentences(response) or notice(response)}"
        page = self.client.get(address)
        assert page.status_code == 200, page.status
        shown = REFERENCE.search(page.text)
        assert shown, "The confirmation shows no reference"
        return shown[1].replace("-", "")

    def _take_ticket(self, response: TestResponse) -> None:
        self.ticket = taken_from(response) or self.ticket


def taken_from(response: TestResponse) -> str:
    """The ticket of the form in an answer; nothing if it has none."""
    found = TICKET.search(response.text)
    return found[1] if found else ""


def brought_along(checked: TestResponse) -> dict[str, list[str]]:
    """What the page of checked answers sends on, whatever its buttons add."""
    found: dict[str, list[str]] = {}
    for name, text in HIDDEN.findall(checked.text):
        found.setdefault(unescape(name), []).append(unescape(text))
    return found


def sentences(response: TestResponse) -> list[str]:
    """What the error summary says."""
    found = SUMMARY.search(response.text)
    return [unescape(each) for each in LINK.findall(found[0])] if found else []


def notice(response: TestResponse) -> str:
    """What the form says above its questions, if anything."""
    found = NOTICE.search(response.text)
    return unescape(found[1]) if found else ""
