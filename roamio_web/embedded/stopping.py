"""Being told to stop by a signal, at any moment of a start or a run."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from types import FrameType, TracebackType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal said to stop."""


class StopSignals:
    """While the block runs, the first signal cuts it short; later ones change nothing.

    The exception that a signal raises is lost when it comes inside a destructor or a fork hook. So a long
    start asks ``check`` between its steps, and a server, which must not be cut off in mid-air, says with
    ``calls`` what to call instead.
    """

    def __init__(self) -> None:
        self._told = False
        self._call: Callable[[], None] | None = None
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> StopSignals:
        self._before = {number: signal.signal(number, self._hear) for number in STOP_SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        for number, handler in self._before.items():
            # Once told, the process is ending, and an impatient signal must not spoil that. To ignore it is
            # all that helps to the very end: Python takes its own handlers away before it is gone.
            signal.signal(number, signal.SIG_IGN if self._told else handler)  # type: ignore[arg-type]
        return kind is Stopped

    def check(self) -> None:
        """:raise Stopped: a signal came."""
        if self._told:
            raise Stopped

    def calls(self, call: Callable[[], None]) -> None:
        """From now on, call this when a signal comes, and at once if one has come."""
        self._call = call
        if self._told:
            call()

    def ignored(self) -> None:
        """From now on, do nothing when a signal comes: what was started is being stopped."""
        self._told = True
        self._call = None

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        first, self._told = not self._told, True
        if self._call:
            self._call()
        elif first:
            logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of what is cut short
            raise Stopped
