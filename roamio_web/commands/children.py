"""A program run beside this one: its output passed on, its last lines remembered, its end noticed."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping

from roamio_web.embedded.processes import die_with_parent, stop

REMEMBERED_LINES = 10


class Child:
    """A running program. Start all of them before listening to any: a fork and threads don't mix."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str]) -> None:
        self.name = name
        self._last: deque[str] = deque(maxlen=REMEMBERED_LINES)
        self.process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a Ctrl-C in the terminal is for the parent, which stops this in order
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no thread runs yet
        )
        self._reader: threading.Thread | None = None

    def listen(self, hear: Callable[[str], None]) -> None:
        """Hand each line that the program prints to ``hear``, in a thread."""
        self._reader = threading.Thread(
            target=self._read, args=[hear], name=f"{self.name}-output", daemon=True
        )
        self._reader.start()

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def last_words(self) -> list[str]:
        """The last lines that an ended program printed."""
        if self._reader:
            self._reader.join(timeout=2)
        return list(self._last)

    def stop(self, patience: float) -> None:
        """Ask the program to end, and kill it if it has not after that many seconds."""
        stop(self.process, ((signal.SIGTERM, patience),))

    def _read(self, hear: Callable[[str], None]) -> None:
        for raw in self.process.stdout or ():
            line = raw.decode(errors="replace").rstrip()
            self._last.append(line)
            hear(line)
