"""One open page's stream: the page's content when the connection is made, and then what changes.

Supabase Realtime promises no delivery and keeps no queue. So whenever a message may have been missed, what
the page shows is read anew and sent over the stream, before the messages that have come since.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import UTC, datetime

from roamio_web.backend import Backend
from roamio_web.live.hub import Hub
from roamio_web.live.readers import readers
from roamio_web.live.sse import sse
from roamio_web.live.subscriber import ACCESS, ASSIGNED, COMPANY, Item, Mark, Message, Subscriber
from roamio_web.live.view import Demand, Gone, ReadAgain, View
from roamio_web.models.staff import StaffMember
from roamio_web.services.failures import NotFound, TokenRefused, Unavailable

log = logging.getLogger("roamio.live")

HEARTBEAT = 15.0  # seconds; live.js takes three times as long a silence for a dead connection
PRESENT = 2.0  # the same where others are told that the page is open: writing to it shows that it is not
MARGIN = 30.0  # seconds before its token's end at which a stream ends, so that the next one begins in time
SETTLING = 0.05  # seconds to wait for the other messages of one change before a page is read again
RETRY = 2.0  # seconds, half as much more or less, before a page that could not be read is read again
SLACK = 0.1  # seconds after something became due in which every clock has noticed
HASTE = 0.5  # seconds in which a stream that is waiting for a reading notices its end
LARGE = 8192  # characters
RECONNECT = 500  # milliseconds after which the browser comes back; static/js/live.js says how it goes on

WAITING, LIVE = sse("waiting", "live:state", retry=RECONNECT), sse("live", "live:state")
NOTHING = ":\n\n"
BEAT, RELOAD, TOLD, REST = (sse(event=f"live:{name}") for name in ("beat", "reload", "assigned", "rest"))


@dataclass
class Ticket:
    """Whose stream it is, and until when."""

    member: StaffMember
    token: str
    token_ends: float  # seconds since 1970


def stream(hub: Hub, backend: Backend, ticket: Ticket, view: View) -> Iterator[str]:
    """The events of one page, until its token ends, the person's access changes, or the process stops."""
    subscriber = hub.subscribe(ticket.member, ticket.token, ticket.token_ends, view.interest)
    try:
        yield WAITING
        yield from _Follower(subscriber, backend, ticket, view).events()
    finally:
        hub.unsubscribe(subscriber)


class _Follower:
    """Keeps one page true."""

    def __init__(self, subscriber: Subscriber, backend: Backend, ticket: Ticket, view: View) -> None:
        self._subscriber = subscriber
        self._backend = backend
        self._ticket = ticket
        self._view = view
        self._pause = PRESENT if view.interest.room else HEARTBEAT
        self._connected = False  # whether messages are coming in
        self._due: float | None = None  # when the page is to be read; until then messages need no regard
        self._read_at = 0.0
        self._told_live = False
        self._since: Message | None = None  # the message that asked for the reading
        self._asked_at = 0.0  # when it came, or when the gap ended

    def events(self) -> Iterator[str]:
        end = time.monotonic() + self._ticket.token_ends - time.time() - MARGIN
        beat = time.monotonic() + self._pause
        while (now := time.monotonic()) < end:
            self._notice_turn(now)
            if self._due is not None and now >= self._due:
                text = self._read()
            else:
                until = min(end, beat, self._turn(now) if self._due is None else self._due)
                text = self._regard(self._subscriber.take(until - now))
            if text is None:
                return
            if not text and time.monotonic() >= beat:
                text = BEAT
            if text:
                over = text.endswith((RELOAD, REST))
                yield text
                if len(text) > LARGE:
                    # Whoever passes it on holds the last thing that came for as long as the page is quiet. A
                    # whole page would take more memory than all else of a stream.
                    text = ""
                    yield NOTHING
                if over:
                    return
                beat = time.monotonic() + self._pause

    def _turn(self, now: float) -> float:
        """When time alone changes the page, by the clock of ``now``; until the page has been read, never."""
        turns_at = self._view.turns_at
        if turns_at is None or not self._connected:
            return math.inf
        return now + (turns_at - datetime.now(UTC)).total_seconds() + SLACK

    def _notice_turn(self, now: float) -> None:
        """Have the page read if its time has come: once for all that show the same, as for a message."""
        if self._due is None and now >= self._turn(now):
            self._since = Message(f"turn {self._view.turns_at}", "turn", {})
            self._asked_at = self._due = now

    def _regard(self, items: list[Item]) -> str | None:
        """What these items have the page told; None at the end."""
        if Mark.END in items:
            return None
        if Mark.REST in items:
            return REST
        text = ""
        messages: list[Message] = []
        if items:
            self._asked_at = time.monotonic()
        for item in items:
            if isinstance(item, Message):
                # These three hold whether messages may have been missed or not.
                if item.event == ACCESS:
                    return RELOAD
                if item.event == COMPANY:
                    text += sse(self._view.change([item]))
                elif item.event == ASSIGNED:
                    text += TOLD
                else:
                    messages.append(item)
                continue
            messages.clear()
            self._connected = item is Mark.LIVE
            self._due = time.monotonic() if self._connected else None
            self._since = None
            text += self._tell_state(False)
        return text + self._change(messages) if self._connected and messages else text

    def _change(self, messages: list[Message]) -> str:
        if self._due is not None:
            self._since = messages[-1] if self._since is not None else None
            return ""
        try:
            html = self._view.change(messages)
        except ReadAgain as again:
            self._since = messages[-1]
            self._due = max(time.monotonic() + SETTLING, self._read_at + self._view.interest.pace)
            return sse(again.meanwhile) if again.meanwhile else ""
        except Gone:
            return RELOAD
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("A live message could not be understood: %s", type(error).__name__)
            self._due = time.monotonic()
            return ""
        return sse(html, message_id=messages[-1].id) if html else ""

    def _read(self) -> str | None:
        """The whole page, as it is now."""
        self._due, self._read_at = None, time.monotonic()
        try:
            client = self._backend.staff_member(self._ticket.token)
            html = self._wait_for(
                readers.submit(self._view.read, client, Demand(self._since, self._asked_at))
            )
        except TokenRefused:
            return None
        except NotFound:
            return RELOAD
        except Exception as error:  # the stream outlives whatever is wrong with one reading
            if not isinstance(error, Unavailable):
                log.error("A live page could not be read: %s", type(error).__name__, exc_info=error)
            self._due = time.monotonic() + RETRY * random.uniform(0.5, 1.5)  # noqa: S311 - spreads the load
            return self._tell_state(False)
        return "" if html is None else sse(html) + self._tell_state(True)

    def _wait_for(self, reading: Future[str]) -> str | None:
        """What was read, or None when the stream ended meanwhile."""
        while not self._subscriber.ended:
            if wait([reading], timeout=HASTE).done:
                return reading.result()
        reading.cancel()  # if it has not begun, nobody has a use for it
        return None

    def _tell_state(self, live: bool) -> str:
        if live == self._told_live:
            return ""
        self._told_live = live
        return LIVE if live else WAITING
