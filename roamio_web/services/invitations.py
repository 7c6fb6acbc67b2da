"""Invitations to the staff: written down first, then mailed. The database makes staff of whoever accepts.

The mail is Supabase Auth's own, asked for as any visitor may: the web process holds no key that could make
an account. An address without an open invitation gets none.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from supabase import Client
from supabase_auth.errors import AuthApiError, AuthError

from roamio_web.backend import Backend
from roamio_web.models.errand import Errand
from roamio_web.models.staff import Role
from roamio_web.models.team import Invitation
from roamio_web.services.failures import NotFound, Refused, ServiceError, ask, refusal_in

LIFETIME = timedelta(days=7)
TOO_SOON = "A mail went to {email} less than a minute ago. Wait a minute, then send it again."
NOT_MAILED = "The invitation for {email} stands, but its mail could not be sent. Send it again in a minute."
INVITED_ALREADY = "This address is invited already. Send that invitation again, or withdraw it"
NOT_OPEN = "That invitation is not open any more: it was accepted or withdrawn."


class NotMailed(ServiceError):
    """The invitation stands, and its mail did not go; the message says what to do."""


def invitation(email: str, role: Role, full_name: str) -> Errand:
    """Writing down an invitation that is good for a week; ``invited`` reads the answer."""
    return Errand("invite", {"address": email.lower(), "its_role": role, "its_name": full_name})


def invited(answer: dict[str, Any]) -> Invitation:
    """The invitation that was written down.

    :raise Refused: this address has an open one; or the database says no, in a sentence: somebody who has it
        works here.
    """
    sentence = refusal_in(answer, unique=INVITED_ALREADY)
    if sentence:
        raise Refused(sentence)
    return Invitation.from_row(answer["invitation"])


def renewal(invitation_id: str) -> Errand:
    """Making an open invitation good for a week from now; ``renewed`` reads the answer."""
    until = (datetime.now(UTC) + LIFETIME).isoformat()
    return Errand("renew_invitation", {"invitation": invitation_id, "until": until})


def renewed(answer: dict[str, Any]) -> Invitation:
    """The invitation that is good for longer.

    :raise NotFound: it is not open any more.
    :raise Refused: the database says no, in a sentence.
    """
    if sentence := refusal_in(answer):
        raise Refused(sentence)
    return _only([answer["invitation"]] if answer["invitation"] else [])


def withdraw(client: Client, invitation_id: str) -> Invitation:
    """Delete an open invitation: whoever follows its link then is nobody here.

    :raise NotFound: it is not open any more.
    """
    open_one = client.table("invitations").delete().eq("id", invitation_id)
    return _only(ask(open_one.is_("accepted_at", None)))


def send(backend: Backend, email: str, return_to: str) -> None:
    """Have Supabase Auth mail a link and a code to an invited address; the link leads to ``return_to``.

    Not in the flow whose link opens only in the browser that asked: the invited person has another one.

    :raise NotMailed: it was not sent.
    """
    auth = backend.visitor(flow_type="implicit").auth
    try:
        auth.sign_in_with_otp(
            {"email": email, "options": {"email_redirect_to": return_to, "should_create_user": True}}
        )
    except AuthApiError as error:
        sentence = TOO_SOON if error.status == 429 else NOT_MAILED
        raise NotMailed(sentence.format(email=email)) from error
    except AuthError as error:
        raise NotMailed(NOT_MAILED.format(email=email)) from error


def _only(rows: list[dict[str, object]]) -> Invitation:
    if not rows:
        raise NotFound(NOT_OPEN)
    return Invitation.from_row(rows[0])
