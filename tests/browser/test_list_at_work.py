"""Somebody works through the list of bookings: with keys, with several at once, and while it changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from supabase import Client

from tests.support import factories
from tests.support.people import ADMIN, AGENT
from tests.support.person import Person

SOON = 20_000  # milliseconds
STANDS_OUT = """document.querySelector(".bookings__table").getBoundingClientRect().right
  > document.querySelector(".bookings__table").parentElement.getBoundingClientRect().right + 1"""
IN_FOCUS = "document.activeElement.closest('.row')?.id"
FARTHEST = 150  # presses of the tab key
# Gives each control that the tab key can reach its number, from the first on.
NUMBER_CONTROLS = """() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const stops = [...document.querySelectorAll(CONTROLS)].filter(
    (control) => control.checkVisibility({ visibilityProperty: true }) && !control.disabled);
  stops.forEach((control, number) => (control.tabStop = number));
  window.lastStop = stops.length - 1;
  document.activeElement.blur();
  getSelection().setPosition(document.body, 0);
}"""

People = Callable[..., Person]
Visitor = Callable[[], Client]


@pytest.fixture
def admin(somebody: People) -> Person:
    """An admin at the list, which is live."""
    admin = somebody(ADMIN)
    admin.goes_to("/staff/bookings")
    expect(admin.page.locator("#live-state")).to_have_text("Live", timeout=SOON)
    return admin


def row(page: Page, booking: str) -> Locator:
    return page.locator(f"#booking-{booking}")


def box(page: Page, booking: str) -> Locator:
    return row(page, booking).get_by_role("checkbox")


def rows(page: Page) -> list[str]:
    return [row.get_attribute("id") or "" for row in page.locator("#booking-rows > .row:not([hidden])").all()]


def test_keys_move_through_the_rows_open_one_and_go_elsewhere(admin: Person) -> None:
    page = admin.page
    first, second, *_ = rows(page)
    for key, row_in_focus in (("j", first), ("j", second), ("k", first), ("k", first)):
        page.keyboard.press(key)
        assert page.evaluate(IN_FOCUS) == row_in_focus
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/bookings/{first.removeprefix('booking-')}")
    page.keyboard.press("a")
    expect(page.get_by_label("Assigned to")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("s")
    expect(page.locator("#steps button").first).to_be_focused()
    for key, place in (("o", "**/staff/"), ("t", "**/staff/tasks"), ("b", "**/staff/bookings")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(place)
    # On the list, both choose the row in focus, if none is chosen, and lead to what it can become.
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator("#several-status")).to_be_focused()
    expect(page.locator("#several-count")).to_have_text("1 booking chosen")


def test_list_stays_within_its_frame_on_every_desk(somebody: People, database: Any) -> None:
    booking = factories.make_booking(database, agent=AGENT, status="in_progress")
    factories.make_task(database, booking, due_date=datetime.now(UTC) - timedelta(days=1))
    admin = somebody(ADMIN)
    admin.goes_to("/staff/bookings")
    expect(row(admin.page, booking)).to_contain_text("overdue")
    wide = []
    for width in (992, 1100, 1280, 1408):
        admin.page.set_viewport_size({"width": width, "height": 800})
        if admin.page.evaluate(STANDS_OUT):
            wide.append(width)
    assert wide == []


def test_keyboard_is_never_caught(admin: Person) -> None:
    page = admin.page
    page.keyboard.press("j")
    page.keyboard.press("?")
    help = page.get_by_role("dialog")
    for _ in range(5):  # more than there are controls
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(help).to_be_hidden()
    assert page.evaluate(IN_FOCUS) == rows(page)[0]

    # From the first control of a booking's page to the last, and out of it, at one step each.
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/bookings/*")
    expect(page.locator("#live-state")).to_have_text("Live", timeout=SOON)
    page.evaluate(NUMBER_CONTROLS)
    passed: list[int] = []
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement.tabStop ?? -1")
        if at < 0:
            break
        passed.append(at)
    assert passed == sorted(set(passed))
    assert passed[-1] == page.evaluate("window.lastStop")


def test_keys_are_letters_while_somebody_types(admin: Person) -> None:
    page = admin.page
    page.keyboard.press("/")
    search = page.get_by_label("Search", exact=True)
    expect(search).to_be_focused()
    page.keyboard.type("ajgb?/")
    expect(search).to_have_value("ajgb?/")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_help_lists_the_keys_and_lets_the_person_out_and_do_without(admin: Person) -> None:
    page = admin.page
    page.keyboard.press("?")
    help = page.get_by_role("dialog", name="Keys")
    expect(help).to_contain_text("Go to bookings")
    page.keyboard.press("Escape")
    expect(help).to_be_hidden()
    page.keyboard.press("?")
    help.get_by_label("Use these keys").uncheck()
    help.get_by_role("button", name="Close").click()
    page.keyboard.press("?")
    page.keyboard.press("j")
    expect(help).to_be_hidden()
    assert page.evaluate(IN_FOCUS) is None


def test_several_are_chosen_and_assigned_with_the_keys(
    admin: Person, database: Any, visitor: Visitor
) -> None:
    page = admin.page
    bookings = [factories.book(visitor()) for _ in range(2)]
    for booking in bookings:
        expect(row(page, booking)).to_be_visible(timeout=SOON)
    row(page, bookings[1]).get_by_role("link").focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#several-count")).to_have_text("2 bookings chosen")
    page.keyboard.press("a")
    expect(page.locator("#several-agent")).to_be_focused()
    page.locator("#several-agent").select_option(label="Priya Nair")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("2 bookings assigned to Priya Nair", timeout=SOON)
    for booking in bookings:
        expect(row(page, booking)).to_contain_text("Priya Nair")
        expect(box(page, booking)).not_to_be_checked()
    expect(page.locator("#several")).to_be_hidden()
    agents = database.execute(
        "select distinct p.email from bookings b join profiles p on p.id = b.assigned_agent"
        " where b.id::text = any(%s)",
        [bookings],
    ).fetchall()
    assert agents == [{"email": AGENT}]


def test_choice_and_focus_outlive_a_live_change(admin: Person, database: Any, visitor: Visitor) -> None:
    page = admin.page
    booking = factories.book(visitor())
    expect(row(page, booking)).to_be_visible(timeout=SOON)
    box(page, booking).check()
    database.execute("update bookings set status = 'confirmed' where id = %s", [booking])
    expect(row(page, booking)).to_contain_text("Confirmed", timeout=SOON)
    expect(box(page, booking)).to_be_checked()
    expect(box(page, booking)).to_be_focused()
    expect(page.locator("#several-count")).to_have_text("1 booking chosen")
    page.locator("#several-status").select_option("in_progress")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("1 booking moved to in progress", timeout=SOON)


def test_focus_goes_to_the_next_row_when_its_own_leaves(
    admin: Person, database: Any, visitor: Visitor
) -> None:
    page, bookings = admin.page, [factories.book(visitor()) for _ in range(3)]
    page.get_by_label("Status", exact=True).select_option("pending")
    expect(page).to_have_url(re.compile("status=pending"))
    for booking in bookings:
        expect(row(page, booking)).to_be_visible(timeout=SOON)
    row(page, bookings[2]).get_by_role("link").focus()
    for gone, next_one in ((bookings[2], bookings[1]), (bookings[1], bookings[0])):
        database.execute("update bookings set status = 'confirmed' where id = %s", [gone])
        expect(row(page, gone)).to_have_count(0, timeout=SOON)
        expect(row(page, next_one).get_by_role("link")).to_be_focused()


def test_what_was_overtaken_on_the_way_stays_chosen(admin: Person, database: Any, visitor: Visitor) -> None:
    page = admin.page
    free, taken = (factories.book(visitor()) for _ in range(2))
    for booking in (free, taken):
        expect(row(page, booking)).to_be_visible(timeout=SOON)
        box(page, booking).check()
    box(page, taken).evaluate("box => { box.value = box.value.replace(/~.*/, '~2001-01-01T00:00:00Z') }")
    page.locator("#several-status").select_option("confirmed")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("1 not changed, and still chosen below", timeout=SOON)
    expect(box(page, free)).not_to_be_checked()
    expect(box(page, taken)).to_be_checked()


def test_new_bookings_wait_above_while_somebody_reads_further_down(admin: Person, visitor: Visitor) -> None:
    page = admin.page
    page.evaluate("scrollTo({ top: 900, behavior: 'instant' })")
    assert page.evaluate("document.getElementById('bookings').getBoundingClientRect().top") < -100
    read = page.locator("#booking-rows > .row").nth(12)
    before = read.bounding_box()
    bookings = [factories.book(visitor()) for _ in range(2)]
    bar = page.get_by_role("button", name=re.compile("2 new: show them"))
    expect(bar).to_be_visible(timeout=SOON)
    expect(row(page, bookings[0])).to_be_hidden()
    assert page.locator("#booking-rows > .row").nth(14).bounding_box() == before
    bar.click()
    for booking in bookings:
        expect(row(page, booking)).to_be_visible()
    expect(bar).to_be_hidden()
    assert page.evaluate(IN_FOCUS) == f"booking-{bookings[1]}"
