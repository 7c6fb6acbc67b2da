"""Lists as files, for whoever works on with them in a spreadsheet."""

from __future__ import annotations

from flask import Blueprint, Response, request

from roamio_web.audit_file import audit_table
from roamio_web.bookings_file import bookings_table
from roamio_web.models.audit_query import AuditQuery
from roamio_web.models.booking_query import BookingQuery
from roamio_web.models.day_range import today
from roamio_web.models.source import Days
from roamio_web.permissions import Permission, allows, requires
from roamio_web.sessions import current_client, everybody, member_let_in
from roamio_web.spreadsheets import Format, Table, written
from roamio_web.totals_file import totals_table

bp = Blueprint("exports", __name__, url_prefix="/staff")
A_YEAR = 365
FORMATS = f"<any({', '.join(Format)}):kind>"


@bp.get(f"/bookings.{FORMATS}")
@requires(Permission.EXPORT_BOOKINGS)
def bookings(kind: str) -> Response:
    """Send the bookings that the address asks for as a file, a CSV file while they are still being read."""
    names_people = allows(member_let_in(), Permission.SEE_CLIENTS)
    query = BookingQuery.from_args(request.args)
    return _file("bookings", bookings_table(current_client(), query, names_people=names_people), kind)


@bp.get(f"/totals.{FORMATS}")
@requires(Permission.EXPORT_BOOKINGS)
def totals(kind: str) -> Response:
    """Send how many bookings came in each month as a file: of the last year, or of the days asked for."""
    return _file("totals", totals_table(current_client(), Days.from_args(request.args, A_YEAR)), kind)


@bp.get(f"/audit.{FORMATS}")
@requires(Permission.SEE_AUDIT)
def audit(kind: str) -> Response:
    """Send the part of the audit log that the address asks for as a file."""
    names = {person.id: person.name for person in everybody()}
    return _file("audit", audit_table(current_client(), AuditQuery.from_args(request.args), names), kind)


def _file(name: str, table: Table, kind: str) -> Response:
    disposition = f'attachment; filename="roamio-{name}-{today()}.{kind}"'
    chosen = Format(kind)
    return Response(
        written(table, chosen), mimetype=chosen.mimetype, headers={"Content-Disposition": disposition}
    )
