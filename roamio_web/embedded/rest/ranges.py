"""Pages: the ``Range`` header, ``Content-Range``, and the statuses that go with them."""

from __future__ import annotations

import re

from roamio_web.embedded.rest.errors import invalid_range
from roamio_web.embedded.rest.syntax import Window

RANGE = re.compile(r"([0-9]{1,18})-([0-9]{0,18})")
WHOLE = Window()


def narrow(window: Window, header: str | None) -> Window:
    """The rows that both the query string and the ``Range`` header ask for.

    :raise RestError: PGRST103, the header ends before it begins, or the two have no row in common.
    """
    found = RANGE.fullmatch(header.strip()) if header else None
    if found is None or window.limit == 0:
        return window
    first, last = int(found[1]), int(found[2]) if found[2] else None
    if last is not None and last < first:
        raise invalid_range(
            "The lower boundary must be lower than or equal to the upper boundary in the Range header."
        )
    ends = [end for end in (_end(window), None if last is None else last + 1) if end is not None]
    offset = max(window.offset, first)
    if ends and min(ends) <= offset:
        raise invalid_range("Limit should be greater than or equal to zero.")
    return Window(offset, min(ends) - offset if ends else None)


def cap(window: Window, most: int | None) -> Window:
    """The window, with no more rows than the project's ``max_rows`` allows."""
    if most is None:
        return window
    return Window(window.offset, most if window.limit is None else min(window.limit, most))


def content_range(first: int, rows: int, total: int | None) -> str:
    """``0-24/573``; the star stands for no rows, or for a total that was not asked for."""
    span = f"{first}-{first + rows - 1}" if rows and total != 0 else "*"
    return f"{span}/{'*' if total is None else total}"


def range_status(first: int, rows: int, total: int | None) -> int:
    """200 for everything (or who knows), 206 for a part, 416 for a start beyond the end."""
    if total is None:
        return 200
    if first > total:
        return 416
    return 206 if rows < total else 200


def _end(window: Window) -> int | None:
    return None if window.limit is None else window.offset + window.limit
