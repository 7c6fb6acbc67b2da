"""The colours that follow from one accent colour, so that every word stays readable whatever was chosen.

Contrast is measured as WCAG 2.2 does.
"""

from __future__ import annotations

from dataclasses import dataclass

READABLE = 4.5
"""Contrast that text needs with what is behind it: WCAG 2.2, 1.4.3."""
STEPS = 50
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
SOFT = 0.12
"""How much of the colour is in the grounds that it tints."""
STRONGER = 0.25

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Scheme:
    """A ground to write on, and the end of the scale that is furthest from it. The ground is tokens.css's."""

    surface: Rgb
    far: Rgb


SCHEMES = {"light": Scheme((255, 255, 255), BLACK), "dark": Scheme((21, 37, 40), WHITE)}


def tokens(accent: str, scheme: str) -> dict[str, str]:
    """The tokens to replace, by name. ``accent`` is six hexadecimal digits.

    :raise KeyError: there is no such scheme.
    """
    on = SCHEMES[scheme]
    chosen = _rgb(accent)
    soft = _mixed(on.surface, chosen, SOFT)
    brand = _readable(chosen, (on.surface, soft), on.far)
    strong = _mixed(brand, on.far, STRONGER)
    return {
        "--colour-brand": _hex(brand),
        "--colour-brand-strong": _hex(strong),
        "--colour-brand-soft": _hex(soft),
        "--colour-on-brand": _hex(_words_on(brand)),
        "--colour-accent": _hex(chosen),
        "--colour-accent-soft": _hex(soft),
        "--colour-on-accent": _hex(_words_on(chosen)),
    }


def contrast(one: Rgb, other: Rgb) -> float:
    """How far two colours stand apart: 1 is not at all, 21 is black on white."""
    dark, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def _readable(colour: Rgb, grounds: tuple[Rgb, ...], far: Rgb) -> Rgb:
    """The colour, taken only as far from the grounds as it must be to be read on each of them."""
    steps = (_mixed(colour, far, share / STEPS) for share in range(STEPS))
    return next((each for each in steps if all(contrast(each, g) >= READABLE for g in grounds)), far)


def _words_on(ground: Rgb) -> Rgb:
    return max((WHITE, BLACK), key=lambda words: contrast(words, ground))


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _rgb(digits: str) -> Rgb:
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
