"""One change on its way to its subscribers: what each is told, if anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from roamio_web.embedded.realtime.changes.pgoutput import Change
from roamio_web.embedded.realtime.changes.subscription import Subscription
from roamio_web.embedded.realtime.changes.tables import Table


class Delivery:
    """Asks Postgres each question once for all who share the answer."""

    def __init__(
        self, connection: AsyncConnection[Any], table: Table, change: Change, committed_at: datetime
    ) -> None:
        self._connection = connection
        self._table = table
        self._change = change
        self._stamp = committed_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._json: tuple[dict[str, Any], dict[str, Any]] | None = None
        self._visible: dict[tuple[str, str], bool] = {}
        self._selectable: dict[str, frozenset[str]] = {}

    async def to(self, subscription: Subscription) -> dict[str, Any] | None:
        """What the subscriber is told, or None when it is none of their business."""
        table, change, person = self._table, self._change, subscription.person
        deleted = change.kind == "DELETE"
        for wanted in subscription.filters:
            if not await table.fits(self._connection, change.old if deleted else change.new, wanted):
                return None
        if person.role not in self._selectable:
            self._selectable[person.role] = await table.selectable(self._connection, person.role)
        granted = self._selectable[person.role]
        data: dict[str, Any] = {
            "schema": table.schema,
            "table": table.name,
            "type": change.kind,
            "commit_timestamp": self._stamp,
            "columns": [],
            "errors": None,
        }
        if not deleted and not table.keys:
            return data | {"errors": ["Error 400: Bad Request, no primary key"]}
        if not deleted and not table.keys <= granted:
            return data | {"errors": ["Error 401: Unauthorized"]}
        if not deleted and table.row_security and not await self._sees(subscription):
            return None
        shown = granted if subscription.columns is None else granted & (subscription.columns | table.keys)
        new, old = await self._as_json()
        data["columns"] = table.describe(shown)
        if not deleted:
            # A value that was too big to be logged again is in the old row, if that is logged whole.
            data["record"] = {name: value for name, value in (old | new).items() if name in shown}
        if change.kind != "INSERT":
            told = table.keys & shown if table.row_security else shown
            before = old or {name: new[name] for name in table.keys}
            data["old_record"] = {name: value for name, value in before.items() if name in told}
        return data

    async def _sees(self, subscription: Subscription) -> bool:
        key = subscription.person.role, subscription.person.settings("")["claims"]
        if key not in self._visible:
            self._visible[key] = await self._table.visible(
                self._connection, self._change.new, subscription.person
            )
        return self._visible[key]

    async def _as_json(self) -> tuple[dict[str, Any], dict[str, Any]]:
        if self._json is None:
            new = await self._table.as_json(self._connection, self._change.new)
            self._json = new, await self._table.as_json(self._connection, self._change.old)
        return self._json
