"""Lists as files, for whoever works on with them in a spreadsheet."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request

from roamio_web.bookings_file import write_bookings
from roamio_web.models.booking_query import BookingQuery
from roamio_web.models.values import HOME_ZONE, zone_of
from roamio_web.permissions import Permission, allows, requires
from roamio_web.sessions import current_client, member_let_in

bp = Blueprint("exports", __name__, url_prefix="/staff")


@bp.get("/bookings.csv")
@requires(Permission.EXPORT_BOOKINGS)
def bookings() -> Response:
    """Send the bookings that the address asks for as a file, while they are still being read."""
    lines = write_bookings(
        current_client(),
        BookingQuery.from_args(request.args),
        names_people=allows(member_let_in(), Permission.SEE_CLIENTS),
    )
    today = datetime.now(zone_of(HOME_ZONE)).date()
    name = f'attachment; filename="roamio-bookings-{today.isoformat()}.csv"'
    return Response(lines, mimetype="text/csv", headers={"Content-Disposition": name})
