"""The body of a request: JSON, a form, or CSV."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any, Literal

from roamio_web.embedded.rest import errors
from roamio_web.embedded.rest.query_string import pairs, refuse_zero_byte

LARGEST_BODY = 16 * 1024 * 1024
RawType = Literal["json", "text", "xml", "bytea"]
FORM = "application/x-www-form-urlencoded"
RAW_TYPES: dict[str, RawType] = {"text/plain": "text", "text/xml": "xml", "application/octet-stream": "bytea"}


@dataclass(frozen=True, slots=True)
class Payload:
    """JSON text for Postgres to read, and the keys in it.

    ``kind`` is the JSON's outer form, or ``raw`` for a body that is a function's one unnamed argument.
    """

    text: str
    keys: frozenset[str]
    kind: Literal["object", "array", "raw"]
    raw: bytes = b""


def read_payload(
    body: bytes, content_type: str | None, columns: tuple[str, ...] | None, *, call: bool
) -> Payload:
    """Read the body as its ``Content-Type`` says; ``columns``, if given, says which keys count.

    :raise RestError: PGRST102, it can't be read or its rows have different keys; 413, it is too long.
    """
    if len(body) > LARGEST_BODY:
        raise errors.RestError(413, "PGRST102", f"Body longer than {LARGEST_BODY} bytes")
    kind = (content_type or "application/json").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _from_json(body, columns, call=call)
    if kind == "text/csv":
        return _from_rows(_read_csv(body))
    if kind == FORM:
        values = dict(pairs(body.strip()))
        return Payload(json.dumps(values), frozenset(values), "object")
    if call and kind in RAW_TYPES:
        return Payload(_decode(body) if kind != "application/octet-stream" else "", frozenset(), "raw", body)
    raise errors.invalid_body(f"Content-Type not acceptable: {kind}")


def _from_json(body: bytes, columns: tuple[str, ...] | None, *, call: bool) -> Payload:
    if not body.strip() and call:
        return Payload("{}", frozenset(columns or ()), "object")
    text = _decode(body)
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise errors.invalid_body("Empty or invalid json") from None
    if isinstance(value, dict):
        return Payload(text, frozenset(value if columns is None else columns), "object")
    if not isinstance(value, list):
        return Payload("[]", frozenset(columns or ()), "array")
    return _from_rows(value, text, columns)


def _from_rows(rows: list[Any], text: str | None = None, columns: tuple[str, ...] | None = None) -> Payload:
    keys = frozenset(columns) if columns is not None else None
    for row in rows:
        if not isinstance(row, dict):
            raise errors.invalid_body("All object keys must match")
        keys = frozenset(row) if keys is None else keys
        if columns is None and row.keys() != keys:
            raise errors.invalid_body("All object keys must match")
    return Payload(json.dumps(rows) if text is None else text, keys or frozenset(), "array")


def _read_csv(body: bytes) -> list[Any]:
    """Rows of text; the word NULL, unquoted or not, is null, as PostgREST has it."""
    reader = csv.reader(io.StringIO(_decode(body), newline=""))
    try:
        header, *lines = [line for line in reader if line]
    except (csv.Error, ValueError):
        raise errors.invalid_body("Empty or invalid csv") from None
    if any(len(line) != len(header) for line in lines):
        raise errors.invalid_body("All lines must have same number of fields")
    return [
        {name: None if cell == "NULL" else cell for name, cell in zip(header, line, strict=True)}
        for line in lines
    ]


def _decode(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise errors.invalid_body("Empty or invalid json") from None
    refuse_zero_byte(text)
    return text


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
