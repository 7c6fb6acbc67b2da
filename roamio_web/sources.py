"""Where a booking comes from: what its address says of it, from the first page to the confirmation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import request

from roamio_web.forms.fields import clean_line
from roamio_web.languages import ENGLISH, language_of
from roamio_web.models.look import Look

CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "ref")
"""What an address may say of the campaign that led to it; kept with the booking."""
HOST = "host"
"""The address of the page around an embedded form; kept with the booking."""
LONGEST = 200


def source(channel: str) -> dict[str, Any]:
    """What is kept with the booking: ``channel`` is ``site`` or ``embed``."""
    return {"channel": channel, **_language(), **_given()}


def carried() -> dict[str, Any]:
    """What each address of a form hands on to the next: where it comes from, and how it looks."""
    return {**_given(), **Look.from_args(request.args).arguments}


def handed_on() -> str:
    """Where it comes from, as an address has it after its other arguments."""
    given = _given()
    return f"&{urlencode(given)}" if given else ""


def site_of(address: str) -> str:
    """The host of an address, with its port if it names one; nothing if it can't be read as an address."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _language() -> dict[str, str]:
    """The language that the form was read in; staff read English where nothing is said."""
    language = language_of(request.path)
    return {} if language is ENGLISH else {"language": language.code}


def _given() -> dict[str, str]:
    args = request.args
    said = {key: _kept(args[key]) for key in CAMPAIGN if key in args} if args else {}
    given = {key: text for key, text in said.items() if text}
    host = (_web_address(args[HOST]) if HOST in args else "") or page_around()
    return {**given, HOST: host} if host else given


def _kept(text: str) -> str:
    """What the database takes, and no more of it than anybody needs."""
    return clean_line(text)[:LONGEST]


def page_around() -> str:
    """The page that put the form into a frame by hand, as far as its browser tells."""
    if request.environ.get("HTTP_SEC_FETCH_DEST") != "iframe":
        return ""
    page = _web_address(request.referrer or "")
    return page if site_of(page) != request.host else ""


def _web_address(text: str) -> str:
    """The address without its query, which may name a person; nothing if it is no page's address."""
    try:
        parts = urlsplit(clean_line(text))
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return _kept(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")
