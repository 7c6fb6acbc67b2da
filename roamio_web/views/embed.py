"""The booking forms for a frame on somebody else's page, and the script that puts them there."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from roamio_web import assets
from roamio_web.booking_desk import Desk
from roamio_web.extensions import csrf

bp = Blueprint("embed", __name__)
csrf.exempt(bp)  # a frame on another site has no cookie; the ticket stands in for it (roamio_web/tickets.py)
desk = Desk("embed", "embed/page.html", "embed/received.html", "embed.form", "embed.received")
FIVE_MINUTES = 300


@bp.get("/embed/<purpose>")
def form(purpose: str) -> ResponseReturnValue:
    """Show the form of one purpose without the site around it.

    :raise 404: there is no such purpose.
    """
    return desk.hand_out(purpose)


@bp.post("/embed/<purpose>")
def submit(purpose: str) -> ResponseReturnValue:
    """Keep the booking and go on to its confirmation, or show the form again.

    :raise 404: there is no such purpose.
    """
    return desk.take_in(purpose)


@bp.get("/embed/<purpose>/received/<reference>")
def received(purpose: str, reference: str) -> ResponseReturnValue:
    """Confirm a booking that arrived.

    :raise 404: the address does not prove that it did.
    """
    return desk.confirm(purpose, reference)


@bp.get("/embed.js")
def script() -> ResponseReturnValue:
    """Send the script that defines ``<roamio-booking>``; its address never changes, so it is kept briefly."""
    response = assets.serve("js/embed.js")
    response.cache_control.clear()
    response.cache_control.public = True
    response.cache_control.max_age = FIVE_MINUTES
    return response
