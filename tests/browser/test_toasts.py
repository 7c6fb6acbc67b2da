"""Somebody who has a page open is told of what is given to them, once, wherever they are."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect
from supabase import Client

from tests.support.eventually import eventually
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT
from tests.support.person import Person

People = Callable[..., Person]
AsStaff = Callable[[str], Client]

# What a browser says of a tab that nobody sees.
VISIBLE = """visible => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => !visible });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
HEAR = """
window.heard = 0;
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (...when) {
  window.heard += 1;
  return start.apply(this, when);
};"""
TOLD = "Object.keys(localStorage).some(key => key.startsWith('roamio-told'))"
KEEP_NOTIFICATIONS = """
window.notified = [];
window.Notification = class extends Notification {
  constructor(title, options) {
    super(title, options);
    window.notified.push(`${title}: ${options.body}`);
  }
};"""


def give(as_staff: AsStaff, database: Database, place: str) -> None:
    """An admin hands a booking from this place to the agent."""
    booking = make_booking(database, pickup_place=place, dropoff_place="The hotel")
    agent = database.execute("select id::text from profiles where email = %s", [AGENT]).fetchone()
    assert agent is not None
    as_staff(ADMIN).table("bookings").update({"assigned_agent": agent["id"]}).eq("id", booking).execute()


def becomes(page: Page, condition: str) -> None:
    """Wait until this is true; asked from outside, since the page itself may not evaluate words."""
    eventually(lambda: page.evaluate(condition), what=condition)


def toast(page: Page, place: str) -> Locator:
    return page.locator(".toast").filter(has_text=place)


def test_agent_is_told_once_on_whichever_page_is_open(
    somebody: People, as_staff: AsStaff, database: Database
) -> None:
    first, second, third = (f"Gate {uuid4().hex[:8]}" for _ in range(3))
    agent = somebody(AGENT)
    page = agent.page
    page.context.grant_permissions(["notifications"])
    page.add_init_script(KEEP_NOTIFICATIONS)
    page.add_init_script(HEAR)
    agent.goes_to("/staff/bookings")
    expect(page.locator("#live-state")).to_have_text("Live")
    becomes(page, TOLD)

    give(as_staff, database, first)
    expect(toast(page, first)).to_be_visible()
    expect(toast(page, first)).to_contain_text("A booking for you, from")
    toast(page, first).get_by_role("button", name="Dismiss").click()
    expect(toast(page, first)).to_have_count(0)

    # A hidden tab lets go of its stream; back again, it tells what was given meanwhile, and nothing twice.
    page.evaluate(VISIBLE, False)
    give(as_staff, database, second)
    page.evaluate(VISIBLE, True)
    expect(toast(page, second)).to_be_visible()
    expect(toast(page, first)).to_have_count(0)
    assert page.evaluate("[window.notified, window.heard]") == [[], 0]

    # Whoever asks for it is notified by the browser, while they look at something else.
    page.keyboard.press("?")
    page.get_by_label("Notify me on this device").check()
    becomes(page, "window.heard === 2")  # how it will sound
    page.keyboard.press("Escape")
    page.evaluate("document.hasFocus = () => false")
    give(as_staff, database, third)
    expect(toast(page, third)).to_be_visible()
    becomes(page, "window.notified.length > 0")
    (notified,) = page.evaluate("window.notified")
    assert third in notified
    becomes(page, "window.heard === 4")

    # The choice is kept, and what was told is not told again.
    with page.expect_response("**/staff/notices"):
        agent.goes_to("/staff/tasks")
    expect(page.locator("#live-state")).to_have_text("Live")
    expect(page.locator(".toast")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_label("Notify me on this device")).to_be_checked()
    page.keyboard.press("Escape")
