"""Who runs PostgreSQL, and where its files lie so that this user can reach them.

PostgreSQL refuses to run as root. Started by root (a container, most often), it runs as an unprivileged user
instead, and that user may not be able to enter a folder such as ``/root`` in which the checkout lies.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import signal
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.processes import die_with_parent

UNPRIVILEGED_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Runner:
    """The user that PostgreSQL's programs run as; ``user`` is None when that is whoever runs this process."""

    user: pwd.struct_passwd | None

    def popen_options(self, parent_death: int = signal.SIGKILL) -> dict[str, Any]:
        """Arguments for ``subprocess`` that start a program as this user, bound to this process's life."""
        options: dict[str, Any] = {
            "cwd": "/",
            "start_new_session": True,  # a Ctrl-C in the terminal is for this process, which then stops it
            "preexec_fn": die_with_parent(parent_death),
        }
        if self.user:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return options

    def run(self, *command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as this user."""
        return subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, **self.popen_options()
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether this user gets into the folder and all those above it."""
        if self.user is None:
            return True
        try:
            parts = [part.stat() for part in (folder, *folder.parents)]
        except OSError:
            return False
        return all(part.st_mode & _search_bit(part, self.user) for part in parts)

    def give(self, path: Path) -> None:
        """Make this user the owner of a file or folder."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


def _search_bit(part: os.stat_result, user: pwd.struct_passwd) -> int:
    """The permission bit that decides whether this user gets into a folder."""
    if part.st_uid == user.pw_uid:
        return stat.S_IXUSR
    return stat.S_IXGRP if part.st_gid == user.pw_gid else stat.S_IXOTH


def choose() -> Runner:
    """This user, or an unprivileged one when this is root.

    :raise BackendError: this is root, and there is no such user.
    """
    if os.geteuid() != 0:
        return Runner(None)
    for name in UNPRIVILEGED_USERS:
        try:
            return Runner(pwd.getpwnam(name))
        except KeyError:
            continue
    raise BackendError(
        f"PostgreSQL doesn't run as root, and there is no user {' or '.join(UNPRIVILEGED_USERS)}: "
        "start this as an ordinary user."
    )


def make_home_elsewhere(data_dir: Path) -> Path:
    """A folder of root's for this data folder's files, outside all homes; the same one at each start.

    :raise BackendError: none can be made, or somebody else's is in its place.
    """
    for home in homes_elsewhere(data_dir):
        try:
            home.mkdir(mode=0o711)
        except FileExistsError:
            if not is_own_folder(home):
                raise BackendError(f"{home} belongs to somebody else: remove it.") from None
        except OSError:
            continue
        (home / "README").write_text(
            f"PostgreSQL's files of the data folder {data_dir}.\n"
            f"`roamio backend reset --data-dir {data_dir}` removes them.\n"
        )
        return home
    raise BackendError("No folder for the database can be made in /var/lib or /var/tmp.")


def homes_elsewhere(data_dir: Path) -> list[Path]:
    """Where ``make_home_elsewhere`` may have made a folder, best first."""
    name = f"roamio-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]}"
    parents = (Path("/var/lib"), Path("/var/tmp"), Path(tempfile.gettempdir()))  # noqa: S108 - checked for owner
    return [parent / name for parent in parents]


def is_own_folder(path: Path) -> bool:
    """Whether a real folder of this process's user is there."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
