"""What concerns a person alone reaches their page, whatever else comes with it or has to be left out."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice

import pytest
from flask import Flask

from roamio_web.live.access_view import AccessView
from roamio_web.live.hub import Hub
from roamio_web.live.stream import RELOAD, Ticket, stream
from roamio_web.live.subscriber import (
    ACCESS,
    ASSIGNED,
    COMPANY,
    EVERYTHING,
    Interest,
    Mark,
    Message,
    Subscriber,
)
from roamio_web.models.staff import StaffMember


def told(event: str, number: int = 0) -> Message:
    return Message(f"{event}{number}", event, {"people": []} if event == COMPANY else {})


class OneQueue(Hub):
    """A hub that hands out the queue that a test fills."""

    def __init__(self, queue: Subscriber) -> None:
        super().__init__("http://supabase.example", "")
        self._queue = queue

    def subscribe(self, *_: object) -> Subscriber:
        return self._queue

    def unsubscribe(self, subscriber: Subscriber) -> None:
        pass


@pytest.mark.parametrize("mark", [Mark.LIVE, Mark.LOST])
def test_page_goes_when_the_connection_is_lost_in_the_same_moment_as_the_access(
    app: Flask, staff: Callable[[str], StaffMember], mark: Mark
) -> None:
    queue, viewer = Subscriber(), staff("viewer")
    for item in (Mark.LIVE, told(ACCESS), mark):
        queue.put(item)
    ticket = Ticket(viewer, "not asked for", time.time() + 3600)
    page = stream(OneQueue(queue), app.extensions["roamio.backend"], ticket, AccessView())
    assert next(islice(page, 1, None)).endswith(RELOAD)


@pytest.mark.parametrize("interest", [EVERYTHING, Interest(frozenset({"booking"}))])
def test_slow_page_still_hears_what_concerns_its_person(interest: Interest) -> None:
    slow = Subscriber(limit=5, interest=interest)
    for event in (ACCESS, ASSIGNED, COMPANY):
        slow.put(told(event, 1))
    for number in range(3):
        slow.put(told("booking", number))
    slow.put(told(COMPANY, 2))
    items = slow.take(1)
    assert {item.event for item in items if isinstance(item, Message)} == {ACCESS, ASSIGNED, COMPANY}
    assert items.index(Mark.LIVE) >= 0
    assert told(COMPANY, 2) in items, "the newest of them"
    assert told("booking", 0) not in items


def test_page_that_nobody_reads_keeps_no_more_than_its_limit() -> None:
    slow = Subscriber(limit=5)
    for number in range(100):
        slow.put(told(ASSIGNED, number))
    assert len(slow.take(1)) <= 6
