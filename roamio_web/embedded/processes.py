"""Child processes that never outlive this one."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int) -> Callable[[], None] | None:
    """What a child runs before its program, so that the kernel signals it when this process is killed.

    Linux only (None elsewhere). The C library is loaded here, before the fork: after it, little is safe.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # killed between the fork and the request
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_kernel


def stop(process: subprocess.Popen[bytes], steps: tuple[tuple[int, float], ...]) -> None:
    """End a child: send each signal in turn and give it that many seconds, then kill it."""
    for signal_number, patience in steps:
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal_number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    if process.poll() is None:
        process.kill()
        process.wait()


def command_line(pid: int) -> str | None:
    """How a running process was started, or None when there is none of that number."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return None
    answer = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


def last_lines(log: Path, count: int = 10) -> list[str]:
    """The end of a log file; empty when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16 * 1024))
            return file.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return []
