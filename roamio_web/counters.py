"""Counts of one process, for rate limits: ``ROAMIO_RATE_STORAGE=process://``.

The ``memory://`` of the limits package starts a thread every time somebody is counted, which costs more than
the rest of taking a booking. Here what has run out is swept up by those who count, once a minute.
"""

from __future__ import annotations

import time
from threading import Lock

from limits.storage import Storage

SWEEP = 60.0
"""Seconds between two looks for counts that have run out."""


class ProcessCounts(Storage):
    """Fixed windows: a count begins with the first hit and is forgotten ``expiry`` seconds later."""

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - as the package declares it

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: object) -> None:
        super().__init__(uri, wrap_exceptions)
        self._counts: dict[str, tuple[int, float]] = {}
        self._swept_at = time.time()
        self._lock = Lock()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        with self._lock:
            if now - self._swept_at > SWEEP:
                self._counts = {each: count for each, count in self._counts.items() if count[1] > now}
                self._swept_at = now
            count, ends = self._counts.get(key, (0, 0.0))
            count, ends = (count, ends) if ends > now else (0, now + expiry)
            count = max(0, count + amount)  # what is taken back may have run out already
            self._counts[key] = (count, ends)
            return count

    def get(self, key: str) -> int:
        count, ends = self._counts.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        return self._counts.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            forgotten, self._counts = len(self._counts), {}
            return forgotten

    def clear(self, key: str) -> None:
        with self._lock:
            self._counts.pop(key, None)
