"""The audit log for admins: who changed what, and how it was before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from roamio_web.forms.audit import AuditFilters
from roamio_web.fragments import answer, wants_fragment
from roamio_web.models.audit_query import AuditQuery
from roamio_web.permissions import Permission, requires
from roamio_web.services import audit
from roamio_web.sessions import current_client, everybody, member_let_in

bp = Blueprint("audit", __name__, url_prefix="/staff/audit")


@bp.get("")
@requires(Permission.SEE_AUDIT)
def index() -> Response:
    """Show what was recorded, narrowed down as the address says, the newest first."""
    query = AuditQuery.from_args(request.args)
    names = {person.id: person.name for person in everybody()}
    response = answer(
        "staff/audit/index.html",
        "staff/audit/_log.html",
        {
            "member": member_let_in(),
            "page": audit.read_log(current_client(), query, names),
            "query": query,
            "names": names,
            "filters": AuditFilters.showing(query, everybody()),
        },
    )
    if wants_fragment():
        args: dict[str, Any] = {**query.to_args()}
        response.headers["HX-Push-Url"] = url_for("audit.index", **args)
    return response
