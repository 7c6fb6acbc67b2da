"""Brings changes from Supabase Realtime to the open pages: one loop in one thread a process.

A person's tabs share one upstream connection, made with that person's own token: Supabase says who may
listen.
"""

from __future__ import annotations

import asyncio
import threading

from roamio_web.live.places import Limits, Places, Refusal
from roamio_web.live.road import Patience, Road
from roamio_web.live.subscriber import EVERYTHING, LIMIT, Interest, Subscriber
from roamio_web.live.upstream import Look, Upstream
from roamio_web.models.staff import StaffMember

CLOSING = 1.5  # seconds for saying goodbye to Supabase when the process ends


class Hub:
    """Hands each stream its queue. Every public method may be called from any thread."""

    def __init__(
        self,
        url: str,
        key: str,
        patience: Patience | None = None,
        limit: int = LIMIT,
        limits: Limits | None = None,
        look: Look | None = None,
    ) -> None:
        self._url = url
        self._key = key
        self._patience = patience or Patience()
        self._road = Road(self._patience)
        self._limit = limit
        self._lock = threading.Lock()
        self._places = Places(limits or Limits())
        self._look = look
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        # By person, and by page; touched on the loop alone.
        self._upstreams: dict[str, Upstream] = {}
        self._shared: dict[Subscriber, Upstream] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def refusal(self, member: StaffMember) -> Refusal | None:
        """Why this person can't have another stream now, if they can't."""
        with self._lock:
            return self._places.refusal(member.id)

    def subscribe(
        self, member: StaffMember, token: str, token_ends: float, interest: Interest = EVERYTHING
    ) -> Subscriber:
        """A queue for one page of this person; it begins to fill when Supabase has let them in.

        Without a place for it, it is over as it begins. The person's oldest one ends when they have too many.

        :param token_ends: when the access token expires, in seconds since 1970.
        """
        subscriber = Subscriber(self._limit, interest)
        with self._lock:
            if self._closed or not self._places.take(subscriber, member.id):
                subscriber.end()
                return subscriber
            loop = self._loop or self._start()
            loop.call_soon_threadsafe(self._add, subscriber, member, token, token_ends)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget a page. When it was the person's last, their connection is closed a little later."""
        with self._lock:
            self._places.leave(subscriber)
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._remove, subscriber)

    def close(self) -> None:
        """End every stream at once, then all connections; from now on, streams end as they begin."""
        with self._lock:
            self._closed = True
            subscribers, loop, thread = self._places.streams(), self._loop, self._thread
            self._loop = self._thread = None
        for subscriber in subscribers:
            subscriber.end()
        if loop is not None and thread is not None:
            asyncio.run_coroutine_threadsafe(self._hang_up(), loop)
            thread.join(2 * CLOSING + 1)

    @property
    def open_streams(self) -> int:
        """How many pages are listening."""
        return len(self._places)

    def _start(self) -> asyncio.AbstractEventLoop:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, args=(self._loop,), name="live-hub", daemon=True)
        self._thread.start()
        return self._loop

    @staticmethod
    def _serve(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            loop.close()

    def _add(self, subscriber: Subscriber, member: StaffMember, token: str, token_ends: float) -> None:
        upstream = self._upstreams.get(member.id)
        if upstream is not None and upstream.topics != member.topics:  # another role than when it was made
            self._give_up(upstream)
            for other in upstream.subscribers:
                other.end()
            upstream = None
        if upstream is None:
            upstream = Upstream(
                self._url, self._key, member, self._patience, self._give_up, self._road, self._look
            )
            self._upstreams[member.id] = upstream
        self._shared[subscriber] = upstream
        upstream.add(subscriber, token, token_ends)

    def _remove(self, subscriber: Subscriber) -> None:
        upstream = self._shared.pop(subscriber, None)
        if upstream is None:
            return
        upstream.remove(subscriber)
        if not upstream.subscribers:
            loop = asyncio.get_running_loop()
            loop.call_later(self._patience.grace, self._close_if_unused, upstream)

    def _close_if_unused(self, upstream: Upstream) -> None:
        if not upstream.subscribers:
            self._give_up(upstream)

    def _give_up(self, upstream: Upstream) -> None:
        for person, known in tuple(self._upstreams.items()):
            if known is upstream:
                del self._upstreams[person]
        task = asyncio.ensure_future(upstream.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _hang_up(self) -> None:
        closing = [asyncio.ensure_future(upstream.close()) for upstream in self._upstreams.values()]
        if closing or self._closing:
            await asyncio.wait([*closing, *self._closing], timeout=CLOSING)
        # Twice: what is cancelled may begin to part with its connection.
        for _ in range(2):
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            for task in rest:
                task.cancel()
            if rest:
                await asyncio.wait(rest, timeout=CLOSING)
        await asyncio.sleep(0)  # a connection that was dropped is closed in the loop's next round
        asyncio.get_running_loop().stop()
