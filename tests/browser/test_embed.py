"""Booking forms in a page of another site, in Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from tests.browser.conftest import FLAGS
from tests.support import browser as chromium
from tests.support.backend import TestBackend
from tests.support.cab import fill_in
from tests.support.eventually import eventually
from tests.support.factories import Database
from tests.support.magazine import NOTE_HEIGHTS, NOTE_SHIFTS, NOTE_TARGETS, Magazine, magazine
from tests.support.site import Site, serve

WIDTHS = (320, 375, 768, 1024, 1440)
CAB = (
    '<roamio-booking id="cab" purpose="cab" ref="goa" style="display: block; min-height: 100vh">'
    '<a href="{site}/book/cab">Book a cab</a></roamio-booking>'
)


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Magazine]:
    """A travel magazine's website."""
    with magazine(tmp_path_factory.mktemp("magazine")) as running:
        yield running


@pytest.fixture(scope="module")
def framed_site(
    backend: TestBackend, press: Magazine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The site, which the magazine may frame."""
    settings = {
        "SUPABASE_URL": backend.url,
        "SUPABASE_ANON_KEY": backend.anon_key,
        "ROAMIO_ENV": "testing",
        "ROAMIO_TICKET_MINIMUM_AGE": "0",
        "ROAMIO_EMBED_ORIGINS": press.origin,
    }
    with serve(settings, tmp_path_factory.mktemp("framed") / "gunicorn.log") as running:
        yield running


@pytest.fixture
def page(browser: Browser, press: Magazine, framed_site: Site, site: Site) -> Iterator[Page]:
    """A page of a new visitor; it and the form in it may ask nobody but the magazine and the site."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    known = tuple(f"{origin}/" for origin in (press.origin, framed_site.url, site.url))
    assert asked
    assert [address for address in asked if not address.startswith(known)] == []


@pytest.fixture
def blocking(tmp_path: Path, browser: Browser) -> Iterator[BrowserContext]:
    """A visitor whose browser keeps nothing: no cookie and no storage, of nobody."""
    preferences = tmp_path / "Default" / "Preferences"
    preferences.parent.mkdir()
    preferences.write_text(json.dumps({"profile": {"default_content_setting_values": {"cookies": 2}}}))
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium.find(), args=FLAGS
    )
    yield context
    context.close()


