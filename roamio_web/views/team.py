"""The team for admins: who works here, what they may do, and letting somebody go or in again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from roamio_web.formatters import label, moment
from roamio_web.forms.team import AccessForm, MemberForm, StandingForm
from roamio_web.models.change import SYSTEM
from roamio_web.models.team import Standing
from roamio_web.permissions import Permission, requires
from roamio_web.services import team
from roamio_web.services.failures import Refused
from roamio_web.services.team import Handed, MemberMovedOn, StaffPage
from roamio_web.sessions import current_client, everybody, member_let_in

bp = Blueprint("team", __name__, url_prefix="/staff/team")


@bp.get("")
@requires(Permission.SEE_TEAM)
def index() -> str:
    """Show everybody with what they have to do, and who was invited."""
    return render_template(
        "staff/team/index.html", member=member_let_in(), page=team.read_team(current_client()), names=_names()
    )


@bp.get("/<uuid:person_id>")
@requires(Permission.SEE_TEAM)
def show(person_id: UUID) -> str:
    """Show one member of staff, and the form that changes their name and role.

    :raise 404: there is none.
    """
    page = team.read_person(current_client(), str(person_id))
    return _show(page, MemberForm.showing(page.row))


@bp.post("/<uuid:person_id>")
@requires(Permission.CHANGE_TEAM)
def change(person_id: UUID) -> ResponseReturnValue:
    """Write somebody's name and role, unless another admin was faster and changed them.

    :raise 404: there is none.
    """
    form = MemberForm.sent()
    if not form.validate():
        return _show(_read(person_id), form), 422
    try:
        handed = _change(person_id, form, form.wanted)
    except MemberMovedOn as moved:
        changes = _changes(form, moved.page)
        form.seeing(moved.page.row.standing)
        return _show(moved.page, form, changes=changes), 409
    except Refused as refusal:
        return _show(refusal.now, form, refusal=str(refusal)), 422
    flash(f"{form.wanted.full_name} is {label(form.wanted.role).lower()}.{_told(handed, form)}", "success")
    return redirect(url_for("team.show", person_id=person_id), 303)


@bp.get("/<uuid:person_id>/access")
@requires(Permission.CHANGE_TEAM)
def access(person_id: UUID) -> str:
    """Ask whether somebody is really to lose their access, or to have it again.

    :raise 404: there is none.
    """
    page = _read(person_id)
    return _access(page, AccessForm.showing(page.row))


@bp.post("/<uuid:person_id>/access")
@requires(Permission.CHANGE_TEAM)
def change_access(person_id: UUID) -> ResponseReturnValue:
    """Take somebody's access away and hand their work over, or let them in again.

    :raise 404: there is none.
    """
    form = AccessForm()
    if not form.validate():
        page = _read(person_id)
        return _access(page, AccessForm.showing(page.row), refusal=form.first_error), 422
    try:
        handed = _change(person_id, form, form.wanted)
    except MemberMovedOn as moved:
        changes = _changes(form, moved.page)
        return _access(moved.page, AccessForm.showing(moved.page.row), changes=changes), 409
    except Refused as refusal:
        return _access(refusal.now, form, refusal=str(refusal)), 422
    name = form.seen.full_name or "That person"
    done = f"{name} has access again." if form.wanted.active else f"{name} has no access any more."
    flash(f"{done}{_told(handed, form)}", "success")
    return redirect(url_for("team.index"), 303)


def _read(person_id: UUID) -> StaffPage:
    return team.read_person(current_client(), str(person_id))


def _change(person_id: UUID, form: StandingForm, wanted: Standing) -> Handed:
    return team.change(current_client(), str(person_id), form.seen, wanted, form.successor_id)


def _show(page: StaffPage, form: MemberForm, **outcome: object) -> str:
    return _page("staff/team/show.html", page, form, outcome)


def _access(page: StaffPage, form: AccessForm, **outcome: object) -> str:
    return _page("staff/team/access.html", page, form, outcome)


def _page(template: str, page: StaffPage, form: StandingForm, outcome: dict[str, object]) -> str:
    form.offer(page.agents)
    return render_template(template, member=member_let_in(), page=page, form=form, names=_names(), **outcome)


def _names() -> dict[str, str]:
    return {person.id: person.name for person in everybody()}


def _changes(form: StandingForm, page: StaffPage) -> list[str]:
    """What another admin did meanwhile, and who that was."""
    changes = form.changes_until(page.row.standing)
    if page.changed_at:
        by = {SYSTEM: "An operator", **_names()}.get(page.changed_by or "", "Somebody")
        changes.append(f"{by} did that on {moment(page.changed_at)}.")
    return changes


def _told(handed: Handed, form: StandingForm) -> str:
    """Where somebody's work went, as the rest of a sentence."""
    if not handed:
        return ""
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((handed.bookings, "open booking"), (handed.tasks, "open task"))
        if count
    ]
    successor = _names().get(form.successor_id or "")
    went = f"went to {successor}" if successor else "now wait without an agent"
    return f" {' and '.join(parts)} {went}."
