"""Whoever has booked holds on to the confirmation: what happens next, whom to reach, and a copy on paper."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from roamio_web.models.offer import BY_SLUG
from tests.support.person import Person
from tests.support.plain_post import send
from tests.support.travellers import PURPOSES, answers

People = Callable[..., Person]
KEYS = """() => Object.fromEntries(["name", "email", "phone", "country"].map(name => {
  const { type, inputMode, autocomplete } = document.querySelector("#booking-form").elements[name];
  return [name, [type, inputMode, autocomplete]];
}))"""


def test_every_form_knows_its_keys_and_every_confirmation_the_next_step_on_paper_too(
    somebody: People,
) -> None:
    page = somebody().page
    for purpose in PURPOSES:
        page.emulate_media(media="screen", reduced_motion="reduce")
        page.goto(f"/book/{purpose}")
        assert page.evaluate(KEYS) == {
            "name": ["text", "", "name"],
            "email": ["email", "email", "email"],
            "phone": ["tel", "tel", "tel"],
            "country": ["select-one", "", "country"],
        }
        send(page, **answers(purpose), send="yes")
        received = page.locator("#received")
        reference = received.locator(".received__reference [aria-hidden]").inner_text()
        expect(received.locator(".steps li").first).to_have_text(str(BY_SLUG[purpose].next_step))
        expect(received.locator("a[href^='tel:+']")).to_be_visible()
        expect(received.locator(f"a[href='mailto:hello@roamio.example?subject={reference}']")).to_be_visible()
        expect(page.get_by_role("button", name="Print")).to_be_visible()

        page.emulate_media(media="print")
        expect(received.locator(".received__reference")).to_be_visible()
        expect(received.locator(".steps li").first).to_be_visible()
        expect(received.locator("a[href^='tel:+']")).to_be_visible()
        for chrome in (".site-footer", ".site-header__links", ".received__tools", ".received__on"):
            expect(page.locator(chrome)).to_be_hidden()
