"""``roamio dev``: the embedded backend and the site, together."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import click

from roamio_web.commands.children import Child
from roamio_web.commands.options import PORT, data_dir_option, demo_option, refuse_in_production, say
from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.ports import free_port, is_free
from roamio_web.embedded.state import DataFolder, State
from roamio_web.models.demo import DEMO_ACCOUNTS, DEMO_PASSWORD

API_PORT = 54321
START_PATIENCE = 120.0
POLL = 0.05


@click.command()
@click.option(
    "--port", type=PORT, default=8000, show_default=True, help="The site's port; 0 takes any free one."
)
@data_dir_option
@demo_option
def dev(port: int, data_dir: Path, demo: bool) -> None:
    """Run the backend and the site; print the address and the demo accounts."""
    refuse_in_production()
    if port and not is_free(port):
        raise BackendError(
            f"Port {port} is taken: stop what uses it, or choose another with --port (make run PORT=…)."
        )
    folder = DataFolder(data_dir)
    state = _prepare(folder)
    port = port or free_port()
    ready = threading.Event()
    with _told_to_stop() as told, contextlib.ExitStack() as children:
        backend = _start_backend(folder, state, demo)
        children.callback(backend.stop, 20.0)
        web = _start_web(state, port)
        children.callback(web.stop, 5.0)
        backend.listen(lambda line: ready.set() if line == "ready" else say(line))
        web.listen(say)
        if _wait(told, (backend, web), lambda: ready.is_set() and _answers(port), START_PATIENCE):
            _welcome(port, state, demo)
            _wait(told, (backend, web), lambda: False, None)
        say("Stopping …")


def _prepare(folder: DataFolder) -> State:
    """Make sure of the folder, and of the secrets and the address that both programs are to use."""
    folder.create()
    with folder.locked():
        state = folder.load()
        state.api_port = free_port(state.api_port or API_PORT)
        folder.save(state)
    return state


def _start_backend(folder: DataFolder, state: State, demo: bool) -> Child:
    command = [sys.executable, "-m", "roamio_web.cli", "backend", "start"]
    command += ["--port", str(state.api_port), "--data-dir", str(folder.path)]
    return Child("The backend", command + ([] if demo else ["--no-demo"]), os.environ)


def _start_web(state: State, port: int) -> Child:
    command = [sys.executable, "-m", "gunicorn", "-c", "python:roamio_web.server", "roamio_web:create_app()"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SUPABASE_")}
    given = {
        "SUPABASE_URL": state.api_url,
        "SUPABASE_ANON_KEY": state.anon_key,
        "ROAMIO_ENV": "development",
        "PORT": str(port),
    }
    return Child("The site", command, {"ROAMIO_SECRET_KEY": state.secret_key} | inherited | given)


def _wait(
    told: threading.Event, children: tuple[Child, ...], done: Callable[[], bool], patience: float | None
) -> bool:
    """Wait until ``done`` (True) or told to stop (False).

    :raise BackendError: a child ended, or it took too long.
    """
    deadline = time.monotonic() + patience if patience else float("inf")
    while not told.wait(POLL):
        for child in children:
            if child.ended:
                raise BackendError("\n".join([f"{child.name} ended; it said:", *child.last_words()]))
        if done():
            return True
        if time.monotonic() > deadline:
            raise BackendError(f"The site did not answer within {patience:.0f} seconds.")
    return False


def _answers(port: int) -> bool:
    """Whether the site serves its first page; an error page is an answer too, and its log says why."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(port: int, state: State, demo: bool) -> None:
    say("")
    say(f"  Roamio is at          http://127.0.0.1:{port}")
    say(f"  Staff sign in at      http://127.0.0.1:{port}/staff/sign-in")
    say(f"  Supabase API          {state.api_url}")
    if demo:
        say("")
        say(f"  Demo accounts, password {DEMO_PASSWORD}:")
        for address, meaning in DEMO_ACCOUNTS.items():
            say(f"    {address:<28}{meaning}")
    say("")
    say("  Ctrl-C stops everything.")


@contextlib.contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that is set by the signals that mean "stop"."""
    told = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    yield told
