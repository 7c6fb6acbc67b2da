"""What runs on this machine."""

from __future__ import annotations

import socket
import subprocess


def running(mark: str) -> list[str]:
    """The command lines that contain this text."""
    listing = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True)
    return [line for line in listing.stdout.splitlines() if mark in line]


def listens(port: int) -> bool:
    """Whether somebody answers on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
