"""A member of staff's own account: their password, their second factor, their sessions."""

from __future__ import annotations

from typing import Any

from supabase import Client
from supabase_auth.errors import AuthApiError, AuthWeakPasswordError

from roamio_web.backend import Backend
from roamio_web.models.account import Account
from roamio_web.models.staff import StaffMember
from roamio_web.services import sign_in
from roamio_web.services.failures import Refused, ServiceError, TokenRefused, ask, write
from roamio_web.services.mailed_links import LINK_SPENT
from roamio_web.services.sign_in import SessionOver, Tokens, auth_failures

REFUSED_PASSWORDS = {
    "same_password": "Choose another password than the one you have.",
    "reauthentication_needed": "You signed in more than a day ago. Sign out, sign in, and change it then.",
}


class PasswordRefused(ServiceError):
    """Supabase Auth does not take the new password; the message says what to do."""


def read(client: Client) -> Account:
    """How the person of this client signs in, in one round trip.

    :raise TokenRefused, Unavailable: as ``ask``.
    """
    return _account(ask(client.rpc("my_account")))


def change_password(backend: Backend, member: StaffMember, tokens: Tokens, current: str, new: str) -> None:
    """Give somebody, who knows the password that they have, another one. Their other sessions end.

    :raise WrongCredentials: that is not the password that they have.
    :raise PasswordRefused, SessionOver, Unavailable: as ``set_password``.
    """
    proof = sign_in.sign_in(backend, member.email, current)
    sign_in.sign_out(backend, proof.access)
    set_password(backend, tokens, new)


def set_password(backend: Backend, tokens: Tokens, password: str) -> None:
    """Give the person of these tokens a new password.

    :raise PasswordRefused: too weak, or the one they have; or they signed in too long ago.
    :raise SessionOver: the tokens are not accepted.
    :raise Unavailable: Supabase Auth can't be asked.
    """
    with auth_failures(SessionOver(LINK_SPENT)):
        auth = backend.account(tokens.access, tokens.refresh)
        try:
            auth.update_user({"password": password})
        except AuthWeakPasswordError as error:
            raise PasswordRefused("Choose a longer or less common password.") from error
        except AuthApiError as error:
            if error.code not in REFUSED_PASSWORDS:
                raise
            raise PasswordRefused(REFUSED_PASSWORDS[error.code]) from error


def require_second_factor(client: Client, required: bool) -> None:
    """Decide whether every admin needs a second factor.

    :raise Refused: the database says no, in a sentence; ``now`` is the account.
    """
    answer = write(client.rpc("decide_sign_in", {"required": required}))
    if answer.refusal:
        raise Refused(answer.refusal, _account(answer.now["account"]))


def _account(found: dict[str, Any] | None) -> Account:
    if not found:
        raise TokenRefused("Your session has ended.")
    return Account.from_row(found)
