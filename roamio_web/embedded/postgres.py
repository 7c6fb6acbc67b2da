"""A PostgreSQL server in a data folder: made, started, and stopped without a trace."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from roamio_web.embedded import distribution, orphans, processes, runner
from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.ports import LOOPBACK, free_port
from roamio_web.embedded.state import DataFolder

SUPERUSER = "supabase_admin"
LONGEST_SOCKET_PATH = 90  # the kernel's limit is 103 (macOS) to 107 bytes, file name included
START_PATIENCE = 60.0
# What it says while children of a killed server have not noticed that they are orphans, and how long to wait.
STILL_IN_USE = "shared memory block"
ORPHAN_PATIENCE = 10.0
STOP_STEPS = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 4.0))  # "fast", then "immediate" shutdown
READY_LINE = 7  # of postmaster.pid, counted from 0; PostgreSQL writes its state there

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_permissions": "0700",
    "wal_level": "logical",  # Realtime's postgres_changes
    "max_connections": "300",
    "max_wal_senders": "10",
    "max_replication_slots": "10",
    "shared_buffers": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "cluster_name": "roamio",
}
WITHOUT_DURABILITY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """One PostgreSQL server, whose files live and die with a data folder.

    ``durable=False`` trades safety in a power cut for speed: for tests.
    """

    def __init__(self, data_dir: Path, durable: bool = True, say: Callable[[str], None] = print) -> None:
        self.folder = DataFolder(data_dir)
        self.durable = durable
        self.say = say
        self.state = self.folder.load()
        self._runner = runner.choose()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return self.state.database_port

    @property
    def home(self) -> Path:
        """The folder that belongs to the user who runs PostgreSQL."""
        return Path(self.state.home or self.folder.path) / "postgres"

    @property
    def path(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.folder.path / "postgres.log"

    @property
    def socket(self) -> Path | None:
        """The folder of the Unix socket, or None where its path would be too long."""
        return self.home if len(os.fsencode(self.home)) <= LONGEST_SOCKET_PATH else None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running server."""
        if self._process is None:
            raise BackendError("PostgreSQL is not running.")
        return self._process

    def dsn(self, role: str) -> str:
        """How to connect as a role, over the socket where there is one."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket or LOOPBACK),
            port=self.port,
            dbname="postgres",
            user=role,
            password=self.state.password(role),
        )

    def start(self) -> None:
        """Start the server, making it first if need be; clears up after a start that was killed.

        :raise BackendError: it can't be made or does not start.
        """
        programs = self._settle()
        if not (self.path / "PG_VERSION").exists():
            self.say("Creating the database (first start, a few seconds) …")
            self._create(programs)
        made_by = (self.path / "PG_VERSION").read_text().strip()
        if made_by != str(programs.major):
            raise BackendError(
                f"The database in {self.path} is PostgreSQL {made_by}'s, and this is {programs.major}: "
                f"`roamio backend reset --data-dir {self.folder.path}` starts afresh."
            )
        orphans.end_server(self.path)
        self.state.database_port = free_port(self.state.database_port)
        patience = time.monotonic() + ORPHAN_PATIENCE
        while not self._comes_up(programs):
            complaint = self._last_complaint()
            if STILL_IN_USE not in complaint or time.monotonic() > patience:
                raise BackendError(
                    f"PostgreSQL did not start on {self.path} ({complaint}); "
                    f"`roamio backend reset --data-dir {self.folder.path}` starts afresh."
                )
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the server; its connections are cut."""
        if self._process is not None:
            processes.stop(self._process, STOP_STEPS)
            self._process = None

    def _settle(self) -> distribution.Distribution:
        """Choose the place of cluster and programs, and return the programs where they can be run."""
        programs = distribution.find()
        if not self.path.exists() and not self._runner.can_enter(self.folder.path):
            self.state.home = str(runner.make_home_elsewhere(self.folder.path))
        try:
            self.home.mkdir(mode=0o700, exist_ok=True)
            self._runner.give(self.home)
        except OSError as error:
            raise BackendError(
                f"The database's folder {self.home} can't be used ({error.strerror}): "
                f"`roamio backend reset --data-dir {self.folder.path}` starts afresh."
            ) from error
        self.folder.save(self.state)
        if programs.bundled and not self._runner.can_enter(programs.bin):
            copy = runner.make_home_elsewhere(self.folder.path) / f"postgresql-{programs.version}"
            if not copy.exists():
                self.say("Copying PostgreSQL to where its user can read it …")
            programs = programs.copied_to(copy)
        return programs

    def _create(self, programs: distribution.Distribution) -> None:
        unfinished = self.path.with_name("cluster.part")
        shutil.rmtree(unfinished, ignore_errors=True)
        password = self.home / "password"
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(self.state.password(SUPERUSER))
        self._runner.give(password)
        collation = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.major >= 17 else []
        answer = self._runner.run(
            programs.program("initdb"),
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            *collation,
            *([] if self.durable else ["--no-sync"]),
            env=programs.environment,
        )
        password.unlink()
        if answer.returncode != 0:
            reason = (answer.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise BackendError(f"The database can't be made in {self.home}: {reason}")
        unfinished.rename(self.path)

    def _launch(self, programs: distribution.Distribution) -> None:
        settings = SETTINGS | {"port": str(self.port), "unix_socket_directories": str(self.socket or "")}
        if programs.major >= 16:
            settings["scram_iterations"] = "64"  # the passwords are random: stretching them buys nothing
        if not self.durable:
            settings |= WITHOUT_DURABILITY
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [programs.program("postgres"), "-D", str(self.path), *arguments],
                env=programs.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._runner.popen_options(signal.SIGQUIT),
            )

    def _comes_up(self, programs: distribution.Distribution) -> bool:
        """Launch the server and wait; whether it is ready for connections."""
        self._launch(programs)
        self.state.postgres_pid = self.process.pid
        self.folder.save(self.state)
        deadline = time.monotonic() + START_PATIENCE
        while self._status() != "ready":
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                return False
            time.sleep(0.01)
        return True

    def _status(self) -> str:
        """What the server says of itself, once it is this process's own."""
        lines = self._pid_file()
        ours = bool(lines) and lines[0].strip() == str(self.process.pid)
        return lines[READY_LINE].strip() if ours and len(lines) > READY_LINE else "starting"

    def _pid_file(self) -> list[str]:
        try:
            return (self.path / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _last_complaint(self) -> str:
        lines = processes.last_lines(self.log, 40)
        said = (
            [line for line in lines if re.search(r"\b(FATAL|PANIC|ERROR)\b", line)]
            or lines
            or ["no reason given"]
        )
        return re.sub(r"^.*?\b(?:FATAL|PANIC|ERROR):\s*", "", said[0])
