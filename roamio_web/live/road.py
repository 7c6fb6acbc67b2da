"""When to try again to reach Supabase Realtime, so that everybody is back soon and nobody rushes it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """How long to wait for what, in seconds."""

    grace: float = 10.0  # from the last page's closing to that of the connection
    lingering: float = 2.0  # from the last page of a booking to telling the others: a reload is no leaving
    connecting: float = 3.0
    joining: float = 10.0
    heartbeat: float = 10.0  # the client has its own, which Supabase needs every 25
    silence: float = 25.0  # without an answer to one, after which a connection counts as dead
    first_retry: float = 0.25
    last_retry: float = 15.0
    scouting: float = 0.7  # between the attempts of the one that tries for all while nobody gets through
    looking: float = 120.0  # between two looks at whether a person's access is what it was
    settling: float = 1.0  # from a connection's standing to such a look: the pages are read first
    rush: float = 0.5  # over which the others follow once somebody got through


class Road:
    """Whether Supabase can be reached, as the connections of one process find out for each other.

    While nobody gets through, one of them is the scout: it tries again and again, the others wait. Once it
    gets through they follow, spread over a moment. So an outage is over for everybody about a second after
    its end, and while it lasts a process makes about one attempt a second, and not one for each person. Lives
    on the hub's loop.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._scouted = False
        self._news = asyncio.Event()

    def is_clear(self) -> None:
        """Say that Supabase answers: whoever waits may try."""
        self._news.set()
        self._news = asyncio.Event()

    async def wait(self, pause: float) -> None:
        """Wait until it is the turn of a connection that did not get through.

        :param pause: seconds, at most, that it waits for others' news.
        """
        if self._scouted:
            await self._hear(pause * about())
            return
        self._scouted = True
        try:
            await asyncio.sleep(min(pause, self._patience.scouting) * about())
        finally:
            self._scouted = False

    async def _hear(self, pause: float) -> None:
        try:
            async with asyncio.timeout(pause):
                await self._news.wait()
        except TimeoutError:
            return
        await asyncio.sleep(min(self._patience.rush, pause) * random.random())  # noqa: S311 - spreads them


def about() -> float:
    """A factor that spreads reconnections."""
    return random.uniform(0.5, 1.0)  # noqa: S311
