"""What the site asks Supabase while a test does something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from flask import Flask


@contextmanager
def asked(app: Flask, of: str = "") -> Iterator[list[str]]:
    """Each request meanwhile whose path ends like this, as ``POST /rest/v1/rpc/my_team``."""
    requests: list[str] = []

    def note(request: httpx.Request) -> None:
        if request.url.path.endswith(of):
            requests.append(f"{request.method} {request.url.path}")

    http = app.extensions["roamio.backend"]._http
    http.event_hooks = {"request": [note]}
    try:
        yield requests
    finally:
        http.event_hooks = {}
