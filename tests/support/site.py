"""Serves the site as production does, under gunicorn, on a free port of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from roamio_web.embedded.processes import die_with_parent
from tests.support.repository import ROOT

START = 30.0
STOP = 15.0
LAST_WORDS = 40
APP = "roamio_web:create_app()"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Site:
    """A running site: its address, the process that serves it, and where that one logs."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> list[int]:
        """The processes that answer, of which this one is the master (on Linux)."""
        master = self.process.pid
        return [int(child) for child in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def last_words(self) -> str:
        """The end of its log, for the message of a failed test."""
        return "\n".join(self.log.read_text().splitlines()[-LAST_WORDS:])


@contextmanager
def serve(settings: Mapping[str, str], log: Path, app: str = APP) -> Iterator[Site]:
    """Serve ``app`` on these settings and nothing else of the environment's, until the block ends.

    The socket is opened here and handed over, so no other process can take the port in between.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    environment = {key: os.environ[key] for key in KEPT if key in os.environ}
    environment |= settings | {"ROAMIO_BIND": f"fd://{listener.fileno()}"}
    with log.open("wb") as output, listener:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:roamio_web.server", app],
            cwd=ROOT,
            env=environment,
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - it takes no lock
        )
    try:
        _wait_until_it_answers(url, process, log)
        yield Site(url, process, log)
    finally:
        process.terminate()
        process.wait(STOP)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """The socket listens already, so the first request waits for the first worker."""
    try:
        httpx.get(f"{url}/healthz", timeout=START)
    except httpx.HTTPError as problem:
        process.kill()
        raise AssertionError(f"The site did not start:\n{log.read_text()}") from problem
