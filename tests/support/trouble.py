"""The site in trouble, for those who look at how it says so."""

from __future__ import annotations

from flask import Flask, Response, abort, request

from roamio_web import create_app as create_site
from roamio_web.errors import closed
from roamio_web.models.booking import Purpose
from roamio_web.tickets import TicketOffice

SECRET_KEY = "the key of the site in trouble, which the tests know"
BOOKING_RATE = "2 per hour"


def old_ticket() -> str:
    """What the cab form of this site carried long ago."""
    office = TicketOffice(SECRET_KEY, longest=0, clock=lambda: 0)
    return office.sign(office.issue(Purpose.CAB))


def create_app() -> Flask:
    """The site, on which ``?trouble=429`` fails like that, and ``?trouble=closed`` is closed."""
    site = create_site()

    @site.before_request
    def stumble() -> Response | None:
        match request.args.get("trouble"):
            case None:
                return None
            case "closed":
                return closed("We are back at 18:00 India time.")
            case "500":
                raise ValueError("somebody asked for it")
            case status:
                abort(int(status))

    return site
