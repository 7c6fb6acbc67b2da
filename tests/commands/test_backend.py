"""``roamio backend``: starting, stopping, asking, resetting."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from roamio_web.embedded import ports
from roamio_web.embedded.state import DataFolder
from tests.support.backend import ROAMIO, BackendProcess, TestBackend
from tests.support.eventually import eventually
from tests.support.processes import listens, running

Start = Callable[..., BackendProcess]


def roamio(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*ROAMIO, *map(str, words)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def complaint(*words: str | Path, **environment: str) -> str:
    """What a command that can't be done says: one line, and no traceback."""
    answer = roamio(*words, **environment)
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1, answer.stderr
    return answer.stderr.strip()


def accounts(project: TestBackend) -> int:
    with psycopg.connect(project.db_url) as connection:
        row = connection.execute("select count(*) from auth.users").fetchone()
    return row[0] if row else 0


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts backends, which are stopped at the end."""
    started: list[BackendProcess] = []

    def start(data_dir: Path, *options: str, port: int = 0) -> BackendProcess:
        log = tmp_path / f"{len(started)}.log"
        backend = BackendProcess(data_dir, log, "--no-sync", *options, port=port)
        started.append(backend)
        return backend

    yield start
    for backend in started:
        backend.stop()


def test_developer_stops_the_backend_and_nothing_keeps_running(start: Start, shared_dir: Path) -> None:
    backend = start(shared_dir)
    project = backend.wait_until_ready()
    state = DataFolder(shared_dir).load()
    assert running(str(shared_dir))
    assert listens(state.api_port)
    assert backend.stop() == 0
    assert running(str(shared_dir)) == []
    assert not listens(state.api_port)
    assert not listens(state.database_port)
    assert project.url.endswith(str(state.api_port))


def test_developer_finds_everything_as_it_was_after_a_restart(start: Start, shared_dir: Path) -> None:
    first = start(shared_dir)
    before = first.wait_until_ready()
    with psycopg.connect(before.db_url) as connection:
        connection.execute("create table if not exists kept ()")
    first.stop()
    second = start(shared_dir)
    after = second.wait_until_ready()
    assert (after.url, after.anon_key, after.jwt_secret) == (before.url, before.anon_key, before.jwt_secret)
    assert not [line for line in second.output if "Creating" in line or "Applying" in line]
    with psycopg.connect(after.db_url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


@pytest.mark.parametrize("killed", ["the backend", "everything"])
def test_developer_starts_again_after_a_kill(start: Start, shared_dir: Path, killed: str) -> None:
    victim = start(shared_dir)
    victim.wait_until_ready()
    postgres_pid = DataFolder(shared_dir).load().postgres_pid
    victim.process.kill()
    if killed == "everything":
        os.kill(postgres_pid, signal.SIGKILL)
    victim.process.wait()
    assert accounts(start(shared_dir).wait_until_ready()) == 5


def test_impatient_developer_stops_it_while_it_starts(start: Start, data_dir: Path) -> None:
    backend = start(data_dir)
    eventually(lambda: backend.output, within=30)
    for _ in range(3):
        backend.process.send_signal(signal.SIGINT)
    assert backend.process.wait(30) == 0
    assert running(str(data_dir)) == []
    assert accounts(start(data_dir).wait_until_ready()) == 5


def test_backend_ends_with_a_sentence_when_postgresql_does(start: Start, shared_dir: Path) -> None:
    backend = start(shared_dir)
    backend.wait_until_ready()
    os.kill(DataFolder(shared_dir).load().postgres_pid, signal.SIGQUIT)
    assert backend.process.wait(20) == 1
    assert "PostgreSQL ended unexpectedly" in backend.output[-1]
    assert running(str(shared_dir)) == []


def test_developer_with_a_taken_port_is_told_so(data_dir: Path) -> None:
    with ports.bind(0) as neighbour:
        neighbour.listen()
        port = neighbour.getsockname()[1]
        told = complaint("backend", "start", "--port", str(port), "--data-dir", data_dir)
    assert told == f"Port {port} is taken: stop what uses it, or choose another with --port."
    assert running(str(data_dir)) == []


def test_second_backend_in_one_folder_is_refused(start: Start, shared_dir: Path) -> None:
    project = start(shared_dir).wait_until_ready()
    told = complaint("backend", "start", "--port", "0", "--data-dir", shared_dir)
    assert told.startswith(f"Another backend is running on {shared_dir}")
    assert "Another backend is running" in complaint("backend", "reset", "--data-dir", shared_dir)
    assert accounts(project) == 5


def test_developer_with_a_file_in_place_of_the_folder_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    told = complaint("backend", "start", "--port", "0", "--data-dir", tmp_path / "file")
    assert told.startswith(f"The data folder {tmp_path / 'file'} can't be used")
    assert (tmp_path / "file").read_text() == "precious"


def test_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    assert "holds something else" in complaint("backend", "start", "--port", "0", "--data-dir", tmp_path)
    roamio("backend", "reset", "--data-dir", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_developer_with_a_broken_folder_is_told_to_reset_and_that_helps(start: Start, data_dir: Path) -> None:
    backend = start(data_dir, "--no-demo")
    backend.wait_until_ready()
    backend.stop()
    (data_dir / "state.json").write_text("{broken")
    told = complaint("backend", "start", "--port", "0", "--data-dir", data_dir)
    assert told.endswith(f"`roamio backend reset --data-dir {data_dir}` starts afresh.")
    assert roamio("backend", "reset", "--data-dir", data_dir).returncode == 0
    assert not data_dir.exists()
    assert accounts(start(data_dir, "--no-demo").wait_until_ready()) == 0


def test_temporary_backend_takes_its_folder_along(start: Start, data_dir: Path) -> None:
    backend = start(data_dir, "--temporary", "--no-demo")
    backend.wait_until_ready()
    assert backend.stop() == 0
    assert not data_dir.exists()


def test_operator_reads_the_addresses_and_keys_into_a_shell(start: Start, shared_dir: Path) -> None:
    project = start(shared_dir).wait_until_ready()
    printed = roamio("backend", "env", "--data-dir", shared_dir).stdout
    names = [line.split("=")[0] for line in printed.splitlines()]
    assert names == ["API_URL", "DB_URL", "ANON_KEY", "SERVICE_ROLE_KEY", "JWT_SECRET"]
    script = f'{printed}\nprintf "%s %s" "$API_URL" "$DB_URL"'
    shell = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)
    assert shell.stdout == f"{project.url} {project.db_url}"


def test_operator_who_asks_before_there_is_a_backend_is_told_how_to_make_one(data_dir: Path) -> None:
    assert complaint("backend", "env", "--data-dir", data_dir).endswith("`roamio backend start` makes one.")
    assert not data_dir.exists()


@pytest.mark.parametrize("command", [("backend", "start"), ("dev",)])
def test_production_refuses_the_embedded_backend(data_dir: Path, command: tuple[str, ...]) -> None:
    told = complaint(*command, "--data-dir", data_dir, ROAMIO_ENV="production")
    assert "the embedded backend is for development and tests" in told
    assert not data_dir.exists()
