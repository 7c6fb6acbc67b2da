"""Phoenix frames, as Supabase Realtime's clients write and read them.

Two spellings are in use: protocol 1.0.0 (a JSON object: the Python client) and 2.0.0 (a JSON array). Binary
frames of 2.0.0 are not spoken: they are refused, never guessed at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

VERSIONS = ("1.0.0", "2.0.0")
PREFIX = "realtime:"


class BadFrame(Exception):
    """A client sent something that is no Phoenix frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message in either direction; ``ref`` ties a reply to what it answers."""

    topic: str
    event: str
    payload: Any = field(default_factory=dict)
    ref: str | None = None
    join_ref: str | None = None

    def reply(self, status: str, response: Any = None) -> Frame:
        """The ``phx_reply`` to this frame."""
        payload = {"status": status, "response": {} if response is None else response}
        return Frame(self.topic, "phx_reply", payload, self.ref, self.join_ref)

    def encode(self, version: str) -> str:
        """The frame as text in the client's protocol version."""
        if version == "2.0.0":
            body: Any = [self.join_ref, self.ref, self.topic, self.event, self.payload]
        else:
            body = {"topic": self.topic, "event": self.event, "payload": self.payload, "ref": self.ref}
        return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def decode(text: str, version: str) -> Frame:
    """The frame that a client sent.

    :raise BadFrame: it is no JSON, or has another shape.
    """
    try:
        body = json.loads(text)
    except ValueError:
        raise BadFrame("not JSON") from None
    if version == "2.0.0" and isinstance(body, list) and len(body) == 5:
        join_ref, ref, topic, event, payload = body
    elif version == "1.0.0" and isinstance(body, dict):
        join_ref, ref = body.get("join_ref"), body.get("ref")
        topic, event, payload = body.get("topic"), body.get("event"), body.get("payload")
    else:
        raise BadFrame(f"not a frame of protocol {version}")
    if not (isinstance(topic, str) and isinstance(event, str)):
        raise BadFrame("a frame needs a topic and an event")
    return Frame(topic, event, {} if payload is None else payload, _text(ref), _text(join_ref))


def _text(ref: object) -> str | None:
    return None if ref is None else str(ref)
