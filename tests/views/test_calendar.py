"""A traveller puts what was asked for into a calendar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Event

from tests.support.travellers import Traveller, answers, days_ahead

LINK = re.compile(r'href="([^"]+calendar\.ics[^"]*)"')


def confirmation(traveller: Traveller, purpose: str, **overrides: str) -> tuple[str, str]:
    """Book; returns the confirmation's address and what it shows."""
    traveller.opens(purpose)
    sent = traveller.sends(purpose, answers(purpose, **overrides))
    return sent.headers["Location"], traveller.client.get(sent.headers["Location"]).text


def entry(client: FlaskClient, page: str) -> Event:
    link = LINK.search(page)
    assert link, "The confirmation offers no calendar entry"
    response = client.get(unescape(link[1]))
    assert response.status_code == 200
    assert response.mimetype == "text/calendar"
    assert re.fullmatch(
        r"attachment; filename=roamio-\w{4}-\w{4}\.ics", response.headers["Content-Disposition"]
    )
    return Calendar.from_ical(response.data).events[0]


@pytest.mark.parametrize("channel", ["book", "embed"])
def test_a_ride_is_an_hour_by_the_clock_of_its_place(client: FlaskClient, channel: str) -> None:
    _, page = confirmation(Traveller(client, channel=channel), "cab", time_zone="Asia/Dubai")
    found = entry(client, page)
    begins = datetime.fromisoformat(f"{days_ahead(7)}T09:30:00+04:00")
    assert found.start == begins.astimezone(UTC)
    assert found.end == begins + timedelta(hours=1)
    assert found["status"] == "TENTATIVE"


def test_a_ride_by_the_hour_is_as_long_as_it_was_asked_for(client: FlaskClient) -> None:
    _, page = confirmation(Traveller(client), "cab", trip="hourly", hours="8")
    assert entry(client, page).duration == timedelta(hours=8)


@pytest.mark.parametrize(
    ("purpose", "first", "last"),
    [
        ("hotel", 3, 6),
        ("tourism", 30, 40),
        ("hybrid", 5, 9),
        ("logistics", 2, 2),
        ("service", 1, 1),
    ],
)
def test_days_are_whole_days(client: FlaskClient, purpose: str, first: int, last: int) -> None:
    _, page = confirmation(Traveller(client), purpose)
    found = entry(client, page)
    assert found.start == date.fromisoformat(days_ahead(first))
    assert found.end == date.fromisoformat(days_ahead(last + 1))


@pytest.mark.parametrize(
    ("purpose", "answered"),
    [
        ("medical", {}),  # a calendar that others see should not say so
        ("nri", {}),
        ("service", {"wanted_on": ""}),
        ("tourism", {"dates": "flexible", "travel_month": days_ahead(60)[:7], "length": "9"}),
    ],
)
def test_what_has_no_day_is_not_offered_for_a_calendar(
    client: FlaskClient, purpose: str, answered: dict[str, str]
) -> None:
    address, page = confirmation(Traveller(client), purpose, **answered)
    assert not LINK.search(page)
    path, _, query = address.partition("?")
    assert client.get(f"{path}/calendar.ics?{query}").status_code == 404


def test_nobody_gets_an_entry_without_the_receipt(client: FlaskClient) -> None:
    address, _ = confirmation(Traveller(client), "cab")
    path = address.partition("?")[0]
    assert client.get(f"{path}/calendar.ics").status_code == 404
    assert client.get(f"{path}/calendar.ics?receipt=made.up").status_code == 404


def test_neither_an_address_nor_the_entry_says_who_or_where(client: FlaskClient) -> None:
    traveller = Traveller(client)
    sent = answers("cab")
    traveller.opens("cab")
    address = traveller.sends("cab", sent).headers["Location"]
    page = client.get(address).text
    found = entry(client, page).to_ical().decode()
    link = LINK.search(page)
    assert link
    personal = [sent[name] for name in ("name", "email", "phone", "pickup_place", "dropoff_place")]
    assert not [each for each in personal if each in f"{address} {link[1]} {found} {page}"]
