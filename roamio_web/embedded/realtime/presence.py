"""Who is here: the presence state of each topic, kept in this process."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from roamio_web.embedded.realtime.topics import Address, Topics

Meta = dict[str, Any]


class Presence:
    """The tracked clients by address and presence key; tells the topic of each change."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._metas: defaultdict[Address, dict[str, dict[object, Meta]]] = defaultdict(dict)

    def state(self, address: Address) -> dict[str, Any]:
        """Everyone who is tracked, in the shape of ``presence_state``."""
        return {key: {"metas": list(metas.values())} for key, metas in self._metas.get(address, {}).items()}

    def track(self, address: Address, key: str, owner: object, payload: dict[str, Any]) -> None:
        """Say that ``owner`` is here as ``key``, or change what it says of itself."""
        metas = self._metas[address].setdefault(key, {})
        before = metas.get(owner)
        meta = {**payload, "phx_ref": uuid.uuid4().hex[:16]}
        if before is not None:
            meta["phx_ref_prev"] = before["phx_ref"]
        metas[owner] = meta
        leaves = {} if before is None else {key: {"metas": [before]}}
        self._topics.presence(address, {"joins": {key: {"metas": [meta]}}, "leaves": leaves})

    def untrack(self, address: Address, key: str, owner: object) -> None:
        """Say that ``owner`` is gone; nothing happens when it was never here."""
        keys = self._metas.get(address, {})
        meta = keys.get(key, {}).pop(owner, None)
        if meta is None:
            return
        if not keys[key]:
            del keys[key]
        if not keys:
            del self._metas[address]
        self._topics.presence(address, {"joins": {}, "leaves": {key: {"metas": [meta]}}})
