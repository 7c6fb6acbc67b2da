"""A network that loses answers: it hands requests on and drops what comes back, as often as it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 65536
PATIENCE = 10.0


class LossyNetwork:
    """Stands before a server on a port of its own. The next ``losses`` answers are lost, the rest pass."""

    def __init__(self, upstream: str, losses: int) -> None:
        address = urlsplit(upstream)
        self._upstream = (address.hostname or "", address.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.losses = losses
        self.carried = 0
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        """Carry one connection, until either side ends it or an answer of it is lost."""
        with suppress(OSError), near, socket.create_connection(self._upstream, PATIENCE) as far:
            threading.Thread(target=self._pump, args=(near, far), daemon=True).start()
            while answer := far.recv(CHUNK):
                self.carried += 1
                if self.losses:
                    self.losses -= 1
                    near.shutdown(socket.SHUT_RDWR)
                    return
                near.sendall(answer)

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                sink.sendall(data)


@contextmanager
def losing(upstream: str, losses: int) -> Iterator[LossyNetwork]:
    """A network before this server that loses so many answers."""
    network = LossyNetwork(upstream, losses)
    try:
        yield network
    finally:
        network.close()
