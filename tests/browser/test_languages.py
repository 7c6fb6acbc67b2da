"""A traveller who reads Hindi or Arabic, on a small phone in Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.factories import Database
from tests.support.person import Person
from tests.support.travellers import answers

People = Callable[..., Person]
NARROW = {"width": 320, "height": 640}
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PLACES = {"hi": "दिल्ली हवाई अड्डा, टर्मिनल 3", "ar": "مطار دلهي، الصالة 3"}
NAMES = {"hi": "हिन्दी", "ar": "العربية"}
DIRECTIONS = {"hi": "ltr", "ar": "rtl"}
COUNTED = {"hi": "बचे हुए अक्षर: 10", "ar": "الأحرف المتبقية: 10"}
RECEIVED = {"hi": "हमें आपका अनुरोध मिल गया है", "ar": "وصلنا طلبك"}
ARROW = "() => getComputedStyle(document.querySelector('.form__send .icon')).scale"
TYPED = ("dropoff_place", "pickup_date", "pickup_time", "passengers", "luggage", "name", "email", "phone")


def fits(page: Page) -> None:
    """Nothing stands out at the side."""
    assert page.evaluate(TOO_WIDE) <= 0, f"{page.url} is wider than the phone"


@pytest.mark.parametrize("language", NAMES)
def test_traveller_changes_the_language_and_books_in_it(
    somebody: People, database: Database, language: str
) -> None:
    page = somebody().page
    page.set_viewport_size(NARROW)
    page.goto("/")
    page.get_by_role("link", name=NAMES[language]).click()
    expect(page.locator("html")).to_have_attribute("dir", DIRECTIONS[language])
    fits(page)

    page.goto("/book/cab")
    page.locator("[name=pickup_place]").fill(PLACES[language])
    page.get_by_role("link", name=NAMES[language]).click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("[name=pickup_place]")).to_have_value(PLACES[language])
    assert page.evaluate(ARROW) == ("-1 1" if language == "ar" else "none")
    fits(page)

    page.locator("[name=notes]").fill("x" * 9_990)
    expect(page.get_by_text(COUNTED[language])).to_be_visible()
    page.locator("[name=notes]").fill("")
    page.locator(".form__send").click()
    expect(page.locator("#error-summary")).to_be_focused()
    fits(page)

    filled = answers("cab")
    for name in TYPED:
        page.locator(f"#booking-form [name={name}]").fill(filled[name])
    page.locator(".form__send").click()
    expect(page.locator("#check-title")).to_be_focused()
    expect(page.get_by_text(PLACES[language])).to_be_visible()
    fits(page)

    page.locator("[name=send]").click()
    expect(page.get_by_role("heading", name=RECEIVED[language])).to_be_visible()
    expect(page.locator("#asked")).to_contain_text(PLACES[language])
    fits(page)
    reference = page.locator(".received__reference [aria-hidden]").inner_text().replace("-", "")
    row = database.execute("select details from bookings where reference = %s", [reference]).fetchone()
    assert row
    assert row["details"]["pickup_place"] == PLACES[language]
    assert row["details"]["source"]["language"] == language
    assert page.context.cookies() == []


def test_marketing_person_sees_the_form_in_the_language_that_they_choose(somebody: People) -> None:
    page = somebody().page
    page.set_viewport_size(NARROW)
    page.goto("/embed")
    form = page.frame_locator("#live-form iframe")
    expect(form.locator("html")).to_have_attribute("lang", "en")
    page.get_by_label("Language of the form").select_option("ar")
    expect(form.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#as-element")).to_contain_text('language="ar"')
    page.goto("/hi/embed")
    expect(form.locator("html")).to_have_attribute("lang", "hi")
    fits(page)
