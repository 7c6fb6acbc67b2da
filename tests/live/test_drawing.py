"""What many pages are shown is read once for all of them, and never too early for any."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from roamio_web.live.drawing import Drawing


@pytest.fixture
def drawing() -> Drawing:
    return Drawing(Flask("roamio"), "http://roamio.example")


def test_pages_that_ask_together_share_one_reading(drawing: Drawing) -> None:
    began, finish, read = threading.Event(), threading.Event(), []

    def make() -> int:
        began.set()
        finish.wait(10)
        read.append(None)
        return len(read)

    asked_at = time.monotonic()
    with ThreadPoolExecutor(5) as pages:
        shown = [pages.submit(drawing.fresh, "charts", asked_at, make) for _ in range(5)]
        assert began.wait(10)
        finish.set()
        assert [page.result(10) for page in shown] == [1] * 5
    assert drawing.fresh("charts", asked_at, make) == 1
    assert drawing.fresh("charts", time.monotonic(), make) == 2


def test_page_that_asks_while_an_older_reading_runs_waits_for_the_next(drawing: Drawing) -> None:
    began, finish = threading.Event(), threading.Event()

    def older() -> str:
        began.set()
        finish.wait(10)
        return "before the change"

    with ThreadPoolExecutor(2) as pages:
        early = pages.submit(drawing.fresh, "charts", time.monotonic(), older)
        assert began.wait(10)
        late = pages.submit(drawing.fresh, "charts", time.monotonic(), lambda: "after the change")
        finish.set()
        assert (early.result(10), late.result(10)) == ("before the change", "after the change")


def test_reading_that_failed_is_tried_again(drawing: Drawing) -> None:
    asked_at = time.monotonic()

    def fail() -> str:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        drawing.fresh("charts", asked_at, fail)
    assert drawing.fresh("charts", asked_at, lambda: "drawn") == "drawn"
