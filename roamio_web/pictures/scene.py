"""The picture that a link to Roamio shows: the sun over green hills, and the mark."""

from __future__ import annotations

from functools import lru_cache
from math import sin, sqrt

from roamio_web.pictures.mark import MARIGOLD, Rgb, mixed, pixel
from roamio_web.pictures.png import png

WIDTH, HEIGHT = 1200, 630
"""Pixels, as those who show link previews ask for."""
SKY: tuple[Rgb, Rgb] = ((255, 243, 214), (248, 189, 116))
HALO: Rgb = (251, 214, 150)
SUN = (810, 235, 105)
HILLS: tuple[tuple[Rgb, float, float, float, float], ...] = (
    ((169, 205, 191), 372, 42, 0.0105, 0.4),
    ((90, 164, 152), 430, 34, 0.0088, 2.6),
    ((31, 122, 114), 492, 26, 0.0073, 4.4),
    ((11, 95, 92), 556, 22, 0.0061, 1.1),
)
"""Colour, middle, height, waves a pixel and start of each range, the furthest first."""
MARK_SIZE, MARK_LEFT, MARK_TOP = 160, 120, 130


@lru_cache(maxsize=1)
def scene() -> bytes:
    """The picture as a PNG."""
    pixels = bytearray(WIDTH * HEIGHT * 3)
    sky = [mixed(*SKY, y / HEIGHT) for y in range(HEIGHT)]
    planes = [bytes(colour[part] for colour in sky) for part in range(3)]
    for x in range(WIDTH):
        for part, plane in enumerate(_column(x, planes)):
            pixels[x * 3 + part :: WIDTH * 3] = plane
    _stamp(pixels)
    return png(WIDTH, HEIGHT, bytes(pixels))


def _column(x: int, sky: list[bytes]) -> list[bytearray]:
    """One column of pixels, as a plane each of red, green and blue."""
    column = [bytearray(plane) for plane in sky]
    for radius, colour in ((SUN[2] * 1.5, HALO), (SUN[2], MARIGOLD)):
        aside = abs(x + 0.5 - SUN[0])
        if aside < radius:
            reach = sqrt(radius**2 - aside**2)
            _paint(column, SUN[1] - reach, SUN[1] + reach, colour)
    for colour, middle, height, waves, start in HILLS:
        _paint(column, middle + height * sin(x * waves + start), HEIGHT, colour)
    return column


def _paint(column: list[bytearray], top: float, bottom: float, colour: Rgb) -> None:
    """Paint from ``top`` to ``bottom``; the pixels that they cut take part of the colour."""
    first, last = int(top), int(bottom)
    for plane, part in zip(column, colour, strict=True):
        plane[first] += round((part - plane[first]) * (1 - (top - first)))
        plane[first + 1 : last] = bytes([part]) * (last - first - 1)
        if last < HEIGHT:
            plane[last] += round((part - plane[last]) * (bottom - last))


def _stamp(pixels: bytearray) -> None:
    for y in range(MARK_SIZE):
        for x in range(MARK_SIZE):
            colour, cover = pixel(x, y, MARK_SIZE)
            at = ((MARK_TOP + y) * WIDTH + MARK_LEFT + x) * 3
            below = (pixels[at], pixels[at + 1], pixels[at + 2])
            pixels[at : at + 3] = bytes(mixed(below, colour, cover))
