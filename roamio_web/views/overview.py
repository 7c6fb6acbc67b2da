"""The overview: how much there is, and what waits for whom."""

from __future__ import annotations

from flask import Blueprint, Response

from roamio_web.fragments import answer
from roamio_web.permissions import Permission, requires
from roamio_web.services import overview
from roamio_web.sessions import current_client, member_let_in

bp = Blueprint("overview", __name__, url_prefix="/staff")


@bp.get("/")
@requires(Permission.SEE_OVERVIEW)
def page() -> Response:
    """Show the counts, and for those who may read bookings what waits for them."""
    member = member_let_in()
    return answer(
        "staff/overview/page.html",
        "staff/overview/_counts.html",
        {"member": member, "overview": overview.read(current_client(), member)},
    )
