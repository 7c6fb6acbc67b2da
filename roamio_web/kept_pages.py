"""Pages that are the same for everybody: rendered once, compressed once, and then only handed out.

Drawing a form with its 249 countries takes ten milliseconds; handing out a kept one takes a hundredth of
that. What differs from visitor to visitor, a form's ticket, is put into a hole in the page.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import Flask, Response, current_app, request

from roamio_web.languages import language_of

HOLE = "hole-for-the-ticket"
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
RAW_DEFLATE = -15
BEST, FAST = 9, 1
MOST = 200


class KeptPage:
    """A page with at most one hole. Its compressed halves are whole deflate blocks that can be joined."""

    def __init__(self, text: str) -> None:
        before, _, after = text.partition(HOLE)
        self._before, self._after = before.encode(), after.encode()
        self._before_zipped = _deflated(self._before, BEST, zlib.Z_FULL_FLUSH)
        self._after_zipped = _deflated(self._after, BEST, zlib.Z_FINISH)
        self._before_sum = zlib.crc32(self._before)

    def plain(self, filling: str = "") -> bytes:
        """The page with its hole filled; the filling is not escaped."""
        return self._before + filling.encode() + self._after

    def zipped(self, filling: str = "") -> bytes:
        """The same as gzip would make it."""
        middle = filling.encode()
        check = zlib.crc32(self._after, zlib.crc32(middle, self._before_sum))
        size = len(self._before) + len(middle) + len(self._after)
        return b"".join(
            (
                GZIP_HEADER,
                self._before_zipped,
                _deflated(middle, FAST, zlib.Z_FULL_FLUSH),
                self._after_zipped,
                check.to_bytes(4, "little"),
                size.to_bytes(4, "little"),
            )
        )

    def response(self, filling: str = "") -> Response:
        """The page, compressed if the browser takes that."""
        if request.accept_encodings["gzip"] <= 0:
            response = Response(self.plain(filling), mimetype="text/html")
        else:
            response = Response(self.zipped(filling), mimetype="text/html")
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        return response


def init_app(app: Flask) -> None:
    """Start with no page kept."""
    app.extensions["roamio.pages"] = OrderedDict()


def kept(key: Hashable, draw: Callable[[], str]) -> KeptPage:
    """The page kept under this key, drawn now if it is the first to ask.

    A page names its own address, so each name that the site is called by has its own, in each language. There
    are only so many: whoever makes up names makes the oldest be drawn again.
    """
    pages: OrderedDict[Hashable, KeptPage] = current_app.extensions["roamio.pages"]
    key = (request.host_url, language_of(request.path).code, key)
    page = pages.get(key)
    if page is None or current_app.debug:
        page = pages[key] = KeptPage(draw())
        if len(pages) > MOST:
            pages.popitem(last=False)
    return page


def _deflated(data: bytes, level: int, ending: int) -> bytes:
    squeeze = zlib.compressobj(level, zlib.DEFLATED, RAW_DEFLATE)
    return squeeze.compress(data) + squeeze.flush(ending)
