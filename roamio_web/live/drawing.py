"""Draws the pages' own fragments outside a request, and what many pages are shown only once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, render_template

T = TypeVar("T")

KEPT = 256  # things made; a message matters for the moment that it takes to reach the last page


@dataclass(frozen=True)
class Reading:
    """Something that was read for many, and when that began."""

    began: float
    coming: Future[Any]


class Drawing:
    """The fragments of one app; shared by all streams of the process.

    :param address: a place where the site is found: it draws nothing under a name that is not its own.
    """

    def __init__(self, app: Flask, address: str) -> None:
        self._app = app
        self._address = address
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._coming: dict[Hashable, Future[Any]] = {}
        self._read: dict[Hashable, Reading] = {}

    def draw(self, template: str, environ: dict[str, Any] | None = None, **context: Any) -> str:
        """Render a fragment.

        :param environ: the request of the person it is for, when it holds a form: a form carries a token that
            is good for their session alone. Without it, what comes out may be shown to others as well.
        """
        if environ is None:
            here = self._app.test_request_context(base_url=self._address)
        else:
            here = self._app.request_context(environ)
        with here:
            return render_template(template, **context)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returned the first time for this key; the others wait for the first.

        :raise Exception: what ``make`` raised, to all who waited; the next one tries again.
        """
        try:
            return cast(T, self._made[key])  # without the lock, for which a thousand would queue
        except KeyError:
            pass
        with self._lock:
            coming = self._coming.get(key)
            first = coming is None and key not in self._made
            if first:
                coming = self._coming[key] = Future()
        if coming is None:
            return self.once(key, make)
        if first:
            self._make(key, make, coming)
        return cast(T, coming.result())

    def fresh(self, key: Hashable, moment: float, make: Callable[[], T]) -> T:
        """What ``make`` returned for this key, called no earlier than ``moment`` (``time.monotonic``).

        All who ask for the same meanwhile share it, so that a thousand pages cost one or two calls.

        :raise Exception: what ``make`` raised, to all who shared it; the next one tries again.
        """
        while True:
            with self._lock:
                kept = self._read.get(key)
                first = kept is None or (kept.began < moment and kept.coming.done())
                if kept is None or first:
                    kept = self._read[key] = Reading(time.monotonic(), Future())
            if first:
                try:
                    kept.coming.set_result(make())
                except BaseException as error:
                    kept.coming.set_exception(error)
                    with self._lock:
                        self._read.pop(key, None)
            if first or kept.began >= moment:
                return cast(T, kept.coming.result())
            wait([kept.coming])

    def _make(self, key: Hashable, make: Callable[[], T], coming: Future[T]) -> None:
        try:
            made = make()
        except BaseException as error:
            with self._lock:
                del self._coming[key]
            coming.set_exception(error)
        else:
            with self._lock:
                self._made[key] = made
                del self._coming[key]
                while len(self._made) > KEPT:
                    self._made.popitem(last=False)
            coming.set_result(made)
