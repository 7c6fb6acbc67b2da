"""Answers for machines: is the process up, is the database reachable, how much has it done."""

from __future__ import annotations

import hmac
from typing import cast

import httpx
from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from postgrest.exceptions import APIError

from roamio_web import metrics
from roamio_web.backend import Backend
from roamio_web.config import Settings

bp = Blueprint("probes", __name__)
NO_PRIVILEGE = "42501"


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that this process answers."""
    return _plain("ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether the database answers through Supabase's API; 503 if it doesn't."""
    backend = cast(Backend, current_app.extensions["roamio.backend"])
    try:
        backend.visitor().table("bookings").select("id").limit(1).execute()
    except APIError as error:
        # The visitor may read nothing: being told so by Postgres is the proof that Postgres is there.
        return _plain("ok") if error.code == NO_PRIVILEGE else _plain("the database does not answer", 503)
    except httpx.HTTPError:
        return _plain("Supabase can't be reached", 503)
    return _plain("ok")


@bp.get("/metrics")
def counters() -> ResponseReturnValue:
    """Give the counters to a monitoring system that knows the token.

    :raise 404: it doesn't, or production has no token set.
    """
    settings = cast(Settings, current_app.extensions["roamio.settings"])
    if settings.metrics_token or settings.production:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        expected = settings.metrics_token
        if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
            abort(404)
    counted = current_app.extensions["roamio.metrics"].text()
    return Response(counted, content_type=metrics.CONTENT_TYPE)


def _plain(text: str, status: int = 200) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")
