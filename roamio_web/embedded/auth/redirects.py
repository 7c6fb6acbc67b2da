"""Where an e-mailed link may lead: the site itself, and the addresses that ``config.toml`` allows."""

from __future__ import annotations

from fnmatch import fnmatchcase
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse

from roamio_web.embedded.settings import AuthSettings


def target(settings: AuthSettings, request: Request) -> str:
    """The address the request asks for in ``redirect_to`` if it is allowed, else the site's own."""
    asked = request.query_params.get("redirect_to") or request.headers.get("redirect_to") or ""
    return asked if asked and _is_allowed(settings, asked) else settings.site_url


def to(
    address: str, *, query: dict[str, str] | None = None, fragment: dict[str, str] | None = None
) -> RedirectResponse:
    """Send the browser there with these values."""
    parts = urlsplit(address)
    if query:
        parts = parts._replace(query="&".join(filter(None, [parts.query, urlencode(query)])))
    if fragment:
        parts = parts._replace(fragment=urlencode(fragment))
    return RedirectResponse(parts.geturl(), 303)


def _is_allowed(settings: AuthSettings, asked: str) -> bool:
    parts, site = urlsplit(asked), urlsplit(settings.site_url)
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or "\\" in asked:
        return False
    if parts.hostname == site.hostname:
        return True
    return any(fnmatchcase(asked, pattern) for pattern in settings.additional_redirect_urls)
