"""What all realtime connections share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from roamio_web.embedded.realtime.authorization import Authorizer
from roamio_web.embedded.realtime.broadcasts import DatabaseBroadcasts
from roamio_web.embedded.realtime.changes.feed import ChangeFeed
from roamio_web.embedded.realtime.presence import Presence
from roamio_web.embedded.realtime.topics import Topics


@dataclass(frozen=True)
class Services:
    """The parts of the server, made once while it runs."""

    jwt_secret: str
    pool: AsyncConnectionPool[AsyncConnection[Any]]
    authorizer: Authorizer
    topics: Topics
    presence: Presence
    broadcasts: DatabaseBroadcasts
    changes: ChangeFeed
