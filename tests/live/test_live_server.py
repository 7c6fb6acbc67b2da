"""Streams under the server that production uses."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from flask import Flask

from roamio_web.models.staff import StaffMember
from roamio_web.services.sign_in import Tokens
from tests.support.backend import TestBackend
from tests.support.eventually import eventually
from tests.support.site import serve

STREAMS = 20


def cookie(app: Flask, tokens: Tokens) -> str:
    """The session cookie of somebody who has signed in."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'tokens': vars(tokens)})}"


@pytest.mark.parametrize(("told", "within"), [(signal.SIGTERM, 5), (signal.SIGKILL, 30)])
def test_a_server_that_stops_or_is_killed_ends_its_streams(
    app: Flask,
    backend: TestBackend,
    staff: Callable[[str], StaffMember],
    token: Callable[..., str],
    tmp_path: Path,
    told: signal.Signals,
    within: float,
) -> None:
    admin = staff("admin")
    tokens = Tokens(token(admin), "unused", int(time.time() + 3600), admin.id)
    headers = {"Cookie": cookie(app, tokens), "HX-Request": "true", "Accept": "text/event-stream"}
    settings = {"SUPABASE_URL": backend.url, "SUPABASE_ANON_KEY": backend.anon_key, "ROAMIO_ENV": "testing"}
    live, ended = threading.Semaphore(0), threading.Semaphore(0)

    def listen(url: str) -> None:
        with httpx.stream("GET", url, headers=headers, timeout=30) as answer:
            for line in answer.iter_lines():
                if line == "data: live":
                    live.release()
        ended.release()

    with serve(settings, tmp_path / "gunicorn.log") as site:
        url = f"{site.url}/staff/live?view=bookings"
        threads = [threading.Thread(target=listen, args=(url,)) for _ in range(STREAMS)]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert live.acquire(timeout=20), "a stream never came alive"
        assert f"roamio_open_streams {STREAMS}.0" in httpx.get(f"{site.url}/metrics").text
        os.kill(site.process.pid, told)
        # Told to stop, in less than the ten seconds that the server gives to requests under way. Killed, it
        # leaves its worker alone, which finds out by itself.
        for _ in threads:
            assert ended.acquire(timeout=within), "a stream was still open after the server's end"
        eventually(lambda: site.process.poll() is not None, what="The server's end")
        for thread in threads:
            thread.join()
