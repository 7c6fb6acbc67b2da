"""What a killed backend leaves behind, and how it is cleared away."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

from roamio_web.embedded import processes, runner
from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.state import DataFolder, State

STEPS = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 4.0), (signal.SIGKILL, 4.0))


def end_server(cluster: Path) -> None:
    """Stop the server that still runs on this cluster, and remove a dead one's lock files.

    PostgreSQL believes a lock file whose process number is in use, be it by a stranger who got it later or by
    the dead server itself, whom nobody has buried yet. Only a process that names this cluster is its server.
    """
    pid_file = cluster / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    for signal_number, patience in STEPS:
        deadline = time.monotonic() + patience
        if _runs(pid, cluster):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal_number)
        while _runs(pid, cluster) and time.monotonic() < deadline:
            time.sleep(0.02)
    if not _runs(pid, cluster):
        for lock in (pid_file, *cluster.parent.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)


def remove(folder: DataFolder) -> None:
    """Delete the databases of a data folder, also those that lie elsewhere, and the folder's own files."""
    try:
        state = folder.load()
    except BackendError:  # the state is broken: that is what a reset is for
        state = State()
    homes = {folder.path, *runner.homes_elsewhere(folder.path), Path(state.home or folder.path)}
    for home in homes:
        if home == folder.path or runner.is_own_folder(home):
            end_server(home / "postgres" / "cluster")
            shutil.rmtree(home / "postgres", ignore_errors=True)
    for home in homes - {folder.path}:
        if runner.is_own_folder(home):
            shutil.rmtree(home, ignore_errors=True)
    folder.remove()


def _runs(pid: int, cluster: Path) -> bool:
    return str(cluster) in (processes.command_line(pid) or "")
