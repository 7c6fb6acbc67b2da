"""An admin on a phone reaches every page, by thumb and by keyboard, also without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import ViewportSize, expect

from tests.support.people import ADMIN
from tests.support.person import Person

PHONE: ViewportSize = {"width": 390, "height": 844}
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


def test_admin_reaches_every_page_on_a_phone(somebody: Callable[..., Person]) -> None:
    admin = somebody(ADMIN, javascript=False)
    page = admin.page
    page.set_viewport_size(PHONE)
    page.goto("/staff/")
    menu = page.get_by_role("navigation", name="Main")
    for name in ("Overview", "Bookings", "Tasks", "Clients"):
        menu.get_by_role("link", name=name).click()
        expect(menu.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        assert page.evaluate(TOO_WIDE) <= 0, f"{name} is wider than the phone"
    more = menu.get_by_role("button", name="More")
    for name in ("Team", "Embeds", "Audit"):
        expect(menu.get_by_role("link", name=name)).to_be_hidden()
        more.focus()
        page.keyboard.press("Enter")
        menu.get_by_role("link", name=name).click()
        expect(page.locator("[aria-current=page]")).to_have_text(name)
        assert page.evaluate(TOO_WIDE) <= 0, f"{name} is wider than the phone"
    more.click()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Team")).to_be_hidden()
    expect(more).to_be_focused()
