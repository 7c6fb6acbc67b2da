"""Somebody prints a booking for the driver: what was asked for and whom to reach, and nothing internal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect
from psycopg.types.json import Jsonb

from tests.support.factories import make_booking, make_client
from tests.support.people import ADMIN, AGENT
from tests.support.person import Person

People = Callable[..., Person]
INK = "getComputedStyle(document.querySelector('#booking-title')).color"
WHITE_ENOUGH = 100  # the most of red, green and blue that ink for paper has


def test_printed_booking_has_what_a_driver_needs(somebody: People, database: Any) -> None:
    client = make_client(database, name="Ingrid Bergström", phone="+46701234567")
    trip = {"parts": ["cab", "medical"], "pickup_place": "Gate 4"}
    booking = make_booking(database, purpose="hybrid", client_id=client, agent=AGENT, **trip)
    database.execute(
        "insert into private.booking_health (booking_id, details) values (%s, %s)",
        [booking, Jsonb({"need": "A bypass was advised"})],
    )
    make_booking(database, client_id=client, pickup_place="Another journey")
    admin = somebody(ADMIN)
    page = admin.page
    page.emulate_media(color_scheme="dark")
    admin.goes_to(f"/staff/bookings/{booking}")
    button = page.get_by_role("button", name="Print")
    expect(button).to_be_visible()
    page.locator("#health").get_by_role("button", name="Open").click()
    expect(page.locator("#health")).to_contain_text("A bypass was advised")
    page.emulate_media(media="print", color_scheme="dark")
    for words in ("Gate 4", "Ingrid Bergström", "+46 70 123 45 67"):
        expect(page.locator("#booking").get_by_text(words).first).to_be_visible()
    for internal in (
        "#main .staff-head",
        "nav",
        "#assignment",
        "#booking-tasks",
        "#booking-notes",
        ".client__others",
        ".timeline",
        "#steps",
        "#health",
        "#keys",
    ):
        expect(page.locator(internal).first).to_be_hidden()
    red, green, blue = (int(part) for part in page.evaluate(INK).strip("rgb()").split(","))
    assert max(red, green, blue) < WHITE_ENOUGH, "Dark mode's pale words are on white paper"
