"""How gunicorn serves the site: ``gunicorn -c python:roamio_web.server "roamio_web:create_app()"``.

Each module-level name that gunicorn knows is one of its settings. Threads, not processes, carry the load of
open dashboards: a stream holds one of ``ROAMIO_THREADS`` for as long as its page is open.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

from prometheus_client.multiprocess import mark_process_dead

from roamio_web.config import Settings, SettingsError


def _number(key: str, default: int, low: int, high: int) -> int:
    text = os.environ.get(key) or str(default)
    if not text.isdecimal() or not low <= int(text) <= high:
        sys.exit(f"{key} is {text!r}: give a whole number from {low} to {high}.")
    return int(text)


# The world comes through a proxy on the same machine; ROAMIO_BIND=0.0.0.0:8000 listens to other machines too.
bind = os.environ.get("ROAMIO_BIND") or f"127.0.0.1:{_number('PORT', 8000, 0, 65535)}"
worker_class = "gthread"
workers = _number("WEB_CONCURRENCY", 1, 1, 64)
threads = _number("ROAMIO_THREADS", 256, 8, 10_000)
preload_app = False

# Room for idle connections beside those that a thread serves, kept longer than usual proxies keep theirs.
worker_connections = threads + 1000
keepalive = 65
# A silent worker is replaced after `timeout` seconds. A stopping one ends its streams at once (see below) and
# has `graceful_timeout` for the requests that are under way.
timeout = 30
graceful_timeout = 10
# Heartbeats go to memory where there is some: on a busy disk a healthy worker can look dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn makes a unique file

limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
# Gunicorn believes no X-Forwarded-* header; Flask believes as many proxies as ROAMIO_TRUSTED_PROXIES says.
forwarded_allow_ips = ""
control_socket_disable = True

# The app logs each request, with an id and without personal data; gunicorn's own words are for operators.
accesslog = None
errorlog = "-"
loglevel = "info" if os.environ.get("ROAMIO_ENV") == "production" else "warning"


def on_starting(_server: Any) -> None:
    """Stop with one sentence, before any worker starts, when a setting is missing or can't be used."""
    try:
        Settings.from_environment(os.environ)
    except SettingsError as reason:
        sys.exit(str(reason))


def post_worker_init(worker: Any) -> None:
    """End the open streams as soon as the worker is told to stop; else they hold it to the last second."""

    def stop(number: int, frame: FrameType | None) -> None:
        _end_streams(worker)
        worker.handle_exit(number, frame)

    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=_outlive, args=(worker, os.getppid()), name="watch-master", daemon=True).start()


def child_exit(_server: Any, worker: Any) -> None:
    """Count no stream of a worker that is gone, where the workers' counters are summed up."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def worker_int(worker: Any) -> None:
    """End the open streams on Ctrl-C too: the interpreter waits for their threads."""
    _end_streams(worker)


def _outlive(worker: Any, master: int) -> None:
    """End the open streams when the master was killed: the worker goes too, and nobody tells it to."""
    while os.getppid() == master:
        time.sleep(1)
    _end_streams(worker)


def _end_streams(worker: Any) -> None:
    hub = getattr(worker.wsgi, "extensions", {}).get("roamio.hub")
    if hub is not None:
        # A signal handler must not wait for a lock that the interrupted code may hold.
        threading.Thread(target=hub.close, name="end-streams", daemon=True).start()
