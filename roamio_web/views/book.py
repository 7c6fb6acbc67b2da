"""The booking forms, and their confirmations."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from roamio_web.booking_desk import Desk
from roamio_web.extensions import csrf
from roamio_web.language_routes import TranslatedBlueprint

bp = TranslatedBlueprint("book", __name__)
csrf.exempt(bp)  # a ticket stands in for the cookie that a CSRF token needs (roamio_web/tickets.py)
desk = Desk("site", "book/page.html", "book/received.html", "book.form", "book.received", "book.calendar")


@bp.get("/book")
def ways() -> ResponseReturnValue:
    """Go to the eight ways to book."""
    return redirect(url_for("site.home", _anchor="book"), 303)


@bp.get("/book/<purpose>")
def form(purpose: str) -> ResponseReturnValue:
    """Show the form of one purpose.

    :raise 404: there is no such purpose.
    """
    return desk.hand_out(purpose)


@bp.post("/book/<purpose>")
def submit(purpose: str) -> ResponseReturnValue:
    """Show the answers to be checked, or keep the booking that was checked and go on to its confirmation.

    :raise 404: there is no such purpose.
    """
    return desk.take_in(purpose)


@bp.get("/book/<purpose>/received/<reference>")
def received(purpose: str, reference: str) -> ResponseReturnValue:
    """Confirm a booking that arrived.

    :raise 404: the address does not prove that it did.
    """
    return desk.confirm(purpose, reference)


@bp.get("/book/<purpose>/received/<reference>/calendar.ics")
def calendar(purpose: str, reference: str) -> ResponseReturnValue:
    """Send the entry that puts a booking into a calendar.

    :raise 404: the address does not prove that it arrived, or it has no date.
    """
    return desk.calendar(purpose, reference)
