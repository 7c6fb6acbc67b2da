"""Keeps the catalog, and reads it again when the database says so or when something seems to be missing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from psycopg import AsyncConnection

from roamio_web.embedded.rest.catalog import Catalog
from roamio_web.embedded.rest.catalog_loader import load_catalog

logger = logging.getLogger(__name__)

CHANNEL = "pgrst"
RELOAD_MESSAGES = ("", "reload schema", "reload config")
LONGEST_PAUSE = 8.0
PAUSE = 0.05  # seconds between readings for the sake of names that are not there


class SchemaCache:
    """One catalog for all requests; ``catalog`` is replaced, never changed.

    ``changed`` is awaited after every reading but the first.
    """

    def __init__(self, dsn: str, schemas: tuple[str, ...], changed: Callable[[], Awaitable[None]]) -> None:
        self._dsn = dsn
        self._schemas = schemas
        self._changed = changed
        self._lock = asyncio.Lock()
        self._read_at = 0.0
        self.catalog = Catalog()

    @contextlib.asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Read the catalog, and keep it fresh while the block lasts."""
        await self.reload()
        listener = asyncio.create_task(self._listen(), name="rest schema cache")
        try:
            yield
        finally:
            listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listener

    async def reload(self) -> None:
        """Read the catalog now."""
        async with self._lock, await self._connect() as connection:
            await self._load(connection)

    async def look_again(self) -> None:
        """Have the catalog read after this moment: a name that it lacks may be new.

        However many ask, it is read no more often than ``PAUSE`` allows.
        """
        asked = time.monotonic()
        async with self._lock:
            if self._read_at >= asked:
                return
            await asyncio.sleep(self._read_at + PAUSE - asked)
            async with await self._connect() as connection:
                await self._load(connection)

    async def _load(self, connection: AsyncConnection[object]) -> None:
        began = time.monotonic()
        catalog = await load_catalog(connection, self._schemas)
        first, self._read_at = not self._read_at, began
        changed, self.catalog = catalog != self.catalog, catalog
        if changed and not first:
            await self._changed()

    async def _connect(self) -> AsyncConnection[object]:
        return await AsyncConnection.connect(self._dsn, autocommit=True)

    async def _listen(self) -> None:
        """Reload at every notice; after a lost connection too, since notices may have been missed."""
        pause = 0.1
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    if pause > 0.1:
                        await self.reload()
                    pause = 0.1
                    async for notice in connection.notifies():
                        if notice.payload in RELOAD_MESSAGES:
                            await self.reload()
            except Exception as error:  # a schema that changes while it is read fails in many ways
                logger.warning("The schema cache reads again: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
