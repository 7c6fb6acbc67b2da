"""The stream of changes that an open staff page listens to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.blueprints import BlueprintSetupState

from roamio_web.live.access_view import look_with
from roamio_web.live.drawing import Drawing
from roamio_web.live.events import view_of
from roamio_web.live.hub import Hub
from roamio_web.live.places import Limits
from roamio_web.live.stream import RELOAD, Ticket
from roamio_web.live.stream import stream as events
from roamio_web.metrics import counted_stream
from roamio_web.permissions import Permission, requires
from roamio_web.sessions import access_token, backend, current_member, member_let_in, token_expires_at

COME_BACK = 15  # seconds after which a page that found no place asks again

bp = Blueprint("live", __name__, url_prefix="/staff")


@bp.record_once
def make_hub(state: BlueprintSetupState) -> None:
    """Give the app its hub; it starts with the first stream, and ``server.py`` closes it."""
    settings = state.app.extensions["roamio.settings"]
    look = look_with(state.app.extensions["roamio.backend"])
    limits = Limits.of(settings.threads, settings.streams_each)
    state.app.extensions["roamio.hub"] = Hub(
        settings.supabase_url, settings.supabase_anon_key, limits=limits, look=look
    )
    state.app.extensions["roamio.drawing"] = Drawing(cast(Flask, state.app), settings.address)


@bp.app_url_defaults
def say_for_whom(endpoint: str, values: dict[str, Any]) -> None:
    """Put into a stream's address for which role its page was drawn."""
    if endpoint == "live.stream" and (member := current_member()):
        values.setdefault("role", str(member.role))


@bp.get("/live")
@requires(Permission.LISTEN)
def stream() -> Response:
    """Stream what changes on the page that the query names: a view, and that page's own query.

    :raise 404: there is no such page, or none for this person.
    :raise 429, 503: this person, or everybody together, has too many open. ``Retry-After`` says when to ask.
    """
    member, extensions = member_let_in(), current_app.extensions
    if request.args.get("role", member.role) != member.role:
        # The page slept, or was cut off, when that changed.
        return _stream([RELOAD])
    view = view_of(request.args, member, extensions["roamio.drawing"], request.environ)
    if view is None:
        abort(404)
    if refusal := extensions["roamio.hub"].refusal(member):
        return Response(status=refusal.value, headers={"Retry-After": str(COME_BACK)})
    ticket = Ticket(member, access_token(), token_expires_at())
    told = events(extensions["roamio.hub"], backend(), ticket, view)
    return _stream(counted_stream(extensions["roamio.metrics"], told))


def _stream(told: Iterable[str]) -> Response:
    return Response(
        told,
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
