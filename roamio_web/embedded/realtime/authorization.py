"""Who may use a private topic: asked of the policies on ``realtime.messages``, as that person.

As on a hosted project, a probe row stands for the message: whoever may select it may listen, whoever may
insert it may send. Everything happens in a transaction that is rolled back.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import AsyncConnection, errors
from psycopg_pool import AsyncConnectionPool

log = logging.getLogger(__name__)

ROLES = frozenset({"anon", "authenticated", "service_role"})
BROADCAST, PRESENCE = "broadcast", "presence"

BECOME = """
select set_config('role', %(role)s, true),
       set_config('realtime.topic', %(topic)s, true),
       set_config('request.jwt.claims', %(claims)s, true),
       set_config('request.jwt.claim.sub', %(sub)s, true),
       set_config('request.jwt.claim.role', %(role)s, true),
       set_config('request.headers', %(headers)s, true)
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever a token speaks for: the database role, the claims, and the headers of the connection."""

    role: str
    claims: Mapping[str, Any]
    headers: Mapping[str, str]

    def settings(self, topic: str) -> dict[str, str]:
        """The transaction settings that make Postgres decide as for this person."""
        return {
            "role": self.role,
            "topic": topic,
            "claims": json.dumps(dict(self.claims)),
            "sub": str(self.claims.get("sub") or ""),
            "headers": json.dumps(dict(self.headers)),
        }


class Authorizer:
    """Asks the database who may read and write a topic; its pool connects as the superuser."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool

    async def may_read(self, person: Person, topic: str, extensions: Iterable[str]) -> frozenset[str]:
        """Which of ``extensions`` (broadcast, presence) this person may listen to on the topic."""
        probes = {extension: uuid.uuid4() for extension in extensions}
        try:
            async with self._pool.connection() as connection, connection.transaction(force_rollback=True):
                for extension, probe in probes.items():
                    await connection.execute(
                        "insert into realtime.messages (id, topic, extension) values (%s, %s, %s)",
                        (probe, topic, extension),
                    )
                await connection.execute(BECOME, person.settings(topic))
                cursor = await connection.execute(
                    "select id from realtime.messages where id = any(%s)", (list(probes.values()),)
                )
                seen = {row[0] for row in await cursor.fetchall()}
        except errors.InsufficientPrivilege:
            return frozenset()
        except psycopg.Error as error:
            log.warning("A policy on realtime.messages failed for topic %s: %s", topic, error)
            return frozenset()
        return frozenset(extension for extension, probe in probes.items() if probe in seen)

    async def may_write(self, person: Person, topic: str, extension: str) -> bool:
        """Whether this person may send ``extension`` messages to the topic."""
        try:
            async with self._pool.connection() as connection, connection.transaction(force_rollback=True):
                await connection.execute(BECOME, person.settings(topic))
                await connection.execute(
                    "insert into realtime.messages (topic, extension) values (%s, %s)", (topic, extension)
                )
        except errors.InsufficientPrivilege:
            return False
        except psycopg.Error as error:
            log.warning("A policy on realtime.messages failed for topic %s: %s", topic, error)
            return False
        return True
