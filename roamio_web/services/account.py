"""A member of staff's own account: their password, their second factor, their sessions."""

from __future__ import annotations

from typing import Any

from supabase import Client

from roamio_web.backend import Backend
from roamio_web.models.account import Account
from roamio_web.models.staff import StaffMember
from roamio_web.services import sign_in
from roamio_web.services.failures import Refused, TokenRefused, ask, write
from roamio_web.services.sign_in import Tokens


def read(client: Client) -> Account:
    """How the person of this client signs in, in one round trip.

    :raise TokenRefused, Unavailable: as ``ask``.
    """
    return _account(ask(client.rpc("my_account")))


def change_password(backend: Backend, member: StaffMember, tokens: Tokens, current: str, new: str) -> None:
    """Give somebody, who knows the password that they have, another one. Their other sessions end.

    :raise WrongCredentials: that is not the password that they have.
    :raise PasswordRefused, SessionOver, Unavailable: as ``sign_in.set_password``.
    """
    proof = sign_in.sign_in(backend, member.email, current)
    sign_in.sign_out(backend, proof.access)
    sign_in.set_password(backend, tokens, new)


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
