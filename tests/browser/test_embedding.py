"""Somebody with a site of their own chooses a booking form for it, in Chromium."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.person import Person


def test_the_snippet_and_the_live_form_follow_each_choice(somebody: Callable[..., Person]) -> None:
    page = somebody().page
    page.goto("/embed")
    live = page.frame_locator("#live-form iframe")
    expect(live.get_by_role("heading", name="Book a cab")).to_be_visible()
    page.get_by_label("What can be booked").select_option("hotel")
    expect(page.locator("#as-element")).to_contain_text('purpose="hotel"')
    expect(live.get_by_role("heading", name="Ask for a hotel")).to_be_visible()
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("#as-element")).to_contain_text('theme="dark"')
    expect(live.locator("html[data-theme=dark]")).to_be_attached()
    assert page.url.endswith("purpose=hotel&language=en&theme=dark&accent=%230b5f5c&ref=")


def test_the_snippet_is_copied_with_one_press(somebody: Callable[..., Person]) -> None:
    page = somebody().page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/embed")
    page.get_by_role("button", name="Copy The element").click()
    expect(page.get_by_role("button", name="Copied The element")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#as-element").text_content()


def test_the_builder_works_without_javascript(somebody: Callable[..., Person]) -> None:
    page = somebody(javascript=False).page
    page.goto("/embed")
    expect(page.get_by_role("button", name="Copy The element")).to_be_hidden()
    page.get_by_label("What can be booked").select_option("hotel")
    page.get_by_role("button", name="Show the snippet").click()
    expect(page.locator("#as-element")).to_contain_text('purpose="hotel"')
    live = page.frame_locator(".embedding__frame")
    expect(live.get_by_role("heading", name="Ask for a hotel")).to_be_visible()
