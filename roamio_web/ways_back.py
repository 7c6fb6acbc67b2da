"""Where somebody comes back to once they are signed in: a page of the dashboard, and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def safe_next(address: str | None) -> str | None:
    """The address, if it is a page of the dashboard; None for anything that leads elsewhere."""
    if not address or any(mark in address for mark in "\\\r\n\t") or not address.isprintable():
        return None
    parts = urlsplit(address)
    inside = parts.path.startswith("/staff/") and "//" not in parts.path and "/." not in parts.path
    signing = parts.path.startswith(("/staff/sign-", "/staff/live"))
    return address if inside and not signing and not parts.scheme and not parts.netloc else None


def here() -> str | None:
    """Where to come back to: this page or, if this was a form being sent, the page that it was on."""
    if request.method == "GET":
        return safe_next(request.full_path.rstrip("?"))
    parts = urlsplit(request.referrer or "")
    same_site = parts.netloc == request.host
    return safe_next(f"{parts.path}?{parts.query}".rstrip("?")) if same_site else None
