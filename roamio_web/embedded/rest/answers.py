"""Makes the HTTP answer out of what the database gave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from roamio_web.embedded.rest.errors import RestError
from roamio_web.embedded.rest.request import ApiRequest

JSON_TYPE = "application/json; charset=utf-8"


def error_answer(error: RestError, *, head: bool = False) -> Response:
    """The error's status and body; the code is in a header too, for answers without a body."""
    headers = {
        "Content-Type": JSON_TYPE,
        "Proxy-Status": f"PostgREST; error={error.code}",
        **error.headers,
    }
    body = b"" if head else json.dumps(error.body(), separators=(",", ":")).encode()
    return _response(error.status, body, headers)


def answer(
    request: ApiRequest,
    status: int,
    headers: Mapping[str, str | None],
    body: bytes | None = None,
    said: tuple[Any, Any] = (None, None),
) -> Response:
    """An answer; ``body`` None is none at all. ``said`` is what functions set of its headers and status.

    :raise RestError: PGRST111 or PGRST112, they set nonsense.
    """
    given = {name: value for name, value in headers.items() if value is not None}
    if body is not None:
        given["Content-Type"] = request.media.content_type
        if request.target.profile:
            given["Content-Profile"] = request.target.profile
    set_headers, set_status = said
    if set_headers:
        given = _merge(given, _said_headers(set_headers))
    if set_status:
        status = _said_status(set_status)
    return _response(status, b"" if request.is_head else body or b"", given)


def location(request: ApiRequest, key: bytes | None) -> str | None:
    """Where the one new row is found."""
    if not key:
        return None
    parts = {name: "is.null" if value is None else f"eq.{value}" for name, value in json.loads(key)}
    return f"/{request.at.name}?{urlencode(parts)}"


def _said_headers(raw: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    try:
        for each in json.loads(raw):
            ((name, value),) = each.items()
            if not isinstance(value, str) or not name.isprintable() or not value.isprintable():
                raise ValueError
            found.append((name, value))
    except (ValueError, AttributeError, TypeError):
        raise RestError(
            500,
            "PGRST111",
            "response.headers guc must be a JSON array composed of objects "
            "with a single key and a string value",
        ) from None
    return found


def _said_status(raw: bytes) -> int:
    if not raw.isdigit() or not 200 <= int(raw[:4]) <= 599:
        raise RestError(500, "PGRST112", "response.status guc must be a valid status code")
    return int(raw)


def _merge(given: dict[str, str], said: list[tuple[str, str]]) -> dict[str, str]:
    names = {name.lower() for name, _ in said}
    return {name: value for name, value in given.items() if name.lower() not in names} | dict(said)


def _response(status: int, body: bytes, headers: Mapping[str, str]) -> Response:
    response = Response(body, status)
    for name, value in headers.items():
        response.headers[name] = value
    return response
