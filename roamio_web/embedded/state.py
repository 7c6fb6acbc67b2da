"""The data folder: one backend at a time in it, and what has to survive a restart."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from roamio_web.embedded import tokens
from roamio_web.embedded.errors import BackendError

FILE = "state.json"
LOCK = "lock"
OWN_FILES = (FILE, LOCK, "postgres.log", "backend.log", "web.log")
OWN_FOLDERS = ("postgres", "mail")


@dataclass
class State:
    """Ports and secrets of one data folder, and where its database lies.

    ``home`` is the folder that holds the database: empty for the data folder itself, another one when the
    user that runs PostgreSQL can't reach it there.
    """

    jwt_secret: str = field(default_factory=lambda: secrets.token_hex(32))
    database_secret: str = field(default_factory=lambda: secrets.token_hex(32))
    secret_key: str = field(default_factory=lambda: secrets.token_hex(32))
    api_port: int = 0
    database_port: int = 0
    home: str = ""
    postgres_pid: int = 0
    pid: int = 0

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def anon_key(self) -> str:
        return tokens.api_key("anon", self.jwt_secret)

    @property
    def service_role_key(self) -> str:
        return tokens.api_key("service_role", self.jwt_secret)

    def password(self, role: str) -> str:
        """The password of a login role, known to this data folder alone."""
        return hmac.new(self.database_secret.encode(), role.encode(), hashlib.sha256).hexdigest()[:40]

    def database_url(self, role: str = "postgres") -> str:
        return f"postgresql://{role}:{self.password(role)}@127.0.0.1:{self.database_port}/postgres"


class DataFolder:
    """The folder named by ``--data-dir``."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    @property
    def mail(self) -> Path:
        return self.path / "mail"

    def exists(self) -> bool:
        """Whether a backend made this folder."""
        return (self.path / LOCK).exists()

    def create(self) -> None:
        """Make the folder, closed to other users' eyes but not to PostgreSQL's own user.

        :raise BackendError: something else is there, or it can't be written.
        """
        if self.path.is_dir() and any(self.path.iterdir()) and not self.exists():
            raise BackendError(
                f"{self.path} holds something else: name an empty or new folder with --data-dir."
            )
        try:
            self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
            (self.path / LOCK).touch(mode=0o600)
        except OSError as error:
            raise BackendError(
                f"The data folder {self.path} can't be used ({error.strerror}): name another with --data-dir."
            ) from error

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process; the kernel lets go of it however the process ends.

        :raise BackendError: another backend runs on it.
        """
        with (self.path / LOCK).open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BackendError(
                    f"Another backend is running on {self.path}: stop it, or choose another --data-dir."
                ) from error
            yield

    def load(self) -> State:
        """What was saved, or a fresh state.

        :raise BackendError: the file can't be read or makes no sense.
        """
        path = self.path / FILE
        try:
            saved = json.loads(path.read_text())
            known = {item.name for item in fields(State)}
            return State(**{name: value for name, value in saved.items() if name in known})
        except FileNotFoundError:
            return State()
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise BackendError(
                f"{path} can't be read: `roamio backend reset --data-dir {self.path}` starts afresh."
            ) from error

    def save(self, state: State) -> None:
        """Write the state whole or not at all, for its owner's eyes only."""
        unfinished = self.path / f"{FILE}.part"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(state), file, indent=2)
        unfinished.replace(self.path / FILE)

    def remove(self) -> None:
        """Delete what the backend made here and nothing else; the folder too, if that leaves it empty."""
        for name in OWN_FOLDERS:
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in OWN_FILES:
            (self.path / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.path.rmdir()
