"""The stream of changes that an open staff page listens to."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.blueprints import BlueprintSetupState

from roamio_web.live.drawing import Drawing
from roamio_web.live.events import view_of
from roamio_web.live.hub import Hub
from roamio_web.live.stream import Ticket
from roamio_web.live.stream import stream as events
from roamio_web.permissions import Permission, requires
from roamio_web.sessions import access_token, backend, member_let_in, token_expires_at

bp = Blueprint("live", __name__, url_prefix="/staff")


@bp.record_once
def make_hub(state: BlueprintSetupState) -> None:
    """Give the app its hub; it starts with the first stream, and ``server.py`` closes it."""
    settings = state.app.extensions["roamio.settings"]
    state.app.extensions["roamio.hub"] = Hub(settings.supabase_url, settings.supabase_anon_key)
    state.app.extensions["roamio.drawing"] = Drawing(cast(Flask, state.app))


@bp.get("/live")
@requires(Permission.LISTEN)
def stream() -> Response:
    """Stream what changes on the page that the query names: a view, and that page's own query.

    :raise 404: there is no such page, or none for this person.
    """
    member, extensions = member_let_in(), current_app.extensions
    view = view_of(request.args, member, extensions["roamio.drawing"], request.environ)
    if view is None:
        abort(404)
    ticket = Ticket(member, access_token(), token_expires_at())
    return Response(
        events(extensions["roamio.hub"], backend(), ticket, view),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
