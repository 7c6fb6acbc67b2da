"""The Supabase project that tests run against: the one the environment names, else an embedded one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from roamio_web.embedded.processes import die_with_parent, last_lines, stop
from tests.support.eventually import eventually

PASSWORD = "roamio-demo"
START_PATIENCE = 90.0
STOP_STEPS = ((signal.SIGTERM, 20.0),)
ROAMIO = (sys.executable, "-m", "roamio_web.cli")


@dataclass(frozen=True)
class TestBackend:
    """A running project: its address, its keys, and the database for proof."""

    __test__ = False

    url: str
    anon_key: str
    service_role_key: str
    jwt_secret: str
    db_url: str
    mail_dir: Path | None = None  # where an embedded project's mail lands

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> TestBackend:
        """From the names that ``roamio backend env`` and ``supabase status -o env`` print."""
        return cls(
            url=values["API_URL"],
            anon_key=values["ANON_KEY"],
            service_role_key=values["SERVICE_ROLE_KEY"],
            jwt_secret=values.get("JWT_SECRET", ""),
            db_url=values["DB_URL"],
        )

    @classmethod
    def from_environment(cls) -> TestBackend | None:
        """The project that SUPABASE_URL names, with keys and DB_URL beside it; None when it names none."""
        if "SUPABASE_URL" not in os.environ:
            return None
        names = {name.removeprefix("SUPABASE_"): value for name, value in os.environ.items()}
        return cls.from_values(names | {"API_URL": os.environ["SUPABASE_URL"]})


class BackendProcess:
    """``roamio backend start`` as a process of its own. Killing the test run ends it too (on Linux)."""

    def __init__(self, data_dir: Path, log: Path, *options: str, port: int = 0) -> None:
        self.data_dir = data_dir
        self.log = log
        command = [*ROAMIO, "backend", "start", "--port", str(port), "--data-dir", str(data_dir), *options]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={name: value for name, value in os.environ.items() if name != "ROAMIO_ENV"},
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - it takes no lock
            )

    @property
    def output(self) -> list[str]:
        return self.log.read_text().splitlines()

    def wait_until_ready(self) -> TestBackend:
        """Wait for the line that says so, and ask for addresses and keys."""
        eventually(lambda: "ready" in self.output or self._ended(), START_PATIENCE, "The backend's start")
        assert not self._ended(), "\n".join(["The backend ended:", *last_lines(self.log, 30)])
        project = TestBackend.from_values(environment_of(self.data_dir))
        return replace(project, mail_dir=self.data_dir / "mail")

    def stop(self) -> int:
        """Ask it to end, and wait until it has."""
        stop(self.process, STOP_STEPS)
        return self.process.returncode

    def _ended(self) -> bool:
        return self.process.poll() is not None


@contextmanager
def embedded(log: Path, options: Sequence[str] = ()) -> Iterator[TestBackend]:
    """An embedded project with demo data, which is gone afterwards with all that it wrote."""
    data_dir = Path(tempfile.mkdtemp(prefix="roamio-test-"))
    data_dir.chmod(0o711)  # PostgreSQL's own user must get through when this is root
    running = BackendProcess(data_dir, log, "--temporary", *options)
    try:
        yield running.wait_until_ready()
    finally:
        running.stop()


def environment_of(data_dir: Path) -> dict[str, str]:
    """What ``roamio backend env`` prints, as a dict."""
    answer = subprocess.run(
        [*ROAMIO, "backend", "env", "--data-dir", str(data_dir)], capture_output=True, text=True, check=True
    )
    pairs = (line.split("=", 1) for line in answer.stdout.splitlines())
    return {name: value.strip('"') for name, value in pairs}
