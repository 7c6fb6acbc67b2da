"""One form that reaches the served site again and again is one booking, whatever made it come again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Error, expect

from tests.support.at_once import Start, together
from tests.support.cab import SEND, check, fill_in
from tests.support.eventually import eventually
from tests.support.factories import Database
from tests.support.lossy import LossyNetwork, losing
from tests.support.person import Person
from tests.support.site import Site
from tests.support.travellers import BROWSER, REFERENCE, TICKET, answers, contact

AT_ONCE = 50
# Enough for all that a browser tries by itself: it sends again what got no answer on a used connection.
LOST = 1000

People = Callable[..., Person]


@pytest.fixture
def network(site: Site) -> Iterator[LossyNetwork]:
    """What lies between the traveller and the site; loses nothing yet."""
    with losing(site.url, losses=0) as network:
        yield network


@pytest.fixture
def traveller(browser: Browser, site: Site, network: LossyNetwork) -> Iterator[Callable[[bool], Person]]:
    """Makes somebody who reaches the site through that network alone, with JavaScript or without."""
    there: list[Person] = []

    def make(javascript: bool) -> Person:
        there.append(Person(browser, replace(site, url=network.url), javascript=javascript))
        return there[0]

    yield make
    there[0].leave()


def bookings(database: Database, name: str) -> list[str]:
    """The references of what this person booked."""
    rows: list[dict[str, Any]] = database.execute(
        "select reference from bookings join clients on clients.id = client_id where name = %s", [name]
    ).fetchall()
    return [row["reference"] for row in rows]


def test_fifty_posts_of_one_form_at_once_are_one_booking_with_one_reference(
    site: Site, database: Database
) -> None:
    page = httpx.get(f"{site.url}/book/cab")
    ticket = TICKET.search(page.text)
    assert ticket
    sent = answers("cab") | {"ticket": ticket[1], "send": "yes"}

    def send(_: int, start: Start) -> str:
        with httpx.Client(base_url=site.url, headers=BROWSER, timeout=60, follow_redirects=True) as one:
            start()
            confirmation = one.post("/book/cab", data=sent)
        shown = REFERENCE.search(confirmation.text)
        assert shown, f"{confirmation.status_code}: {site.last_words()}"
        return shown[1].replace("-", "")

    shown = together(send, range(AT_ONCE))
    assert len(shown) == AT_ONCE
    assert bookings(database, sent["name"]) == list(set(shown))


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_traveller_whose_answer_was_lost_sends_again_and_has_one_booking(
    traveller: Callable[[bool], Person], network: LossyNetwork, database: Database, javascript: bool
) -> None:
    name = str(contact()["name"])
    page = traveller(javascript).page
    page.goto("/book/cab")
    fill_in(page, name=name)
    check(page)
    button = page.get_by_role("button", name=SEND)
    expect(button).to_be_visible()
    network.losses = LOST
    if javascript:
        button.click()
        expect(page.get_by_text("We could not be reached. Nothing was lost")).to_be_visible()
    else:
        with pytest.raises(Error, match="ERR_"), page.expect_navigation():
            button.click()
        expect(button).to_be_hidden()  # behind the browser's own words about it
    (reference,) = eventually(lambda: bookings(database, name), what="The booking whose answer was lost")

    network.losses = 0
    if javascript:
        button.click()
    else:
        page.reload()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    expect(page.get_by_text("We had this request already")).to_be_visible()
    assert page.locator(".received__reference [aria-hidden]").inner_text().replace("-", "") == reference
    assert bookings(database, name) == [reference]
