"""The colours that follow from an accent colour."""

from __future__ import annotations

from itertools import product

import pytest

from roamio_web.models.look import Look, colour
from roamio_web.models.palette import BLACK, READABLE, WHITE, Rgb, contrast, tokens
from tests.support.repository import ROOT

PARTS = ("00", "55", "aa", "ff")
ACCENTS = ["".join(parts) for parts in product(PARTS, repeat=3)]
SURFACES = {"light": "#ffffff", "dark": "#152528"}


def between(one: str, other: str) -> float:
    """The contrast of two colours as style sheets write them."""
    return contrast(rgb(one), rgb(other))


def rgb(colour: str) -> Rgb:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


@pytest.mark.parametrize("scheme", SURFACES)
def test_every_word_is_readable_in_whatever_colour_was_chosen(scheme: str) -> None:
    for accent in ACCENTS:
        found = tokens(accent, scheme)
        brand, strong, soft = (found[f"--colour-brand{end}"] for end in ("", "-strong", "-soft"))
        assert between(brand, SURFACES[scheme]) >= READABLE, accent
        assert between(brand, soft) >= READABLE, accent
        assert between(found["--colour-on-brand"], brand) >= READABLE, accent
        assert between(found["--colour-on-brand"], strong) >= READABLE, accent
        assert between(found["--colour-on-accent"], found["--colour-accent"]) >= READABLE, accent


def test_the_surfaces_are_those_that_the_pages_have() -> None:
    for scheme, file in (("light", "tokens.css"), ("dark", "tokens-dark.css")):
        assert f"--colour-surface: {SURFACES[scheme]};" in (ROOT / "static/css" / file).read_text()


def test_a_colour_that_is_readable_is_taken_as_it_is() -> None:
    assert tokens("0b5f5c", "light")["--colour-brand"] == "#0b5f5c"
    assert tokens("5cc9bd", "dark")["--colour-brand"] == "#5cc9bd"
    assert contrast(BLACK, WHITE) == pytest.approx(21)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("#0B5F5C", "0b5f5c"),
        (" 0b5f5c ", "0b5f5c"),
        ("#06a", "0066aa"),
        ("red", ""),
        ("#12345", ""),
        ("", ""),
    ],
)
def test_a_colour_is_read_as_people_write_it(typed: str, read: str) -> None:
    assert colour(typed) == read


def test_a_look_says_only_what_differs() -> None:
    assert Look.from_args({"theme": "neon", "accent": "red"}).arguments == {}
    assert Look.from_args({"theme": "dark", "accent": "#06a"}).arguments == {
        "theme": "dark",
        "accent": "0066aa",
    }
