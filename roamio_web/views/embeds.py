"""Our forms on other sites, for staff: the snippets, and the bookings that each page and campaign brought."""

from __future__ import annotations

from flask import Blueprint, Response, request

from roamio_web.forms.embeds import DaysForm
from roamio_web.fragments import answer
from roamio_web.models.offer import OFFERS
from roamio_web.models.snippet import Snippet
from roamio_web.models.source import Days
from roamio_web.permissions import Permission, requires
from roamio_web.services import sources
from roamio_web.sessions import current_client, member_let_in

bp = Blueprint("embeds", __name__, url_prefix="/staff/embeds")


@bp.get("")
@requires(Permission.SEE_SOURCES)
def page() -> Response:
    """Show the snippet of each form, and how many bookings came from where in the days that are asked for."""
    days = Days.from_args(request.args)
    site = request.host_url.rstrip("/")
    return answer(
        "staff/embeds/page.html",
        "staff/embeds/_sources.html",
        {
            "member": member_let_in(),
            "sources": sources.read_sources(current_client(), days),
            "days": days,
            "filters": DaysForm(data={"since": days.first, "until": days.last}),
            "snippets": [Snippet(site, offer) for offer in OFFERS],
        },
    )