@pytest.mark.parametrize("width", [320, 1440])
def test_traveller_books_on_somebody_else_s_page(
    page: Page, framed_site: Site, press: Magazine, database: Database, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    address = press.prints("goa", framed_site.url, CAB.format(site=framed_site.url))
    page.add_init_script(NOTE_SHIFTS)
    page.add_init_script(NOTE_TARGETS)
    page.goto(f"{address}?utm_campaign=winter")
    form = _form(page)
    expect(form.get_by_role("button", name="Check your answers")).to_be_visible()
    expect(page.get_by_role("link", name="Book a cab")).to_be_hidden()
    _fits(page)
    assert page.evaluate("shifts") == [], "Something jumped while the form arrived"
    form.get_by_label("Round trip").check()
    _fits(page)

    row = _books(form, database)
    _fits(page)
    assert row["details"]["source"] == {
        "channel": "embed",
        "host": address,
        "ref": "goa",
        "utm_campaign": "winter",
    }
    shown = f"{row['reference'][:4]}-{row['reference'][4:]}"
    heard = _heard(page, "roamio:booked")
    assert heard[:2] == [["cab", "roamio:ready", {}], ["cab", "roamio:step", {"step": "questions"}]]
    assert heard[-2:] == [
        ["cab", "roamio:step", {"step": "booked"}],
        ["cab", "roamio:booked", {"reference": shown}],
    ]
    assert ["cab", "roamio:step", {"step": "check"}] in heard
    assert set(form.evaluate("targets")) == {press.origin}, "Others could hear the form too"
    expect(form.get_by_role("heading", name="We have your request")).to_be_in_viewport()
    assert page.context.cookies() == []


@pytest.mark.parametrize("purpose", ["cab", "hotel"])
def test_the_frame_is_as_high_as_its_form_at_every_width_and_stays_so(
    page: Page, framed_site: Site, press: Magazine, purpose: str
) -> None:
    page.add_init_script(NOTE_SHIFTS)
    element = f'<roamio-booking purpose="{purpose}"></roamio-booking>'
    page.goto(press.prints("widths", framed_site.url, f"<p>Sand</p>{element}"))
    expect(_form(page).get_by_role("button", name="Check your answers")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        _fits(page)
    page.evaluate(NOTE_HEIGHTS)
    page.evaluate("shifts.length = 0")
    for _ in range(10):
        page.evaluate("new Promise(requestAnimationFrame)")
    heights = page.evaluate("heights")
    assert heights
    assert len(set(heights)) == 1, f"The frame moves by itself: {heights}"
    assert page.evaluate("shifts") == []
    _form(page).get_by_role("button", name="Check your answers").click()
    summary = _form(page).locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    _fits(page)
    heights = page.evaluate("heights")
    assert len(set(heights)) == len(heights), f"The frame goes back and forth: {heights}"


def test_several_forms_on_one_page_keep_to_themselves(
    page: Page, framed_site: Site, press: Magazine, database: Database
) -> None:
    two = (
        '<roamio-booking id="hotel" purpose="hotel" prefill-place="Jaipur" prefill-rooms="2" theme="dark">'
        '</roamio-booking><roamio-booking id="cab" purpose="cab" theme="light" accent="#b0305f" '
        'prefill-pickup-place="Goa airport" prefill-consent="y" utm_source="magazine"></roamio-booking>'
    )
    page.goto(press.prints("two", framed_site.url, two))
    hotel, cab = _form(page, "#hotel"), _form(page, "#cab")
    expect(hotel.locator("[name=place]")).to_have_value("Jaipur")
    expect(hotel.locator("[name=rooms]")).to_have_value("2")
    page.locator("#cab").scroll_into_view_if_needed()
    expect(cab.locator("[name=pickup_place]")).to_have_value("Goa airport")
    for element in ("#hotel", "#cab"):
        _fits(page, element)
    assert hotel.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert cab.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    button = cab.locator(".form__send")
    assert button.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(176, 48, 95)"

    before = page.locator("#hotel").evaluate("it => it.offsetHeight")
    row = _books(cab, database)
    assert row["details"]["source"]["utm_source"] == "magazine"
    assert [each[0] for each in _heard(page, "roamio:booked") if each[1] == "roamio:booked"] == ["cab"]
    assert page.locator("#hotel").evaluate("it => it.offsetHeight") == before
    expect(hotel.locator("[name=place]")).to_have_value("Jaipur")


def test_an_attribute_that_changes_changes_the_form(page: Page, framed_site: Site, press: Magazine) -> None:
    page.goto(press.prints("change", framed_site.url, CAB.format(site=framed_site.url)))
    expect(_form(page).get_by_role("button", name="Check your answers")).to_be_visible()
    page.locator("#cab").evaluate("it => it.setAttribute('purpose', 'hotel')")
    expect(page.frame_locator("#cab iframe").get_by_role("button", name="Check your answers")).to_be_visible()
    expect(page.frame_locator("#cab iframe").get_by_role("heading", name="Ask for a hotel")).to_be_visible()
    _fits(page)


def test_traveller_books_where_no_cookie_and_no_storage_is_allowed(
    blocking: BrowserContext, framed_site: Site, press: Magazine, database: Database
) -> None:
    page = blocking.pages[0]
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(error.message))
    page.goto(press.prints("blocked", framed_site.url, CAB.format(site=framed_site.url)))
    form = _form(page)
    expect(form.get_by_role("button", name="Check your answers")).to_be_visible()
    blocked = "() => { try { sessionStorage.length; return ''; } catch (error) { return error.name; } }"
    assert form.evaluate(blocked) == "SecurityError"
    row = _books(form, database)
    assert row["details"]["source"]["channel"] == "embed"
    assert _heard(page, "roamio:booked")
    _fits(page)
    assert blocking.cookies() == []
    assert complaints == []


def test_traveller_without_javascript_books_in_a_frame_put_there_by_hand(
    browser: Browser, framed_site: Site, press: Magazine, database: Database
) -> None:
    frame = f'<iframe src="{framed_site.url}/embed/cab?ref=goa" style="width:100%;height:700px"></iframe>'
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(press.prints("by-hand", framed_site.url, frame))
    row = _books(page.frames[1], database)
    source = {"channel": "embed", "host": f"{press.origin}/", "ref": "goa"}
    assert row["details"]["source"] == source
    context.close()


def test_traveller_without_javascript_finds_the_link_that_stands_in_the_element(
    browser: Browser, framed_site: Site, press: Magazine
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(press.prints("link", framed_site.url, CAB.format(site=framed_site.url)))
    page.get_by_role("link", name="Book a cab").click()
    expect(page.get_by_role("heading", name="Book a cab")).to_be_visible()
    context.close()


def test_page_that_the_settings_do_not_name_gets_a_link_and_no_form(
    page: Page, site: Site, press: Magazine
) -> None:
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(press.prints("stranger", site.url, CAB.format(site=site.url)))
    assert page.frames[1].locator("form").count() == 0
    expect(page.get_by_role("link", name="Book a cab")).to_be_visible(timeout=15_000)
    assert page.evaluate("heard") == []


def test_news_of_another_page_is_not_taken_for_the_form_s(
    page: Page, framed_site: Site, press: Magazine
) -> None:
    page.goto(press.prints("forged", framed_site.url, CAB.format(site=framed_site.url)))
    expect(_form(page).get_by_role("button", name="Check your answers")).to_be_visible()
    _heard(page, "roamio:step")
    before = page.evaluate("heard.length")
    forged = "{ event: 'roamio:booked', reference: '0000-0000' }"
    page.evaluate(f"window.postMessage({forged}, '*')")
    page.evaluate("window.postMessage({ event: 'roamio:height', height: 1 }, '*')")
    page.evaluate("new Promise(done => setTimeout(done))")
    assert page.evaluate("heard.length") == before
    _fits(page)


def _form(page: Page, element: str = "roamio-booking") -> Frame:
    """The frame in this element, its form drawn and at work."""
    expect(page.frame_locator(f"{element} iframe").locator("#booking-form.form--live")).to_be_visible()
    handle = page.locator(f"{element} iframe").element_handle()
    frame = handle.content_frame() if handle else None
    assert frame
    return frame


def _books(form: Frame, database: Database) -> dict[str, Any]:
    """Fill in the cab form, check the answers and send them; returns the booking."""
    name = f"Lena Sommer {uuid4().hex[:10]}"
    fill_in(form, name=name)
    form.get_by_role("button", name="Check your answers").click()
    form.get_by_role("button", name="Book this cab").click()
    expect(form.get_by_role("heading", name="We have your request")).to_be_visible()
    row = database.execute(
        "select reference, details from bookings join clients on clients.id = client_id where name = %s",
        [name],
    ).fetchone()
    assert row is not None
    return row


def _heard(page: Page, until: str) -> list[Any]:
    """What the page was told, once it was told this."""
    return eventually(
        lambda: any(each[1] == until for each in page.evaluate("heard")) and page.evaluate("heard"),
        what="The page's news",
    )


def _fits(page: Page, element: str = "roamio-booking") -> None:
    """The frame is as high as what it holds, to the pixel, and nothing in it scrolls sideways."""
    handle = page.locator(f"{element} iframe").element_handle()
    frame = handle.content_frame() if handle else None
    assert frame

    def settled() -> bool:
        height = page.locator(f"{element} iframe").evaluate("it => it.offsetHeight")
        needed, width, wide = frame.evaluate(
            "[document.body.getBoundingClientRect().height, innerWidth, document.documentElement.scrollWidth]"
        )
        return abs(height - needed) <= 1 and wide <= width

    eventually(settled, what="The frame's height")
