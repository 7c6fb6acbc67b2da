"""What search engines, browsers and link previews ask a site for."""

from __future__ import annotations

from flask import Response, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from roamio_web.assets import asset_url
from roamio_web.language_routes import TranslatedBlueprint
from roamio_web.languages import current_language, gettext
from roamio_web.models.offer import OFFERS
from roamio_web.pictures.mark import mark
from roamio_web.pictures.png import ico
from roamio_web.pictures.scene import scene
from roamio_web.sharing import LISTED, alternates

bp = TranslatedBlueprint("discovery", __name__)
DAY = 24 * 60 * 60
ICON, TOUCH_ICON = 48, 180
"""Pixels."""


@bp.get("/robots.txt", in_every_language=False)
def robots() -> ResponseReturnValue:
    """Say what machines may read, and where the list of pages is."""
    return _kept(render_template("discovery/robots.txt"), "text/plain")


@bp.get("/sitemap.xml", in_every_language=False)
def sitemap() -> ResponseReturnValue:
    """List every page that is for everybody to find, in each language beside the others."""
    pages = [
        alternates(endpoint, values)
        for endpoint in LISTED
        for values in ([{"purpose": each.slug} for each in OFFERS] if endpoint == "book.form" else [{}])
    ]
    return _kept(render_template("discovery/sitemap.xml", pages=pages), "application/xml")


@bp.get("/site.webmanifest")
def manifest() -> ResponseReturnValue:
    """Describe the site to browsers that put it on a home screen."""
    language = current_language()
    icons = [
        {"src": asset_url("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {
            "src": url_for("discovery.touch_icon"),
            "sizes": f"{TOUCH_ICON}x{TOUCH_ICON}",
            "type": "image/png",
        },
    ]
    response = jsonify(
        name="Roamio",
        short_name="Roamio",
        description=gettext("Journeys in India, arranged by people."),
        lang=language.code,
        dir=language.direction,
        id="/",
        start_url=url_for("site.home"),
        display="minimal-ui",
        background_color="#fbf8f1",
        theme_color="#0b5f5c",
        icons=icons,
    )
    response.mimetype = "application/manifest+json"
    return _for_a_day(response)


@bp.get("/favicon.ico", in_every_language=False)
def icon() -> ResponseReturnValue:
    """Send the mark to browsers that ask for no other icon."""
    return _kept(ico(ICON, mark(ICON)), "image/x-icon")


@bp.get("/apple-touch-icon.png", in_every_language=False)
def touch_icon() -> ResponseReturnValue:
    """Send the mark for a home screen, which cuts its corners itself."""
    return _kept(mark(TOUCH_ICON, opaque=True), "image/png")


@bp.get("/share.png", in_every_language=False)
def picture() -> ResponseReturnValue:
    """Send the picture that a link to the site shows."""
    return _kept(scene(), "image/png")


def _kept(content: str | bytes, mimetype: str) -> Response:
    return _for_a_day(Response(content, mimetype=mimetype))


def _for_a_day(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = DAY
    return response
