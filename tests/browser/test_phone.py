"""Staff on a phone reach every page and everything on it, by thumb and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from roamio_web.models.staff import Role
from tests.support.desk import Desk
from tests.support.factories import Database
from tests.support.people import ADMIN, AGENT
from tests.support.person import Person
from tests.support.staff_pages import pages

PHONE: ViewportSize = {"width": 390, "height": 844}
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
# Whatever can be pressed and can't be reached: out of sight where it was scrolled to, covered, or too low for
# a thumb. A link within a sentence is as high as its line.
OUT_OF_REACH = """() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const wrong = [];
  document.querySelectorAll("main details").forEach(each => (each.open = true));
  for (const control of document.querySelectorAll(CONTROLS)) {
    if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (control.matches(".skip-link") || control.disabled) continue;
    const isBox = control.matches("input[type=checkbox], input[type=radio]");
    const target = (isBox && control.closest("label")) || control;
    target.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const box = target.getClientRects()[0];
    const words = target.innerText || target.ariaLabel || target.name || "";
    const name = `${target.tagName.toLowerCase()} “${words.trim().slice(0, 30)}”`;
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    if (x < 0 || x > innerWidth || y < 0 || y > innerHeight) {
      wrong.push(`${name} is out of sight`);
      continue;
    }
    const top = document.elementFromPoint(x, y);
    if (!target.contains(top) && !(top && top.contains(control) && top.matches("label"))) {
      wrong.push(`${name} is covered by ${top?.outerHTML.slice(0, 60)}`);
    }
    const inSentence = target.matches("a") && getComputedStyle(target).display === "inline";
    if (!inSentence && box.height < 24) wrong.push(`${name} is ${box.height} px high`);
  }
  return wrong;
}"""


def out_of_reach(page: Page) -> list[str]:
    """What is wrong with this page on a phone."""
    wrong: list[str] = page.evaluate(OUT_OF_REACH)
    if page.evaluate(TOO_WIDE) > 0:
        wrong.append("The page is wider than the phone")
    return wrong


def test_admin_reaches_every_page_on_a_phone(somebody: Callable[..., Person]) -> None:
    admin = somebody(ADMIN, javascript=False)
    page = admin.page
    page.set_viewport_size(PHONE)
    page.goto("/staff/")
    menu = page.get_by_role("navigation", name="Main")
    for name in ("Overview", "Bookings", "Tasks", "Clients"):
        menu.get_by_role("link", name=name).click()
        expect(menu.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
    more = menu.get_by_role("button", name="More")
    for name in ("Team", "Embeds", "Audit"):
        expect(menu.get_by_role("link", name=name)).to_be_hidden()
        more.focus()
        page.keyboard.press("Enter")
        menu.get_by_role("link", name=name).click()
        expect(page.locator("[aria-current=page]")).to_have_text(name)
    more.click()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Team")).to_be_hidden()
    expect(more).to_be_focused()


@pytest.mark.parametrize(("email", "role"), [(ADMIN, Role.ADMIN), (AGENT, Role.OPERATIONS)])
def test_everything_on_every_page_is_in_reach_on_a_phone(
    somebody: Callable[..., Person], database: Database, email: str, role: Role
) -> None:
    person = somebody(email)
    page = person.page
    page.set_viewport_size(PHONE)
    found = {}
    for address in pages(Desk(database), role):
        person.goes_to(address)
        found[address] = out_of_reach(page)

    # What opens, and what comes up when rows are chosen.
    person.goes_to("/staff/bookings")
    page.locator(".row .pick__box").first.check()
    expect(page.locator("#several")).to_be_visible()
    found["with a row chosen"] = out_of_reach(page)
    page.locator(".account summary").click()
    found["with the account's menu"] = [
        each for each in out_of_reach(page) if "Sign out" in each or "account" in each
    ]
    page.get_by_role("button", name="Keys and notices").click()
    expect(page.get_by_role("dialog")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Close").click()
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
