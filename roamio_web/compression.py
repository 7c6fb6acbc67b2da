"""Compresses the public pages that are drawn for one visitor; kept pages and static files arrive compressed.

Staff pages are left as they are: they hold a token beside what somebody typed, and compressing the two
together lets an eavesdropper guess the token from the size (BREACH). A proxy that compresses must leave
``/staff`` out too.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

from roamio_web.security import Kind, kind_of

WORTH_IT = 1024
LEVEL = 5


def init_app(app: Flask) -> None:
    """Compress what is worth it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if (
        response.mimetype != "text/html"
        or kind_of(request.endpoint, request.path) not in (Kind.PUBLIC, Kind.EMBED)
        or "Content-Encoding" in response.headers
        or response.is_streamed
        or (response.content_length or 0) < WORTH_IT
    ):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
