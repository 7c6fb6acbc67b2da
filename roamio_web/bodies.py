"""Requests that don't say how long they are: read to their end, and refused in words when that is too much.

Browsers name the length of every form. What comes in chunks would otherwise be cut off at the limit without a
word (Werkzeug), and its sender's connection be reset before the answer is read.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Flask, abort, request

from roamio_web.config import Settings

DRAINED = 64 * 1024 * 1024
"""Bytes that are still read, and forgotten, so that the answer arrives."""
AT_ONCE = 64 * 1024


def init_app(app: Flask, settings: Settings) -> None:
    """Give every request a length before anything reads it."""

    @app.before_request
    def measure() -> None:
        environ = request.environ
        if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            return
        stream: IO[bytes] = environ["wsgi.input"]
        body = stream.read(settings.max_body + 1)
        if len(body) > settings.max_body:
            _drain(stream)
            abort(413)
        del environ["HTTP_TRANSFER_ENCODING"]
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}


def _drain(stream: IO[bytes]) -> None:
    left = DRAINED
    while left > 0 and (read := len(stream.read(AT_ONCE))):
        left -= read
