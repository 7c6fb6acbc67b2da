"""Keeping time: a load has a rate, and an outage a length."""

from __future__ import annotations

import threading
import time


def pause(seconds: float) -> None:
    """Let so much time pass."""
    threading.Event().wait(max(0.0, seconds))


def pause_until(moment: float) -> None:
    """Let time pass until this moment of ``time.monotonic``."""
    pause(moment - time.monotonic())
