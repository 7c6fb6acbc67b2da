"""The pages that anybody reads: home and privacy."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("site", __name__)
FIVE_MINUTES = 300


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show what Roamio does and the ways to book."""
    return _kept(render_template("pages/home.html"))


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Show what is stored, where, and for whom."""
    return _kept(render_template("pages/privacy.html"))


def _kept(page: str) -> ResponseReturnValue:
    """Let browsers and proxies keep a page that is the same for everybody."""
    response = make_response(page)
    response.cache_control.public = True
    response.cache_control.max_age = FIVE_MINUTES
    return response
