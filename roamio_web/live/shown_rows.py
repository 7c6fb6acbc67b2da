"""Which rows a page of the list shows, so that it can say what a change does to the page's end."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from roamio_web.models.booking_query import BookingQuery, Cursor
from roamio_web.models.values import moment

NO_TIME = "9999"


class ShownRows:
    """The rows' sort keys in the page's order, and whether another page follows.

    A thousand pages show the same list: their keys are the same strings.
    """

    __slots__ = ("_descending", "_keys", "_size", "more")

    def __init__(self, keys: Iterable[str], size: int, *, descending: bool, more: bool) -> None:
        self._keys = [sys.intern(key) for key in keys]
        self._size = size
        self._descending = descending
        self.more = more

    @property
    def end(self) -> str | None:
        """The last row's key, when another page follows."""
        return self._keys[-1] if self.more and self._keys else None

    def take_out(self, row_id: str) -> bool:
        """Forget a row; returns whether it was there."""
        for place, key in enumerate(self._keys):
            if key.endswith(row_id):
                del self._keys[place]
                return True
        return False

    def put_in(self, key: str) -> bool:
        """Note a row in its place; returns False when it belongs to a later page."""
        place = bisect_left(self._keys, self._order(key), key=self._order)
        if place == len(self._keys) and (self.more or place >= self._size):
            self.more = True
            return False
        self._keys.insert(place, sys.intern(key))
        if len(self._keys) > self._size:
            self._keys.pop()
            self.more = True
        return True

    def _order(self, key: str) -> str | _Reversed:
        return _Reversed(key) if self._descending else key


class _Reversed(str):
    """Text that comes after what it would come before."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)


def page_behind(query: BookingQuery, key: str) -> BookingQuery:
    """The same question, from behind the row of this sort key on."""
    value, _, row_id = key.rpartition(" ")
    return replace(query, after=Cursor(None if value == NO_TIME else moment(value), row_id))
