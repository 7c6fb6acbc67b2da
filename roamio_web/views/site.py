"""The pages that anybody reads: home and privacy."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from roamio_web.kept_pages import kept
from roamio_web.language_routes import TranslatedBlueprint

bp = TranslatedBlueprint("site", __name__)
FIVE_MINUTES = 300


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show what Roamio does and the ways to book."""
    return _page("pages/home.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Show what is stored, where, and for whom."""
    return _page("pages/privacy.html")


def _page(template: str) -> Response:
    """A page that is the same for everybody; browsers and proxies may keep it too."""
    response = kept(template, lambda: render_template(template)).response()
    response.cache_control.public = True
    response.cache_control.max_age = FIVE_MINUTES
    return response
