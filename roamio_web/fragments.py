"""One address, two sizes: the page, or the fragment of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request


def wants_fragment() -> bool:
    """Whether htmx will swap the answer into the page that is already there.

    Nearly every visitor's request lacks these headers, and Werkzeug takes long to say that one is missing.
    """
    headers = request.environ
    return headers.get("HTTP_HX_REQUEST") == "true" and headers.get("HTTP_HX_REQUEST_TYPE") != "full"


def answer(page: str, fragment: str, context: Mapping[str, Any], status: int = 200) -> Response:
    """Render the fragment for htmx, else the page that includes it, and let caches know that they differ."""
    response = make_response(render_template(fragment if wants_fragment() else page, **context), status)
    response.vary.add("HX-Request")
    response.vary.add("HX-Request-Type")
    return response
