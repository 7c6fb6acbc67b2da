"""What a client asks for when it joins a topic."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

TRUE = (True, "true", "True", "TRUE")


@dataclass(frozen=True, slots=True)
class JoinConfig:
    """The ``config`` of a join, with the defaults that Supabase gives what is missing."""

    private: bool
    ack: bool
    to_self: bool
    replay: dict[str, Any] | None
    replication_ready: bool
    presence: bool
    presence_key: str
    changes: tuple[dict[str, Any], ...]

    @classmethod
    def from_payload(cls, payload: object) -> JoinConfig:
        """Read it leniently, as Supabase does: what has the wrong shape counts as absent."""
        config = _mapping(_mapping(payload).get("config"))
        broadcast, presence = _mapping(config.get("broadcast")), _mapping(config.get("presence"))
        changes = config.get("postgres_changes")
        replay = broadcast.get("replay")
        return cls(
            private=config.get("private") in TRUE,
            ack=broadcast.get("ack") in TRUE,
            to_self=broadcast.get("self") in TRUE,
            replay=replay if isinstance(replay, dict) else None,
            replication_ready=broadcast.get("replication_ready") in TRUE,
            presence=presence.get("enabled") in TRUE,
            presence_key=str(presence.get("key") or uuid.uuid4()),
            changes=tuple(c for c in changes if isinstance(c, dict)) if isinstance(changes, list) else (),
        )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
