"""Roamio: a travel company's booking site and live dashboard."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask

from roamio_web import (
    assets,
    errors,
    extensions,
    formatters,
    logs,
    metrics,
    navigation,
    security,
    sentences,
    sessions,
    tickets,
)
from roamio_web.backend import Backend
from roamio_web.config import Settings
from roamio_web.models.offer import OFFERS

ROOT = Path(__file__).resolve().parent.parent
BLUEPRINTS = ("site", "book", "embed", "health", "sign_in", "overview", "bookings", "live")


def create_app(settings: Settings | None = None) -> Flask:
    """Build the site on these settings, or on the environment's.

    :raise SettingsError: a setting is missing or can't be used.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask(__name__, static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.config.from_mapping(settings.flask_config())
    app.extensions["roamio.settings"] = settings
    app.extensions["roamio.backend"] = Backend(settings.supabase_url, settings.supabase_anon_key)
    logs.init_app(app, settings)
    security.init_app(app, settings)
    assets.init_app(app)
    extensions.init_app(app)
    tickets.init_app(app, settings)
    metrics.init_app(app)
    formatters.init_app(app)
    errors.init_app(app)
    sessions.init_app(app, settings)
    navigation.init_app(app)
    sentences.init_app(app)
    app.jinja_env.globals.update(offers=OFFERS, contact=settings.contact)
    _register_blueprints(app)
    return app


def _register_blueprints(app: Flask) -> None:
    for name in BLUEPRINTS:
        module = f"roamio_web.views.{name}"
        if find_spec(module):
            app.register_blueprint(import_module(module).bp)
