"""What was given to somebody, for the toasts that say so."""

from __future__ import annotations

from flask import Blueprint, render_template

from roamio_web.permissions import Permission, requires
from roamio_web.services import notices
from roamio_web.sessions import current_client

bp = Blueprint("notices", __name__, url_prefix="/staff/notices")


@bp.get("")
@requires(Permission.LISTEN)
def index() -> str:
    """Give what this person was given of late; the page knows which of it they were told (js/toasts.js)."""
    return render_template("staff/notices/_list.html", notices=notices.read_notices(current_client()))
