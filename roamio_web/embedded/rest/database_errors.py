"""What a database error becomes over HTTP."""

from __future__ import annotations

import json
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from roamio_web.embedded.rest.errors import (
    RestError,
    bad_raise,
    lost_connection,
    no_free_connection,
)

STATUS = {
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "42883": 404,
    "42P01": 404,
    "42P17": 500,
    "53400": 500,
    "57P01": 503,
    "P0001": 400,
}
CLASS_STATUS = {
    "08": 503,
    "09": 500,
    "0L": 403,
    "0P": 403,
    "25": 500,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,
    "53": 503,
    "54": 500,
    "55": 500,
    "57": 500,
    "58": 500,
    "F0": 500,
    "HV": 500,
    "P0": 500,
    "XX": 500,
}


def from_database(error: Exception, *, authenticated: bool) -> RestError:
    """The answer to give; for the same error a stranger is asked to sign in, where others are refused."""
    if isinstance(error, PoolTimeout):
        return no_free_connection()
    if not isinstance(error, psycopg.Error) or error.sqlstate is None:
        return lost_connection()
    code = error.sqlstate
    message = error.diag.message_primary or ""
    if code == "PGRST":
        return _raised(message, error.diag.message_detail)
    status = _status(code, message, authenticated)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return RestError(status, code, message, error.diag.message_detail, error.diag.message_hint, headers)


def _status(code: str, message: str, authenticated: bool) -> int:
    if code == "42501":
        return 403 if authenticated else 401
    if code.startswith("PT"):
        return int(code[2:]) if code[2:].isdigit() and 100 <= int(code[2:]) <= 599 else 500
    if code == "21000":
        return 400 if message.endswith("requires a WHERE clause") else 500
    if code == "22023" and message.startswith("role") and message.endswith("does not exist"):
        return 401
    return STATUS.get(code) or CLASS_STATUS.get(code[:2], 400)


def _raised(message: str, detail: str | None) -> RestError:
    """``raise sqlstate 'PGRST'`` lets a function say the whole answer, in JSON."""
    said = _object(message)
    if said is None or "code" not in said or "message" not in said:
        return bad_raise(
            f"Invalid JSON value for MESSAGE: '{message}'",
            "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' "
            "and optional keys: 'details', 'hint'.",
        )
    how = _object(detail or "")
    headers = how.get("headers") if how else None
    status = how.get("status") if how else None
    if not isinstance(headers, dict) or not isinstance(status, int) or not 200 <= status <= 599:
        return bad_raise(
            "DETAIL is missing in the RAISE statement"
            if detail is None
            else f"Invalid JSON value for DETAIL: '{detail}'",
            "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' "
            "and optional key: 'status_text'.",
        )
    return RestError(
        status,
        str(said["code"]),
        str(said["message"]),
        said.get("details"),
        said.get("hint"),
        {str(name): str(value) for name, value in headers.items()},
    )


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
