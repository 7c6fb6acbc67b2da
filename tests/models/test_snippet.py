"""The HTML that people copy into their own pages."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from roamio_web.models.look import Look
from roamio_web.models.offer import OFFERS, Offer
from roamio_web.models.snippet import Snippet

SITE = "https://www.roamio.example"
CAB = OFFERS[0]


class Elements(HTMLParser):
    """Every element of a snippet with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.slug)
def test_the_plainest_snippet_is_a_script_and_an_element(offer: Offer) -> None:
    assert Snippet(SITE, offer).element == (
        f'<script async src="{SITE}/embed.js"></script>\n'
        f'<roamio-booking purpose="{offer.slug}" style="display: block; min-height: 100vh">\n'
        f'  <a href="{SITE}/book/{offer.slug}">{offer.heading} with Roamio</a>\n'
        "</roamio-booking>"
    )


def test_everything_that_was_chosen_is_in_each_of_the_three_ways() -> None:
    snippet = Snippet(SITE, CAB, Look("dark", "b0305f"), "goa 2027")
    chosen = {"purpose": "cab", "theme": "dark", "accent": "#b0305f", "ref": "goa 2027"}
    room = {"style": "display: block; min-height: 100vh"}
    assert Elements(snippet.element).found[1] == ("roamio-booking", chosen | room)
    frame = dict(Elements(snippet.frame).found)["iframe"]
    assert frame["src"] == f"{SITE}/embed/cab?theme=dark&accent=b0305f&ref=goa+2027"
    assert frame["title"] == "Book a cab with Roamio"
    assert Elements(snippet.link).found == [("a", {"href": f"{SITE}/book/cab?ref=goa+2027"})]


def test_a_campaign_s_name_can_add_nothing_to_the_page() -> None:
    evil = '"><script src=//evil.example></script>'
    snippet = Snippet(SITE, CAB, ref=evil)
    for text in (snippet.element, snippet.frame, snippet.link):
        assert "evil.example>" not in text
    assert Elements(snippet.element).found[1][1]["ref"] == evil
    assert [tag for tag, _ in Elements(snippet.element).found] == ["script", "roamio-booking", "a"]
