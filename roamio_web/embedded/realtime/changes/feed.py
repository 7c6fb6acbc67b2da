"""Polls a logical replication slot while somebody subscribes, and hands on each change."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import AsyncConnection

from roamio_web.embedded.realtime.changes.delivery import Delivery
from roamio_web.embedded.realtime.changes.pgoutput import Begin, Change, Decoder, Relation
from roamio_web.embedded.realtime.changes.subscription import ChangesRefused, Subscription
from roamio_web.embedded.realtime.changes.tables import SELECTABLE, Table

log = logging.getLogger(__name__)

PUBLICATION = "supabase_realtime"
INTERVAL = 0.1
BATCH = 1000
CHANGES = """
select data from pg_logical_slot_get_binary_changes(
  %s, null, %s, 'proto_version', '1', 'publication_names', %s)
"""


class ChangeFeed:
    """The subscriptions of all clients, and the one slot that serves them.

    The slot is temporary: it belongs to the feed's connection and goes with it, so that no write-ahead log
    piles up behind a feed that is gone.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._subscriptions: dict[Subscription, None] = {}
        self._starting = asyncio.Lock()
        self._connection: AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._slot = ""
        self._decoder = Decoder()
        self._tables: dict[int, Table] = {}
        self._committed_at = datetime.now(UTC)

    async def add(self, subscriptions: list[Subscription]) -> None:
        """Begin to deliver; changes committed after this returns are heard.

        :raise ChangesRefused: a table is not published, a column is not there, or the database is away.
        """
        async with self._starting:
            try:
                connection = self._connection or await self._start()
                for subscription in subscriptions:
                    await _check(connection, subscription)
            except psycopg.Error as error:
                raise ChangesRefused(f"Unable to subscribe to changes: {error}") from None
            self._subscriptions.update(dict.fromkeys(subscriptions))

    def remove(self, subscriptions: Iterable[Subscription]) -> None:
        """Deliver no more; the slot goes with the last subscription."""
        for subscription in subscriptions:
            self._subscriptions.pop(subscription, None)

    async def close(self) -> None:
        """Give up the slot."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _start(self) -> AsyncConnection[Any]:
        connection = await AsyncConnection.connect(self._dsn, autocommit=True, options="-c timezone=UTC")
        slot = f"roamio_changes_{uuid.uuid4().hex[:12]}"
        try:
            await connection.execute(
                "select pg_create_logical_replication_slot(%s, 'pgoutput', temporary => true)", (slot,)
            )
        except psycopg.Error:
            await connection.close()
            raise
        self._connection, self._slot, self._decoder = connection, slot, Decoder()
        self._tables.clear()
        self._task = asyncio.create_task(self._run(connection))
        return connection

    async def _run(self, connection: AsyncConnection[Any]) -> None:
        try:
            while True:
                await asyncio.sleep(INTERVAL)
                async with self._starting:
                    if not self._subscriptions:
                        break
                    await self._poll(connection)
        except psycopg.Error as error:
            log.warning("The feed of changes was lost: %s", error)
            lost, self._subscriptions = self._subscriptions, {}
            for subscription in lost:
                subscription.subscriber.lost("The connection to PostgreSQL was lost")
        finally:
            self._connection, self._task = None, None
            await connection.close()

    async def _poll(self, connection: AsyncConnection[Any]) -> None:
        cursor = await connection.execute(CHANGES, (self._slot, BATCH, PUBLICATION))
        for (data,) in await cursor.fetchall():
            message = self._decoder.decode(bytes(data))
            if isinstance(message, Begin):
                self._committed_at = message.committed_at
            elif isinstance(message, Relation):
                self._tables.pop(message.oid, None)
            elif isinstance(message, Change):
                await self._deliver(connection, message)

    async def _deliver(self, connection: AsyncConnection[Any], change: Change) -> None:
        relation = self._decoder.relations[change.relation]
        concerned = [
            subscription
            for subscription in self._subscriptions
            if subscription.concerns(change.kind, relation.schema, relation.table)
        ]
        if not concerned:
            return
        table = self._tables.get(relation.oid)
        if table is None:
            table = await Table.read(connection, relation.oid, relation.schema, relation.table)
            self._tables[relation.oid] = table
        delivery = Delivery(connection, table, change, self._committed_at)
        for subscription in concerned:
            data = await delivery.to(subscription)
            if data is not None:
                subscription.subscriber.deliver(subscription, data)


async def _check(connection: AsyncConnection[Any], subscription: Subscription) -> None:
    """:raise ChangesRefused: nothing of the kind is published, or a filter names a hidden column."""
    cursor = await connection.execute(
        "select to_regclass(format('%%I.%%I', schemaname, tablename))::oid from pg_publication_tables"
        " where pubname = %s and (%s = '*' or schemaname = %s) and (%s = '*' or tablename = %s)",
        (PUBLICATION, *[subscription.schema] * 2, *[subscription.table] * 2),
    )
    tables = [row[0] for row in await cursor.fetchall()]
    if not tables:
        raise ChangesRefused(
            "Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the "
            f"given connect parameters: [schema: {subscription.schema}, table: {subscription.table}]"
        )
    named = {wanted.column for wanted in subscription.filters} | (subscription.columns or frozenset())
    for oid in tables if named else ():
        cursor = await connection.execute(SELECTABLE, (oid, subscription.person.role))
        missing = named - {row[0] for row in await cursor.fetchall()}
        if missing:
            raise ChangesRefused(f"invalid column for filter {min(missing)}")
