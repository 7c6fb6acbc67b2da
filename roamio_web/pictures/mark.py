"""The mark as pixels: the same shapes as ``static/img/mark.svg``, on its grid of 48."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import hypot

from roamio_web.pictures.png import png

GRID = 48
LAGOON, MARIGOLD, WHITE = (11, 95, 92), (242, 163, 27), (255, 255, 255)
STROKE = 4.5 / 2
Rgb = tuple[int, int, int]
Shape = Callable[[float, float], float]
"""How far a point is outside of a shape; negative inside."""


def _ground(x: float, y: float) -> float:
    """A square with round corners."""
    aside, down = abs(x - 24) - 11, abs(y - 24) - 11
    return hypot(max(aside, 0), max(down, 0)) + min(max(aside, down), 0) - 13


def _line(x1: float, y1: float, x2: float, y2: float) -> Shape:
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2

    def distance(x: float, y: float) -> float:
        along = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
        return hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1)) - STROKE

    return distance


def _bow(x: float, y: float) -> float:
    """The round half of the R."""
    if x < 25:
        return hypot(x - 25, abs(y - 18.75) - 7.25) - STROKE
    return abs(hypot(x - 25, y - 18.75) - 7.25) - STROKE


def _end(x: float, y: float) -> float:
    """Where the way ends."""
    return hypot(x - 34.5, y - 37) - 4.25


SHAPES: tuple[tuple[Shape, Rgb], ...] = (
    (_line(16, 37, 16, 11.5), WHITE),
    (_line(16, 11.5, 25, 11.5), WHITE),
    (_line(16, 26, 25, 26), WHITE),
    (_bow, WHITE),
    (_line(25, 26, 32.5, 34.5), MARIGOLD),
    (_end, MARIGOLD),
)
INSIDE = (13, 40, 8, 42)
"""Left, right, top and bottom of what is drawn on the ground."""


def pixel(x: float, y: float, size: int) -> tuple[Rgb, float]:
    """Colour and cover (0 to 1) of one pixel of the mark drawn at this size."""
    scale = GRID / size
    across, down = (x + 0.5) * scale, (y + 0.5) * scale
    colour = LAGOON
    if INSIDE[0] < across < INSIDE[1] and INSIDE[2] < down < INSIDE[3]:
        for shape, own in SHAPES:
            if cover := _cover(shape(across, down), scale):
                colour = mixed(colour, own, cover)
    return colour, _cover(_ground(across, down), scale)


@lru_cache(maxsize=8)
def mark(size: int, *, opaque: bool = False) -> bytes:
    """The mark as a PNG of ``size`` pixels; ``opaque`` fills its corners, for those who cut them."""
    pixels = bytearray()
    for y in range(size):
        for x in range(size):
            colour, cover = pixel(x, y, size)
            pixels += bytes((*colour, 255 if opaque else round(cover * 255)))
    return png(size, size, bytes(pixels))


def mixed(below: Rgb, above: Rgb, cover: float) -> Rgb:
    """One colour on another that it covers so far."""
    red, green, blue = (round(b + (a - b) * cover) for b, a in zip(below, above, strict=True))
    return red, green, blue


def _cover(distance: float, scale: float) -> float:
    return max(0.0, min(1.0, 0.5 - distance / scale))
