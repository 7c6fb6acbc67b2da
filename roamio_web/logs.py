"""The server's log: one JSON line a request, with an id to find it by, and nothing about a person.

What a visitor typed, tokens, queries and addresses stay out. An exception is logged as its type and the lines
of code it passed through, never with its message, because messages quote values.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

from roamio_web.config import Settings

access = logging.getLogger("roamio.access")
errors = logging.getLogger("roamio.errors")
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{7,63}")
ERROR_CODE = re.compile(r"[A-Z0-9]{3,10}")
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
TALKATIVE = ("httpx", "httpcore", "hpack", "h2", "urllib3", "websockets", "realtime", "werkzeug")
"""Libraries that log addresses with their queries at INFO; from them only warnings are kept."""


Count = Callable[[str, str, int, float | None], None]
"""Counts a request: its route, method, status, and how many seconds it took; None if it never began."""

_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


class JsonLines(logging.Formatter):
    """One JSON object a line; fields come from the record's ``fields``, exceptions without their messages."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["exception"] = describe(record.exc_info[1])
        return _encode(line)


class RoamioHandler(logging.StreamHandler[Any]):
    """Marks our own handler, so that a second app in one process replaces it and logs nothing twice."""


def init_app(app: Flask, settings: Settings, count: Count) -> None:
    """Give each request an id, and write one line and count it when it is done."""
    configure(settings.log_level)
    app.before_request(_begin)

    @app.after_request
    def end(response: Response) -> Response:
        return _end(response, count)


def configure(level: str) -> None:
    """Send everything this process logs to stderr as JSON lines."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, RoamioHandler)]:
        root.removeHandler(handler)
    handler = RoamioHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    logging.getLogger("roamio").setLevel(level)
    # What no line says need not be found out for each of them (Python's logging HOWTO, "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def describe(error: BaseException) -> dict[str, Any]:
    """An exception's type, its causes' types and the lines of code it passed; never what it quotes."""
    frames = traceback.extract_tb(error.__traceback__)
    causes: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause and len(causes) < 5:
        causes.append(_type_name(cause))
        cause = cause.__cause__ or cause.__context__
    code = getattr(error, "code", None)
    return {
        "type": _type_name(error),
        "code": code if isinstance(code, str) and ERROR_CODE.fullmatch(code) else None,
        "causes": causes,
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def exception(error: BaseException) -> None:
    """Log an error nobody expected, with the id of the request it broke."""
    fields = {"request": g.get("request_id"), "route": route(), "exception": describe(error)}
    errors.error("unexpected error", extra={"fields": fields})


def _type_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def route() -> str:
    """The pattern of the address, such as ``/book/<purpose>``: what a visitor put into it stays out."""
    rule = request.url_rule
    return rule.rule if rule else "(none)"


def method() -> str:
    """The request's method; whatever a visitor made up stays out."""
    asked = request.method
    return asked if asked in METHODS else "other"


def _begin() -> None:
    given = request.environ.get("HTTP_X_REQUEST_ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(12)
    g.request_started = time.perf_counter()


def _end(response: Response, count: Count) -> Response:
    started = g.get("request_started")
    took = None if started is None else time.perf_counter() - started
    asked, how, status = route(), method(), response.status_code
    fields = None
    if took is not None:
        response.headers["X-Request-ID"] = name = g.request_id
        fields = {
            "request": name,
            "method": how,
            "route": asked,
            "status": status,
            "ms": round(took * 1000, 1),
        }

    def note() -> None:
        count(asked, how, status, took)
        if fields:
            access.info("request", extra={"fields": fields})

    # When the answer is on its way: whoever asked need not wait for it. For a stream, now.
    if response.is_streamed:
        note()
    else:
        response.call_on_close(note)
    return response
