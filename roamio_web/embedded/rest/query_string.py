"""Turns a query string into a ``Query``."""

from __future__ import annotations

from urllib.parse import parse_qsl

from roamio_web.embedded.rest import errors
from roamio_web.embedded.rest.filter_parser import (
    looks_like_filter,
    parse_comparison,
    parse_key,
    parse_logic,
    parse_path,
)
from roamio_web.embedded.rest.select_parser import parse_names, parse_order, parse_select
from roamio_web.embedded.rest.syntax import Condition, Order, Path, Query, Window

RESERVED = frozenset({"select", "columns", "on_conflict"})
MOST_PARAMETERS = 1000
LARGEST_NUMBER = 2**63 - 1


def parse_query(raw: bytes, *, call: bool = False) -> Query:
    """Everything the query string asks for.

    With ``call`` (a function called by GET) a parameter that is no filter is an argument of the function.

    :raise RestError: PGRST100, a part does not follow the grammar; PGRST103, a limit below zero.
    """
    first: dict[str, str] = {}
    conditions: list[tuple[Path, Condition]] = []
    orders: dict[Path, tuple[Order, ...]] = {}
    limits: dict[Path, int] = {}
    offsets: dict[Path, int] = {}
    arguments: list[tuple[str, str]] = []
    for key, value in pairs(raw):
        word = key.rpartition(".")[2]
        if key in RESERVED:
            first.setdefault(key, value)
        elif word == "order":
            orders.setdefault(parse_path(key, "tree path")[0], parse_order(value))
        elif word == "limit":
            limits[parse_path(key, "tree path")[0]] = _number(value, "Limit")
        elif word == "offset":
            offsets[parse_path(key, "tree path")[0]] = _number(value, "Offset")
        elif word in ("and", "or"):
            path, operator = parse_path(key, "logic path")
            logic = parse_logic(operator, "not" in path, value)
            conditions.append((tuple(name for name in path if name != "not"), logic))
        elif call and not looks_like_filter(value):
            arguments.append((key, value))
        else:
            path, field = parse_key(key)
            conditions.append((path, parse_comparison(field, value)))
    windows = {path: Window(offsets.get(path, 0), limits.get(path)) for path in limits | offsets}
    return Query(
        parse_select(first.get("select", "*")),
        tuple(conditions),
        tuple(orders.items()),
        windows,
        parse_names(first["columns"], "columns") if "columns" in first else None,
        parse_names(first["on_conflict"], "on_conflict") if "on_conflict" in first else None,
        tuple(arguments),
    )


def pairs(raw: bytes) -> list[tuple[str, str]]:
    """The decoded parameters, in their order.

    :raise RestError: PGRST100, it is not UTF-8 or holds too many; 22021, it holds a zero byte.
    """
    if not raw:
        return []
    try:
        found = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except ValueError:
        details = f"It must be UTF-8, percent-encoded, with at most {MOST_PARAMETERS} parameters."
        raise errors.RestError(400, "PGRST100", "Could not read the query string", details) from None
    for key, value in found:
        refuse_zero_byte(key)
        refuse_zero_byte(value)
    return found


def refuse_zero_byte(text: str) -> None:
    """:raise RestError: the text holds a zero byte, which no Postgres text can hold."""
    if "\x00" in text:
        raise errors.RestError(400, "22021", 'invalid byte sequence for encoding "UTF8": 0x00')


def _number(text: str, name: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 19 or int(digits) > LARGEST_NUMBER:
        raise errors.unparsable(name.lower(), text, 0, "a whole number")
    if text.startswith("-") and int(digits):
        raise errors.invalid_range(f"{name} should be greater than or equal to zero.")
    return int(digits)
