"""Bookings for staff: the list, one booking, and moving it on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from roamio_web.errands import brought
from roamio_web.formatters import label
from roamio_web.forms.bookings import AssignmentForm, BookingFilters, SeenForm, StatusForm
from roamio_web.forms.several_bookings import SeveralAssignmentForm, SeveralStatusForm
from roamio_web.fragments import answer, wants_fragment
from roamio_web.models.booking import Booking, Status
from roamio_web.models.booking_query import BookingQuery
from roamio_web.models.errand import Errand
from roamio_web.models.quick_view import quick_views
from roamio_web.permissions import Permission, allows, requires
from roamio_web.services import several_bookings, staff_bookings
from roamio_web.services.failures import Refused
from roamio_web.services.several_bookings import Changed, Outcome
from roamio_web.services.staff_bookings import BookingPage, Conflict
from roamio_web.sessions import current_client, current_team, member_let_in, team_and

bp = Blueprint("bookings", __name__, url_prefix="/staff/bookings")


@bp.get("")
@requires(Permission.SEE_BOOKINGS)
def index() -> Response:
    """Show the bookings that this person may see, narrowed down as the address says."""
    response = _list()
    if wants_fragment():
        response.headers["HX-Push-Url"] = _address(BookingQuery.from_args(request.args))
    return response


@bp.post("/several/status")
@requires(Permission.CHANGE_BOOKING)
def change_several() -> ResponseReturnValue:
    """Move the bookings that were chosen in the list, and say of each what became of it."""
    form = SeveralStatusForm()
    if not form.validate():
        return _list(422, refusal=form.first_error, still_chosen=form.chosen_ids)
    chosen, query = Status(form.status.data), BookingQuery.from_args(request.args)
    changed = several_bookings.change_status(current_client(), form.chosen, chosen, query)
    return _several(changed, f"moved to {label(chosen).lower()}")


@bp.post("/several/assignment")
@requires(Permission.ASSIGN_BOOKING)
def assign_several() -> ResponseReturnValue:
    """Hand the bookings that were chosen in the list to an agent, and say of each what became of it."""
    form = SeveralAssignmentForm()
    if not form.validate():
        return _list(422, refusal=form.first_error, still_chosen=form.chosen_ids)
    query = BookingQuery.from_args(request.args)
    changed = several_bookings.assign(current_client(), form.chosen, form.agent_id, query)
    names = {person.id: person.name for person in current_team()}
    return _several(changed, f"assigned to {names.get(form.agent_id or '', 'nobody')}")


@bp.get("/<uuid:booking_id>")
@requires(Permission.SEE_BOOKINGS)
def show(booking_id: UUID) -> Response:
    """Show one booking whole.

    :raise 404: there is none, or it is not this person's to see.
    """
    return _booking(_read(booking_id))


def _health_reading(booking_id: UUID) -> Errand:
    return staff_bookings.health_reading(str(booking_id))


@bp.post("/<uuid:booking_id>/health")
@requires(Permission.SEE_HEALTH, errand=_health_reading)
def open_health(booking_id: UUID) -> Response:
    """Show what a booking says about somebody's health, once the reading is recorded: hence a POST.

    :raise 403: the booking is not this person's.
    :raise 404: there is none, or it is not this person's to see.
    """
    booking, health = staff_bookings.open_health(current_client(), str(booking_id), brought())
    return answer(
        "staff/bookings/show.html",
        "staff/bookings/_health.html",
        {"member": member_let_in(), "booking": booking, "health": health},
    )


@bp.post("/<uuid:booking_id>/status")
@requires(Permission.CHANGE_BOOKING)
def change_status(booking_id: UUID) -> ResponseReturnValue:
    """Move a booking on, unless somebody else was faster and moved it elsewhere.

    :raise 404: there is none, or it is not this person's to see.
    """
    form = StatusForm()
    if not form.validate():
        return _refused(_read(booking_id), form.first_error)
    chosen, seen = Status(form.status.data or ""), form.seen.data or ""
    try:
        booking = staff_bookings.change_status(current_client(), str(booking_id), chosen, seen=seen)
    except Conflict as conflict:
        return _conflict(conflict.booking, form, status=chosen)
    except Refused as refusal:
        return _refused(refusal.now or _read(booking_id), str(refusal))
    return _done(booking, f"Moved to {label(chosen).lower()}.")


@bp.post("/<uuid:booking_id>/assignment")
@requires(Permission.ASSIGN_BOOKING)
def assign(booking_id: UUID) -> ResponseReturnValue:
    """Hand a booking and its unfinished tasks to an agent, unless somebody else was faster to another one.

    :raise 404: there is none, or it is not this person's to see.
    """
    form = AssignmentForm()
    if not form.validate():
        return _refused(_read(booking_id), form.first_error)
    agent, seen = form.agent_id, form.seen.data or ""
    try:
        booking = staff_bookings.assign(current_client(), str(booking_id), agent, seen=seen)
    except Conflict as conflict:
        return _conflict(conflict.booking, form, agent=form.agent.data)
    except Refused as refusal:
        return _refused(refusal.now or _read(booking_id), str(refusal))
    return _done(booking, "Assigned." if form.agent_id else "No longer assigned to anybody.")


def _list(status: int = 200, page: BookingPage | None = None, **context: object) -> Response:
    """Show the list that the address asks for; ``page`` if it has been read already."""
    query, member = BookingQuery.from_args(request.args), member_let_in()
    assignment = SeveralAssignmentForm()
    assignment.offer(current_team())
    return answer(
        "staff/bookings/index.html",
        "staff/bookings/_answer.html",
        {
            "member": member,
            "page": page or staff_bookings.list_bookings(current_client(), query),
            "query": query,
            "filters": BookingFilters.showing(query, member, team_and(query.agent)),
            "quick_views": quick_views(member.id, assigns=allows(member, Permission.ASSIGN_BOOKING)),
            "several": {"status": SeveralStatusForm().status, "agent": assignment.agent},
            **context,
        },
        status,
    )


def _several(changed: Changed, done: str) -> ResponseReturnValue:
    """Show the list as it is now, and what became of each; those that were not changed stay chosen."""
    answers = changed.answers
    left = {each.id for each in answers if each.outcome is not Outcome.DONE}
    if left or wants_fragment():
        status = 409 if left else 200
        return _list(status, changed.page, outcomes=answers, done=done, still_chosen=left)
    count = f"{len(answers)} booking{'' if len(answers) == 1 else 's'}"
    flash(f"{count} {done}.", "success")
    return redirect(_address(BookingQuery.from_args(request.args)), 303)


def _address(query: BookingQuery) -> str:
    """The shortest address of this list."""
    args: dict[str, Any] = {**query.to_args()}
    return url_for("bookings.index", **args)


def _read(booking_id: UUID) -> Booking:
    return staff_bookings.read_booking(current_client(), str(booking_id))


def _done(booking: Booking, sentence: str) -> ResponseReturnValue:
    """Show the booking as it is now, and say what was done."""
    if wants_fragment():
        return _booking(booking, done=sentence)
    flash(sentence, "success")
    return redirect(url_for("bookings.show", booking_id=booking.id), 303)


def _conflict(booking: Booking, form: SeenForm, **chosen: object) -> Response:
    """Show what has changed meanwhile, with what was chosen still chosen.

    The notice names the choice: the stream soon draws the booking without knowing of it.
    """
    return _booking(booking, 409, changes=form.changes_until(booking.row), chosen=chosen)


def _refused(booking: Booking, sentence: str) -> Response:
    """Show the booking as it is, and the sentence of whoever refused."""
    return _booking(booking, 422, refusal=sentence)


def _booking(booking: Booking, status: int = 200, **context: object) -> Response:
    return answer(
        "staff/bookings/show.html",
        "staff/bookings/_changed.html",
        {"member": member_let_in(), "booking": booking, **context},
        status,
    )
