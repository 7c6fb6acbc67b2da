"""Pages that are the same for everybody: rendered once, compressed once, and then only handed out.

Drawing a form with its 249 countries takes ten milliseconds; handing out a kept one takes a hundredth of
that. What differs from visitor to visitor, such as a form's ticket, is put into holes in the page.
"""

from __future__ import annotations

import re
import zlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from enum import StrEnum
from threading import Lock
from typing import Generic, TypeVar

from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import Headers

from roamio_web.compression import takes_gzip
from roamio_web.languages import language_of

GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
RAW_DEFLATE = -15
BEST = 9
LONGEST_STORED = 0xFFFF
CHECKSUM_BITS = 32
AT_ONCE = 4
ALL_OF_THEM = (1 << AT_ONCE) - 1
MOST = 200
HTML = "text/html; charset=utf-8"
T = TypeVar("T")


class Hole(StrEnum):
    """What differs from visitor to visitor; each stands in the page as a text that nothing else there has."""

    TICKET = "hole-for-the-ticket"
    HANDED_ON = "hole-for-what-is-handed-on"
    """What the form's own address says of where the visitor comes from."""
    ARGUMENTS = "hole-for-the-arguments"
    """What the address of the same page in another language says."""


HOLES = re.compile(f"({'|'.join(Hole)})")
Fillings = Mapping[Hole, str]
"""What belongs into each hole, as it stands in HTML; a hole that is not named stays empty."""


class Piece:
    """A part of a page that never changes: as it is, as a deflate block, and what it does to a checksum."""

    def __init__(self, data: bytes, ending: int) -> None:
        self.data = data
        self.squeezed = _deflated(data, ending)
        # A checksum of what comes before goes through the piece by four bits at once, each by itself (CRC is
        # linear).
        nothing = bytes(len(data))
        still = zlib.crc32(nothing)
        self._own = zlib.crc32(data)
        self._shifted = [
            [zlib.crc32(nothing, bits << place) ^ still for bits in range(1 << AT_ONCE)]
            for place in range(0, CHECKSUM_BITS, AT_ONCE)
        ]

    def check_after(self, check: int) -> int:
        """``zlib.crc32(self.data, check)``, without reading the piece again."""
        check_after = self._own
        for shifted in self._shifted:
            check_after ^= shifted[check & ALL_OF_THEM]
            check >>= AT_ONCE
        return check_after


class KeptPage:
    """A page with holes. Its compressed pieces are whole deflate blocks, so they can be joined."""

    def __init__(self, text: str) -> None:
        *pieces, (last, _) = _pieces(text)
        self._pieces = [
            *((Piece(piece.encode(), zlib.Z_FULL_FLUSH), hole) for piece, hole in pieces),
            (Piece(last.encode(), zlib.Z_FINISH), None),
        ]

    def plain(self, fillings: Fillings) -> bytes:
        """The page with its holes filled."""
        return b"".join(piece.data + _filling(hole, fillings) for piece, hole in self._pieces)

    def zipped(self, fillings: Fillings) -> bytes:
        """The same as gzip would make it."""
        parts, check, size = [GZIP_HEADER], 0, 0
        for piece, hole in self._pieces:
            filling = _filling(hole, fillings)
            parts += (piece.squeezed, _stored(filling))
            check = zlib.crc32(filling, piece.check_after(check))
            size += len(piece.data) + len(filling)
        parts += (check.to_bytes(4, "little"), (size & 0xFFFFFFFF).to_bytes(4, "little"))
        return b"".join(parts)

    def response(self, fillings: Fillings | None = None, vary: str = "Accept-Encoding") -> Response:
        """The page, compressed if the browser takes that."""
        headers = Headers([("Content-Type", HTML), ("Vary", vary)])
        if not takes_gzip():
            return Response(self.plain(fillings or {}), headers=headers)
        headers.add("Content-Encoding", "gzip")
        return Response(self.zipped(fillings or {}), headers=headers)


class Shelf(Generic[T]):
    """What was asked for most recently, such as pages."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        """What is kept under this key, if it is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def __iter__(self) -> Iterator[Hashable]:
        """The keys, first the one that nobody asked for longest."""
        with self._lock:
            return iter(list(self._kept))

    def put(self, key: Hashable, kept: T) -> None:
        """Keep this, in place of what nobody asked for longest."""
        with self._lock:
            self._kept[key] = kept
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


def init_app(app: Flask) -> None:
    """Start with no page kept."""
    app.extensions["roamio.pages"] = Shelf[KeptPage]()


def kept(key: Hashable, draw: Callable[[], str], holes: Collection[Hole] = ()) -> KeptPage:
    """The page with these holes that is kept under this key, drawn now if it is the first to ask.

    A page names its own address, so each name that the site is called by has its own, in each language. There
    are only so many: whoever makes up names makes the page that is asked for least be drawn again.
    """
    shelf: Shelf[KeptPage] = current_app.extensions["roamio.pages"]
    key = (request.scheme, request.host, language_of(request.path).code, *holes, key)
    page = shelf.get(key)
    if page is None or current_app.debug:
        g.holes = holes
        try:
            page = KeptPage(draw())
        finally:
            g.holes = None
        shelf.put(key, page)
    return page


def hole_or(hole: Hole, text: str) -> str:
    """What one visitor's page says here; in everybody's the hole, or nothing if there is none."""
    holes = g.get("holes")
    if holes is None:
        return text
    return hole if hole in holes else ""


def _pieces(text: str) -> Iterator[tuple[str, Hole | None]]:
    """Each piece of the page and the hole after it; after the last there is none."""
    parts = iter(HOLES.split(text))
    for piece in parts:
        hole = next(parts, None)
        yield piece, Hole(hole) if hole else None


def _filling(hole: Hole | None, fillings: Fillings) -> bytes:
    return fillings.get(hole, "").encode() if hole else b""


def _deflated(data: bytes, ending: int) -> bytes:
    squeeze = zlib.compressobj(BEST, zlib.DEFLATED, RAW_DEFLATE)
    return squeeze.compress(data) + squeeze.flush(ending)


def _stored(data: bytes) -> bytes:
    """The data as deflate blocks that hold it as it is: quicker than to compress a few bytes."""
    blocks: list[bytes] = []
    for start in range(0, len(data), LONGEST_STORED):
        block = data[start : start + LONGEST_STORED]
        size = len(block)
        blocks += (b"\x00", size.to_bytes(2, "little"), (size ^ 0xFFFF).to_bytes(2, "little"), block)
    return b"".join(blocks)
