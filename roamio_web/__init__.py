"""Roamio: a travel company's booking site and live dashboard."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from roamio_web import (
    assets,
    bodies,
    catalogues,
    compression,
    errors,
    extensions,
    formatters,
    icons,
    kept_pages,
    language_routes,
    logs,
    maintenance,
    metrics,
    navigation,
    security,
    sentences,
    session_cookie,
    sessions,
    sharing,
    tickets,
)
from roamio_web.backend import Backend
from roamio_web.config import Settings
from roamio_web.models.offer import OFFERS
from roamio_web.views import (
    account,
    audit,
    book,
    bookings,
    clients,
    discovery,
    doorstep,
    embed,
    embedding,
    embeds,
    exports,
    invitations,
    live,
    notes,
    notices,
    overview,
    probes,
    routing,
    sign_in,
    site,
    tasks,
    team,
)

ROOT = Path(__file__).resolve().parent.parent
VIEWS = (
    site,
    discovery,
    book,
    embed,
    embedding,
    probes,
    sign_in,
    doorstep,
    account,
    overview,
    bookings,
    notes,
    notices,
    tasks,
    clients,
    team,
    invitations,
    routing,
    audit,
    embeds,
    exports,
    live,
)


class Site(Flask):
    """Flask, which asks of each function in the way of a request whether it is a coroutine. None is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Build the site on these settings, or on the environment's.

    :raise SettingsError: a setting is missing or can't be used.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Site(__name__, static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.config.from_mapping(settings.flask_config())
    app.extensions["roamio.settings"] = settings
    app.extensions["roamio.backend"] = Backend(settings.supabase_url, settings.supabase_anon_key)
    # What is first here sees a request first and its response last.
    logs.init_app(app, settings, metrics.init_app(app))
    security.init_app(app, settings)
    bodies.init_app(app, settings)
    compression.init_app(app)
    extensions.init_app(app, settings)
    maintenance.init_app(app, settings)
    session_cookie.init_app(app)
    sessions.init_app(app, settings)
    tickets.init_app(app, settings)
    catalogues.init_app(app)
    language_routes.init_app(app)
    kept_pages.init_app(app)
    assets.init_app(app)
    icons.init_app(app)
    formatters.init_app(app)
    sentences.init_app(app)
    navigation.init_app(app)
    sharing.init_app(app, settings)
    errors.init_app(app)
    app.jinja_env.globals.update(offers=OFFERS, contact=settings.contact)
    for view in VIEWS:
        app.register_blueprint(view.bp)
    return app
