"""The session that a mailed link or code has opened, kept in the cookie: a password may need a second try.

It is kept for that link alone. Whoever comes next in the same browser, by a link of their own, must not
choose a password for the one before them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum

from flask import session

from roamio_web.services.sign_in import Tokens


class Purpose(StrEnum):
    """What the link was for; its place in the cookie."""

    INVITATION = "accepting"
    RECOVERY = "recovery"


def opened(purpose: Purpose, link: str, opens: Callable[[], Tokens]) -> Tokens:
    """The session that this link, or code, has opened before; else ``opens`` opens it now.

    :raise Exception: what ``opens`` raises.
    """
    tokens = _kept(purpose, link)
    if tokens is None:
        tokens = opens()
        keep(purpose, tokens, link)
    return tokens


def keep(purpose: Purpose, tokens: Tokens, link: str = "") -> None:
    """Keep a session for whoever comes with this link; without one, for whoever was led on from it."""
    session[purpose] = {"tokens": asdict(tokens), "link": _digest(link)}


def is_kept(purpose: Purpose, link: str = "") -> bool:
    """Whether this link has opened a session in this browser."""
    return _kept(purpose, link) is not None


def drop(purpose: Purpose) -> None:
    """Forget the session."""
    session.pop(purpose, None)


def _kept(purpose: Purpose, link: str) -> Tokens | None:
    kept = session.get(purpose) or {}
    try:
        return Tokens(**kept["tokens"]) if kept["link"] == _digest(link) else None
    except (KeyError, TypeError):  # a cookie of another version of this code
        return None


def _digest(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()
