"""Every public page and state on the smallest phone: nothing stands out at its side, and all is light."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Request, expect

from roamio_web.languages import LANGUAGES, Language
from tests.support.person import Person
from tests.support.plain_post import send
from tests.support.travellers import PURPOSES, answers

People = Callable[..., Person]
BUDGET = 40 * 1024
PHONE = {"width": 320, "height": 640}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MISSING = "nothing-here"
PAGES = ("/", "/privacy", "/embed", f"/{MISSING}", f"/embed/{MISSING}")
FORMS = tuple(f"/{place}/{purpose}" for place in ("book", "embed") for purpose in PURPOSES)
LOOK = "/embed/cab?theme=auto&accent=b0305f"


@dataclass
class Walk:
    """One visitor's way through the site, as if each page were their first."""

    page: Page
    loaded: list[Request] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)

    def note(self, request: Request) -> None:
        """Remember what this page asked for."""
        self.loaded.append(request)

    @contextmanager
    def sees(self, what: str) -> Iterator[None]:
        """Note what is wrong with the page that is there when the block ends."""
        self.loaded.clear()
        yield
        weight = sum(request.sizes()["responseBodySize"] for request in self.loaded if _travels(request))
        assert weight, f"{what} loaded nothing"
        if weight > BUDGET:
            self.found[what] = f"{weight} bytes in {len(self.loaded)} requests"
        if any(frame.evaluate(SIDEWAYS) > 0 for frame in self.page.frames):
            self.found[what] = "scrolls sideways"


def _travels(request: Request) -> bool:
    return request.url.startswith("http") and request.response() is not None


@pytest.fixture
def walk(somebody: People) -> Iterator[Walk]:
    """A visitor whose browser keeps nothing from one page to the next."""
    person = somebody()
    walk = Walk(person.page)
    person.page.set_viewport_size(PHONE)
    # A page whose style comes from the network again may be shown before it is known to turn out of the last.
    person.page.emulate_media(reduced_motion="reduce")
    person.page.on("request", walk.note)
    cdp = person.page.context.new_cdp_session(person.page)
    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    yield walk
    person.problems[:] = [problem for problem in person.problems if MISSING not in problem]


@pytest.mark.parametrize("language", LANGUAGES, ids=[language.code for language in LANGUAGES])
def test_every_page_is_light_and_fits_the_smallest_phone(walk: Walk, language: Language) -> None:
    page = walk.page
    for address in (*PAGES, *FORMS, LOOK):
        with walk.sees(address):
            page.goto(f"{language.prefix}{address}")
            if address == "/embed":
                page.locator("#live-form").scroll_into_view_if_needed()
                expect(page.frame_locator("#live-form iframe").locator(".form--live")).to_be_visible()
    for place in ("book", "embed"):
        page.goto(f"{language.prefix}/{place}/hybrid")
        with walk.sees(f"{place} with errors"):
            send(page)
            expect(page.locator("#error-summary")).to_be_visible()
        with walk.sees(f"{place} check"):
            send(page, **answers("hybrid", notes="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysilio"))
            expect(page.locator("#check-title")).to_be_visible()
        with walk.sees(f"{place} confirmation"):
            send(page, **answers("hybrid"), send="yes")
            expect(page.locator(".received__reference")).to_be_visible()
    assert walk.found == {}
