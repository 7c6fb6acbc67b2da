"""Broadcast from the database: committed rows of ``realtime.messages`` reach their topic's listeners.

A trigger notifies with the row's id. Postgres delivers notifications after the commit and in commit order, so
the messages go out in that order too. Nothing is kept for whoever is away, as on a hosted project.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from roamio_web.embedded.realtime.topics import Address, Topics

log = logging.getLogger(__name__)

CHANNEL = "realtime_messages"
KEEP = "3 days"
SWEEP_EVERY = 60 * 60.0
RETRY_AFTER = 0.5


class DatabaseBroadcasts:
    """Listens to the database for as long as the server runs."""

    def __init__(
        self,
        dsn: str,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        topics: Topics,
        lost: Callable[[], None],
    ) -> None:
        self._dsn = dsn
        self._pool = pool
        self._topics = topics
        self._lost = lost
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Deliver until cancelled.

        When the listening connection is lost, messages may be too: ``lost`` disconnects every client, so that
        each notices and fetches afresh.
        """
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("The connection that listens for broadcasts was lost: %s", error)
            if self.ready.is_set():
                self.ready.clear()
                self._lost()
            await asyncio.sleep(RETRY_AFTER)

    async def sweep(self) -> None:
        """Delete messages older than three days, now and every hour, until cancelled."""
        while True:
            try:
                async with self._pool.connection() as connection:
                    await connection.execute(
                        "delete from realtime.messages where inserted_at < now() - %s::interval", (KEEP,)
                    )
            except psycopg.Error as error:
                log.warning("Old messages could not be deleted: %s", error)
            await asyncio.sleep(SWEEP_EVERY)

    async def _listen(self) -> None:
        async with await AsyncConnection.connect(self._dsn, autocommit=True) as connection:
            await connection.execute(f"listen {CHANNEL}")
            self.ready.set()
            while True:
                ids = [note.payload async for note in connection.notifies(stop_after=1)]
                await self._deliver(ids)

    async def _deliver(self, ids: list[str]) -> None:
        heard = self._topics.heard
        if not heard:
            return
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "select id::text, topic, private, event, payload from realtime.messages"
                " where id = any(%s::text[]::uuid[]) and topic = any(%s)",
                (ids, heard),
            )
            rows = {row[0]: row for row in await cursor.fetchall()}
        for message_id in ids:
            if message_id not in rows:
                continue  # heard by nobody, or deleted by the transaction that followed
            _, topic, private, event, payload = rows[message_id]
            body = {"event": event, "payload": payload, "type": "broadcast", "meta": {"id": message_id}}
            self._topics.broadcast(Address(topic, private), body)
