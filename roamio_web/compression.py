"""Compresses the public pages that are drawn for one visitor; kept pages and static files arrive compressed.

Staff pages are left as they are: they hold a token beside what somebody typed, and compressing the two
together lets an eavesdropper guess the token from the size (BREACH). A proxy that compresses must leave
``/staff`` out too.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from roamio_web.security import Kind, kind_of

WORTH_IT = 1024
LEVEL = 5


def init_app(app: Flask) -> None:
    """Compress what is worth it."""
    app.after_request(_compress)


def takes_gzip() -> bool:
    """Whether the browser says that it can unpack gzip."""
    return _names_gzip(request.environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=64)
def _names_gzip(accepted: str) -> bool:
    """Browsers send a handful of different lists, so each is read once."""
    return parse_accept_header(accepted, Accept)["gzip"] > 0


def _compress(response: Response) -> Response:
    if (
        "Content-Encoding" in response.headers
        or response.mimetype != "text/html"
        or kind_of(request.endpoint, request.path) not in (Kind.PUBLIC, Kind.EMBED)
        or response.is_streamed
        or (response.content_length or 0) < WORTH_IT
    ):
        return response
    response.vary.add("Accept-Encoding")
    if takes_gzip():
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
