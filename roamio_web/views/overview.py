"""The overview: how much there is, and what waits for whom."""

from __future__ import annotations

from flask import Blueprint, Response

from roamio_web.fragments import answer, wants_fragment
from roamio_web.permissions import Permission, requires
from roamio_web.services import overview
from roamio_web.sessions import current_client, member_let_in

bp = Blueprint("overview", __name__, url_prefix="/staff")


@bp.get("/")
@requires(Permission.SEE_OVERVIEW)
def page() -> Response:
    """Show the counts and charts, and for those who may read bookings what waits for them."""
    member = member_let_in()
    found = overview.read(current_client(), member, charts=not wants_fragment())
    return answer(
        "staff/overview/page.html",
        "staff/overview/_counts.html",
        {"member": member, "overview": found, "charts": found.charts},
    )


@bp.get("/charts")
@requires(Permission.SEE_OVERVIEW)
def charts() -> Response:
    """Show the charts alone: the overview asks for them now and then, for what time alone changes."""
    return answer(
        "staff/overview/charts.html",
        "staff/overview/_charts.html",
        {"member": member_let_in(), "charts": overview.read_charts(current_client())},
    )
