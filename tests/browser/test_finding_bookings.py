"""Somebody looks for bookings: as they type, with filters, page by page, and in the lists of every day."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.support.factories import Database, make_booking, make_client
from tests.support.people import ADMIN, AGENT
from tests.support.person import Person

People = Callable[..., Person]
MORE_THAN_A_PAGE = 53


def row(page: Page, booking: str) -> Locator:
    return page.locator(f"#booking-{booking}")


def rows(page: Page) -> Locator:
    return page.locator("#booking-rows > .row")


def ids(page: Page) -> list[str]:
    return [str(each.get_attribute("id")) for each in rows(page).all()]


def test_admin_narrows_the_list_down_as_they_type_and_choose(somebody: People, database: Database) -> None:
    place = f"Gate {uuid4().hex[:10]}"
    asha = make_client(database, name=f"Asha {place}")
    cab = make_booking(database, client_id=asha, agent=AGENT, pickup_place="Elsewhere")
    hotel = make_booking(database, purpose="hotel", pickup_place=place)
    moved = make_booking(database, status="confirmed", pickup_place=place)
    page = somebody(ADMIN).watches("/staff/bookings")
    page.evaluate("window.neverLeft = true")

    # Each letter counts, the list follows, and the address says what it shows.
    page.get_by_label("Search", exact=True).press_sequentially(place)
    expect(rows(page)).to_have_count(3)
    expect(page).to_have_url(re.compile(r"[?&]search=Gate"))
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    page.get_by_label("Purpose").select_option("cab")
    expect(row(page, hotel)).to_have_count(0)
    page.get_by_label("Status").select_option("pending")
    expect(rows(page)).to_have_count(1)
    page.get_by_label("Agent", exact=True).select_option("nobody")
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    page.get_by_label("Agent", exact=True).select_option(label="Priya Nair")
    expect(row(page, cab)).to_be_visible()

    # What comes to fit flows in, what fits no more leaves, and a reload of the address shows the same.
    database.execute("update bookings set status = 'confirmed' where id = %s", [cab])
    expect(row(page, cab)).to_have_count(0)
    database.execute(
        "update bookings set status = 'pending', assigned_agent = (select id from profiles where email = %s)"
        " where id = %s",
        [AGENT, moved],
    )
    expect(row(page, moved)).to_be_visible()
    assert page.evaluate("window.neverLeft")
    page.reload()
    expect(page.get_by_label("Search", exact=True)).to_have_value(place)
    assert ids(page) == [f"booking-{moved}"]


def test_agent_pages_through_a_list_that_grows_and_looks_at_their_views(
    somebody: People, database: Database
) -> None:
    place = f"Hall {uuid4().hex[:10]}"
    made = [
        make_booking(database, agent=AGENT, pickup_place=place, dropoff_place=str(number))
        for number in range(MORE_THAN_A_PAGE)
    ]
    agent = somebody(AGENT)
    page = agent.watches(f"/staff/bookings?search={place}")
    first = ids(page)
    assert len(first) == 50
    # Somebody books meanwhile, and the next page begins where this one ends.
    newest = make_booking(database, agent=AGENT, pickup_place=place)
    expect(row(page, newest)).to_be_visible()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="First page")).to_be_visible()
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    shown = {each.removeprefix("booking-") for each in (*first, *ids(page))}
    assert shown == set(made)
    page.get_by_role("link", name="First page").click()
    expect(row(page, newest)).to_be_visible()

    views = page.get_by_role("navigation", name="Lists of bookings")
    expect(views.get_by_role("link")).to_have_text(
        ["All", "New", "Starting today", "Within a week", "Suspected spam"]
    )
    views.get_by_role("link", name="Within a week").click()
    expect(views.locator("[aria-current=page]")).to_have_text("Within a week")
    expect(page.get_by_label("Order")).to_have_value("soonest")
    expect(page.locator("#starts")).to_have_value("week")
    expect(rows(page).first).to_be_visible()
