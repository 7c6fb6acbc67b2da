"""Who listens to which topic, and the fan-out of one message to all of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple, Protocol

from roamio_web.embedded.realtime.protocol import PREFIX, VERSIONS, Frame


class Address(NamedTuple):
    """A topic; the private and the public one of the same name are two."""

    topic: str
    private: bool


class Listener(Protocol):
    """A joined channel, as the fan-out sees it."""

    version: str
    hears_broadcast: bool
    hears_presence: bool

    def push(self, text: str) -> None: ...


class Topics:
    """The joined channels of this process by address."""

    def __init__(self) -> None:
        self._listeners: defaultdict[Address, dict[Listener, None]] = defaultdict(dict)

    def join(self, address: Address, listener: Listener) -> None:
        self._listeners[address][listener] = None

    def leave(self, address: Address, listener: Listener) -> None:
        listeners = self._listeners.get(address, {})
        listeners.pop(listener, None)
        if not listeners:
            self._listeners.pop(address, None)

    @property
    def heard(self) -> list[str]:
        """The names of the topics that somebody listens to."""
        return [address.topic for address in self._listeners]

    def broadcast(self, address: Address, payload: dict[str, Any], sender: Listener | None = None) -> None:
        """Send a broadcast to everyone on the address except ``sender``; in the order they joined."""
        self._fan_out(address, "broadcast", payload, sender)

    def presence(self, address: Address, diff: dict[str, Any]) -> None:
        """Tell everyone on the address who came and who went."""
        self._fan_out(address, "presence_diff", diff, None)

    def _fan_out(
        self, address: Address, event: str, payload: dict[str, Any], sender: Listener | None
    ) -> None:
        listeners = self._listeners.get(address)
        if not listeners:
            return
        frame = Frame(PREFIX + address.topic, event, payload)
        texts = {version: frame.encode(version) for version in VERSIONS}
        for listener in tuple(listeners):
            hears = listener.hears_presence if event == "presence_diff" else listener.hears_broadcast
            if hears and listener is not sender:
                listener.push(texts[listener.version])
