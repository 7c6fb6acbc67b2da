"""Runs the embedded backend in the foreground: PostgreSQL, then the gateway before it."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from roamio_web.embedded import bootstrap, migrations, orphans, ports
from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.gateway import create_gateway
from roamio_web.embedded.postgres import Cluster
from roamio_web.embedded.settings import SUPABASE, GatewaySettings, read_config
from roamio_web.embedded.state import DataFolder
from roamio_web.embedded.stopping import StopSignals

KEEP_ALIVE_SECONDS = 75  # as Kong does, and longer than any client keeps a connection for its next request
GRACE_SECONDS = 2  # for requests and websockets that are under way when told to stop


@dataclass(frozen=True)
class Options:
    """How to run. Not ``durable`` is faster and not safe in a power cut; ``temporary`` leaves nothing."""

    data_dir: Path
    port: int
    demo: bool = True
    durable: bool = True
    temporary: bool = False
    supabase: Path = SUPABASE


def serve(options: Options, say: Callable[[str], None]) -> None:
    """Run until told to stop by a signal; then stop everything.

    :raise BackendError: it can't start, or PostgreSQL ended under it.
    """
    folder = DataFolder(options.data_dir)
    folder.create()
    with folder.locked(), StopSignals() as signals:
        cluster = Cluster(folder.path, durable=options.durable, say=say)
        door = _bind(options.port, cluster.state.api_port)
        try:
            cluster.state.api_port = door.getsockname()[1]
            cluster.state.pid = os.getpid()
            for step in _steps(cluster, options, say):
                step()
                signals.check()
            server = _Server(cluster, options.supabase, folder, say)
            signals.calls(server.stop)
            server.run(sockets=[door])
        finally:
            signals.ignored()
            door.close()
            cluster.stop()
            if options.temporary:
                orphans.remove(folder)


def _steps(cluster: Cluster, options: Options, say: Callable[[str], None]) -> Iterator[Callable[[], object]]:
    """What comes before the gateway, one thing after the other."""
    yield cluster.start
    yield lambda: bootstrap.bootstrap(cluster)
    yield lambda: migrations.apply(cluster, options.supabase / "migrations", say)
    seed = options.supabase / "seed.sql"
    if options.demo and seed.exists():
        yield lambda: migrations.seed(cluster, seed, say)


class _Server(uvicorn.Server):
    """The gateway; says when it is ready, and ends when PostgreSQL does."""

    def __init__(
        self, cluster: Cluster, supabase: Path, folder: DataFolder, say: Callable[[str], None]
    ) -> None:
        config, state = read_config(supabase), cluster.state
        settings = GatewaySettings(
            api_url=state.api_url,
            jwt_secret=state.jwt_secret,
            anon_key=state.anon_key,
            service_role_key=state.service_role_key,
            dsn=cluster.dsn,
            mail_dir=folder.mail,
            schemas=config.schemas,
            max_rows=config.max_rows,
            auth=config.auth,
        )
        super().__init__(
            uvicorn.Config(
                create_gateway(settings),
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._cluster = cluster
        self._say = say
        self._database_ended = False

    def stop(self) -> None:
        """End the serving soon; safe in a signal handler."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: they are heard by whoever runs this server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._say(f"Supabase API at {self._cluster.state.api_url}")
            self._say("ready")

    async def on_tick(self, counter: int) -> bool:
        self._database_ended = self._cluster.process.poll() is not None
        return self._database_ended or await super().on_tick(counter)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets)
        if self._database_ended:
            raise BackendError(f"PostgreSQL ended unexpectedly; its last words are in {self._cluster.log}.")
        if not self.started and not self.should_exit:
            raise BackendError("The gateway did not start.")


def _bind(port: int, last_port: int) -> socket.socket:
    """Take the port before anything is started; for 0, the port of last time or else a free one.

    :raise BackendError: somebody has it.
    """
    choices = [port] if port else [last_port, 0] if last_port else [0]
    for choice in choices:
        with contextlib.suppress(OSError):
            return ports.bind(choice)
    raise BackendError(f"Port {port} is taken: stop what uses it, or choose another with --port.")
