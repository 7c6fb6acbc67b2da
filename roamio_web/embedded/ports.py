"""Free ports on the loopback interface."""

from __future__ import annotations

import contextlib
import socket

LOOPBACK = "127.0.0.1"


def bind(port: int) -> socket.socket:
    """A socket that holds a loopback port, not yet listening; port 0 means any.

    :raise OSError: somebody has it.
    """
    door = socket.socket()
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((LOOPBACK, port))
    except OSError:
        door.close()
        raise
    return door


def is_free(port: int) -> bool:
    """Whether nobody has this port now."""
    with contextlib.suppress(OSError), bind(port):
        return True
    return False


def free_port(preferred: int = 0) -> int:
    """The preferred port if it is free, else any other."""
    with bind(preferred if is_free(preferred) else 0) as door:
        return int(door.getsockname()[1])
