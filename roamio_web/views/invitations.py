"""Invitations for admins: sending one, sending it again, withdrawing it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from roamio_web.errands import brought
from roamio_web.forms.invitations import InvitationForm
from roamio_web.models.errand import Errand
from roamio_web.models.staff import Role
from roamio_web.models.team import Invitation
from roamio_web.permissions import Permission, requires
from roamio_web.services import invitations
from roamio_web.services.failures import NotFound, Refused
from roamio_web.services.invitations import NotMailed
from roamio_web.sessions import backend, current_client, member_let_in

bp = Blueprint("invitations", __name__, url_prefix="/staff/team/invitations")


@bp.get("/new")
@requires(Permission.INVITE)
def form() -> str:
    """Show the form that invites somebody."""
    return _form(InvitationForm())


def _invitation() -> Errand | None:
    """What the form asks for, if it can be."""
    given = InvitationForm()
    if not given.validate():
        return None
    return invitations.invitation(given.email.data or "", Role(given.role.data), given.full_name.data or "")


@bp.post("")
@requires(Permission.INVITE, errand=_invitation)
def invite() -> ResponseReturnValue:
    """Invite somebody and mail them the way in."""
    given = InvitationForm()
    if not given.validate():
        return _form(given), 422
    try:
        invitation = invitations.invited(brought())
    except Refused as refusal:
        given.email.errors = (str(refusal),)
        return _form(given), 422
    return _mail(invitation)


def _renewal(invitation_id: UUID) -> Errand:
    return invitations.renewal(str(invitation_id))


@bp.post("/<uuid:invitation_id>/renewal")
@requires(Permission.INVITE, errand=_renewal)
def renew(invitation_id: UUID) -> ResponseReturnValue:
    """Make an invitation good for another week, and mail it again."""
    try:
        invitation = invitations.renewed(brought())
    except (NotFound, Refused) as refusal:
        flash(str(refusal), "notice")
        return redirect(url_for("team.index"), 303)
    return _mail(invitation)


@bp.post("/<uuid:invitation_id>/withdrawal")
@requires(Permission.INVITE)
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back, so that its link leads nowhere."""
    try:
        invitation = invitations.withdraw(current_client(), str(invitation_id))
    except NotFound as refusal:
        flash(str(refusal), "notice")
    else:
        flash(f"{invitation.name} is not invited any more.", "success")
    return redirect(url_for("team.index"), 303)


def _form(given: InvitationForm) -> str:
    return render_template("staff/team/invite.html", member=member_let_in(), form=given)


def _mail(invitation: Invitation) -> ResponseReturnValue:
    """Send an invitation that stands, and say what became of its mail."""
    landing = url_for("sign_in.accept_invitation", _external=True)
    try:
        invitations.send(backend(), invitation.email, landing)
    except NotMailed as failure:
        flash(str(failure), "notice")
    else:
        flash(f"The invitation for {invitation.name} is on its way to {invitation.email}.", "success")
    return redirect(url_for("team.index"), 303)
