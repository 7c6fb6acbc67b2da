"""Draws the pages' own fragments outside a request, and what many pages are shown only once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any

from flask import Flask, render_template

KEPT = 256  # drawings; a message is of interest for the moment that it takes to reach the last page


class Drawing:
    """The fragments of one app; shared by all streams of the process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Future[str]] = OrderedDict()

    def draw(self, template: str, environ: dict[str, Any] | None = None, **context: Any) -> str:
        """Render a fragment.

        :param environ: the request of the person it is for, when it holds a form: a form carries a token that
            is good for their session alone. Without it, what comes out may be shown to others as well.
        """
        here = self._app.test_request_context() if environ is None else self._app.request_context(environ)
        with here:
            return render_template(template, **context)

    def once(self, key: Hashable, make: Callable[[], str]) -> str:
        """What ``make`` returned the first time for this key; the others wait for the first.

        :raise Exception: what ``make`` raised, to all who waited; the next one tries again.
        """
        with self._lock:
            drawn = self._made.get(key)
            first = drawn is None
            if drawn is None:
                drawn = self._made[key] = Future()
                while len(self._made) > KEPT:
                    self._made.popitem(last=False)
        if first:
            try:
                drawn.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._made.pop(key, None)
                drawn.set_exception(error)
                raise
        return drawn.result()
