"""Gathers the clues on how a booking was sent. What is counted is counted under a hash, for an hour."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app, request

from roamio_web.extensions import times_seen, visitor_address
from roamio_web.forms.contact import ContactForm
from roamio_web.services.suspicion import Clues, Suspicion, judge
from roamio_web.sources import site_of

WRITTEN = ("LineField", "TextField")
FEW_WORDS = 30
"""Characters: shorter notes are alike by chance."""


def suspicion(form: ContactForm, honeypot: str, age: float, shortest: float) -> Suspicion:
    """Judge the booking that this request sends. ``age`` of its form and ``shortest`` are seconds."""
    unread = form.private - {"notes"}
    written = [field for field in form if field.type in WRITTEN and field.name not in unread]
    notes = " ".join((form.notes.data or "").lower().split())
    return judge(
        Clues(
            honeypot=bool(request.form.get(honeypot)),
            age=age,
            shortest=shortest,
            agent=request.headers.get("User-Agent", ""),
            names_a_language="Accept-Language" in request.headers,
            sent_from=_sent_from(),
            name=form.name.data or "",
            texts=tuple(str(field.data or "") for field in written),
            same_words=_seen("words", notes) if len(notes) >= FEW_WORDS else 0,
            same_contact=_seen("contact", (form.email.data or "").lower()),
            same_address=_seen("address", visitor_address()),
        )
    )


def _sent_from() -> str:
    """Whether the form stood on a page of ours, as far as the browser says."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin") or request.referrer
    if not site and not origin:
        return ""
    if site and site not in ("same-origin", "none"):
        return "elsewhere"
    if origin and origin != "null" and site_of(origin) != request.host:
        return "elsewhere"
    return "here"


def _seen(scope: str, what: str) -> int:
    key = str(current_app.secret_key).encode()
    return times_seen(f"booking-{scope}", hmac.new(key, what.encode(), hashlib.sha256).hexdigest())
