"""The booking forms for a frame on somebody else's page, and the script that puts them there."""

from __future__ import annotations

from flask import Response, abort
from flask.typing import ResponseReturnValue

from roamio_web import assets
from roamio_web.booking_desk import Desk
from roamio_web.extensions import csrf
from roamio_web.language_routes import TranslatedBlueprint
from roamio_web.models import look, palette

bp = TranslatedBlueprint("embed", __name__)
csrf.exempt(bp)  # a frame on another site has no cookie; the ticket stands in for it (roamio_web/tickets.py)
desk = Desk(
    "embed", "embed/page.html", "embed/received.html", "embed.form", "embed.received", "embed.calendar"
)
FIVE_MINUTES = 300
DAY = 24 * 60 * 60


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


@bp.get("/embed/<purpose>/received/<reference>/calendar.ics")
def calendar(purpose: str, reference: str) -> ResponseReturnValue:
    """Send the entry that puts a booking into a calendar.

    :raise 404: the address does not prove that it arrived, or it has no date.
    """
    return desk.calendar(purpose, reference)


@bp.get("/embed/accents/<colour>/<scheme>.css", in_every_language=False)
def accent(colour: str, scheme: str) -> ResponseReturnValue:
    """Send the colours that follow from an accent colour: a page's own style would be refused by its CSP.

    :raise 404: that is no colour as addresses name it, or no scheme.
    """
    if look.colour(colour) != colour or scheme not in palette.SCHEMES:
        abort(404)
    tokens = "".join(f"{name}:{value};" for name, value in palette.tokens(colour, scheme).items())
    response = Response(f"@layer tokens{{:root{{{tokens}}}}}\n", mimetype="text/css")
    response.cache_control.public = True
    response.cache_control.max_age = DAY
    return response


@bp.get("/embed.js", in_every_language=False)
def script() -> ResponseReturnValue:
    """Send the script that defines ``<roamio-booking>``; its address never changes, so it is kept briefly."""
    response = assets.serve("js/embed.js")
    response.cache_control.clear()
    response.cache_control.public = True
    response.cache_control.max_age = FIVE_MINUTES
    return response
