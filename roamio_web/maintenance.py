"""The site closed for a while: every page says so, and what checks whether it runs is told that it does."""

from __future__ import annotations

from flask import Flask, Response, request

from roamio_web.config import Settings
from roamio_web.errors import closed
from roamio_web.security import Kind, kind_of

OPEN = (Kind.MACHINE, Kind.ASSET)


def init_app(app: Flask, settings: Settings) -> None:
    """Answer people with the sentence of the settings, if there is one."""
    if not settings.maintenance:
        return

    @app.before_request
    def stop() -> Response | None:
        if kind_of(request.endpoint, request.path) in OPEN:
            return None
        return closed(settings.maintenance)
