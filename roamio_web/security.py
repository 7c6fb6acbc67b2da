"""Headers on every response, and whom the site believes about where a request came from.

Every blueprint has a kind; what has none is treated as staff's, the strictest. ``tests/test_url_map.py``
walks the URL map and fails for a route without a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from roamio_web.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

YEAR = 365 * 24 * 60 * 60
BROWSER_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
    "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
)  # fmt: skip
"""Features that no page of ours uses, and that nothing injected into one shall use either."""


class Kind(Enum):
    """Who a page is for; it decides who may frame it, keep it and load it."""

    PUBLIC = "public"
    EMBED = "embed"
    STAFF = "staff"
    MACHINE = "machine"
    ASSET = "asset"


KINDS = {
    "site": Kind.PUBLIC,
    "book": Kind.PUBLIC,
    "discovery": Kind.PUBLIC,
    "embed": Kind.EMBED,
    "embedding": Kind.PUBLIC,
    "probes": Kind.MACHINE,
    "sign_in": Kind.STAFF,
    "doorstep": Kind.STAFF,
    "account": Kind.STAFF,
    "overview": Kind.STAFF,
    "bookings": Kind.STAFF,
    "notes": Kind.STAFF,
    "notices": Kind.STAFF,
    "tasks": Kind.STAFF,
    "clients": Kind.STAFF,
    "team": Kind.STAFF,
    "invitations": Kind.STAFF,
    "routing": Kind.STAFF,
    "audit": Kind.STAFF,
    "embeds": Kind.STAFF,
    "exports": Kind.STAFF,
    "live": Kind.STAFF,
    "static": Kind.ASSET,
}
"""The kind of each blueprint's pages (and of ``static``)."""
SHOWS_OUR_FRAMES = frozenset({"embedding.page"})
"""Endpoints whose page holds a frame of ours."""
LOADED_FROM_ELSEWHERE = frozenset({"embed.script", "discovery.picture"})
"""Endpoints that a page of another origin loads: as a script, as a picture."""
HEADERS = "roamio.headers"
"""Where a request keeps the headers that its answer is to have."""
HeaderList = list[tuple[str, str]]


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every response, and trust as many proxies as the settings say."""

    @cache
    def headers(kind: Kind, endpoint: str | None) -> HeaderList:
        return _headers(kind, endpoint, settings)

    @app.after_request
    def protect(response: Response) -> Response:
        endpoint = request.endpoint
        kind = kind_of(endpoint, request.path)
        request.environ[HEADERS] = headers(kind, endpoint)
        _limit_caching(response, kind)
        return response

    app.wsgi_app = _protected(app.wsgi_app, headers(Kind.STAFF, None))  # type: ignore[assignment,method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def _protected(app: WSGIApplication, strictest: HeaderList) -> WSGIApplication:
    """The app with these headers on each answer.

    They are the same every time, and Werkzeug would look at each of them twice, in every answer.
    """

    def protected(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: HeaderList, *failed: Any) -> Callable[[bytes], object]:
            return start_response(status, headers + environ.get(HEADERS, strictest), *failed)

        return app(environ, start)

    return protected


def kind_of(endpoint: str | None, path: str) -> Kind:
    """The kind of page that an endpoint makes; an unknown address is judged by its path."""
    if endpoint is None:
        return Kind.STAFF if path.startswith("/staff") else Kind.PUBLIC
    return KINDS.get(endpoint.split(".")[0], Kind.STAFF)


def _headers(kind: Kind, endpoint: str | None, settings: Settings) -> HeaderList:
    """What every answer of this endpoint says, whoever asks."""
    foreign = kind is Kind.EMBED or endpoint in LOADED_FROM_ELSEWHERE
    headers = {
        "Content-Security-Policy": _policy(kind, endpoint, settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in BROWSER_FEATURES),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if foreign else "same-origin",
    }
    if kind is not Kind.EMBED:
        headers["X-Frame-Options"] = "DENY"
    if settings.production:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    return list(headers.items())


def _policy(kind: Kind, endpoint: str | None, settings: Settings) -> str:
    frames = " ".join(("'self'", *settings.embed_origins)) if kind is Kind.EMBED else "'none'"
    shown = "frame-src 'self'; " if endpoint in SHOWS_OUR_FRAMES else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"manifest-src 'self'; {shown}form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
    )


def _limit_caching(response: Response, kind: Kind) -> None:
    """Staff pages and everything that answers a POST are never kept; other pages say so themselves."""
    if kind in (Kind.STAFF, Kind.MACHINE) or request.method not in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "no-store"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
