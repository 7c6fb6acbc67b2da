"""Half-filled forms side by side, and the way back from the checked answers, in Chromium."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.test_forms import somebody_else
from tests.support.cab import CHECK, SEND, check, fill_in, send
from tests.support.person import Person

People = Callable[..., Person]
CAB = '<roamio-booking purpose="cab"></roamio-booking>'
HOTEL = '<roamio-booking purpose="hotel" prefill-place="Goa"></roamio-booking>'
BY_HAND = '<iframe src="/embed/cab?host=https://hotel.example/"></iframe>'


def shows(page: Page, *forms: str) -> list[FrameLocator]:
    """Load a page that has the script of the embedded forms, and put these into it."""
    page.goto("/embed")
    page.evaluate("body => { document.body.innerHTML = body }", "".join(forms))
    framed = [page.frame_locator("iframe").nth(at) for at in range(len(forms))]
    for at, form in enumerate(framed):
        page.locator("iframe").nth(at).scroll_into_view_if_needed()
        expect(form.get_by_label("Full name")).to_be_visible()
    return framed


def test_forms_on_one_page_keep_to_themselves(somebody: People) -> None:
    page = somebody().page
    hers, his, hotel = shows(page, CAB, CAB, HOTEL)
    name = somebody_else()
    hers.get_by_label("Full name").fill("Only hers")
    hotel.get_by_label("Full name").fill("At the hotel")
    hotel.get_by_label("City or hotel").fill("Agra")

    hers, his, hotel = shows(page, CAB, CAB, HOTEL)
    expect(hers.get_by_label("Full name")).to_have_value("Only hers")
    expect(his.get_by_label("Full name")).to_have_value("")
    frame = page.frame("roamio-booking 1")
    assert frame is not None
    fill_in(frame, name=name)
    send(his)
    expect(his.locator("#asked")).to_contain_text(name)

    hers, his, hotel = shows(page, CAB, CAB, HOTEL)
    expect(hers.get_by_label("Full name")).to_have_value("Only hers")
    expect(his.get_by_label("Full name")).to_have_value("")
    expect(hotel.get_by_label("Full name")).to_have_value("At the hotel")
    expect(hotel.get_by_label("City or hotel")).to_have_value("Agra")


def test_frame_put_there_by_hand_keeps_its_scrollbar(somebody: People) -> None:
    page = somebody().page
    shows(page, CAB, BY_HAND)
    fitted = {frame.name: frame.evaluate("document.documentElement.className") for frame in page.frames[1:]}
    assert fitted == {"roamio-booking 0": "fitted", "": ""}


def test_what_an_address_answers_stands_until_it_is_typed_over(somebody: People) -> None:
    page = somebody().page
    place, name = page.get_by_label("City or hotel"), page.get_by_label("Full name")
    page.goto("/book/hotel")
    place.fill("Jaipur")
    name.fill("Farah Khan")
    page.goto("/book/hotel?place=Goa")
    expect(place).to_have_value("Goa")
    expect(name).to_have_value("Farah Khan")
    place.fill("Agra")
    page.reload()
    expect(place).to_have_value("Agra")


def test_ages_are_asked_however_the_number_of_children_is_written(somebody: People) -> None:
    page = somebody().page
    page.goto("/book/hotel")
    children = page.get_by_label("Children", exact=True)
    shown = {}
    for typed in ("2", "02", "٢", "२", "۲", " 2", "+2", "0", "٠", "00", "two", ""):
        children.fill(typed)
        shown[typed] = page.get_by_label("The children’s ages").is_visible()
    assert [typed for typed, visible in shown.items() if visible] == ["2", "02", "٢", "२", "۲", " 2", "+2"]


def test_clock_of_somebody_abroad_is_the_browser_s_own(somebody: People) -> None:
    page = somebody().page
    emulation = page.context.new_cdp_session(page)
    preset = {}
    for zone in ("America/New_York", "Asia/Kolkata", "Europe/Berlin", "Asia/Colombo", "America/Bogota"):
        emulation.send("Emulation.setTimezoneOverride", {"timezoneId": zone})
        page.goto("/book/nri")
        preset[zone] = page.get_by_label("Clock where you live").input_value()
    assert preset == {
        "America/New_York": "America/New_York",
        "Asia/Kolkata": "Asia/Kolkata",
        "Europe/Berlin": "Europe/Paris",
        "Asia/Colombo": "Asia/Colombo",
        "America/Bogota": "",
    }


def test_every_press_of_back_and_forward_is_seen(somebody: People) -> None:
    page = somebody().page
    checked = page.get_by_role("button", name=SEND)
    asked = page.get_by_role("button", name=CHECK)
    page.goto("/privacy")
    page.goto("/book/cab")
    fill_in(page, name=somebody_else())
    check(page)
    expect(checked).to_be_visible()
    page.go_back()
    expect(asked).to_be_visible()
    page.go_forward()
    expect(checked).to_be_visible()

    change = page.get_by_role("button", name="Change Drop-off place")
    for _ in range(2):
        change.click()
        expect(asked).to_be_visible()
        check(page)
        expect(checked).to_be_visible()
    page.evaluate("history.back()")
    expect(asked).to_be_visible()
    page.go_forward()
    expect(checked).to_be_visible()
    change.click()
    expect(asked).to_be_visible()
    page.evaluate("history.back()")
    page.wait_for_url("**/privacy")
