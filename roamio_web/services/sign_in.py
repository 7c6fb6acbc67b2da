"""Signing staff in and out with Supabase Auth. Tokens come in and go out as values; nothing is kept here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from supabase_auth.constants import STORAGE_KEY
from supabase_auth.errors import (
    AuthApiError,
    AuthError,
    AuthRetryableError,
    AuthUnknownError,
    AuthWeakPasswordError,
)
from supabase_auth.helpers import decode_jwt
from supabase_auth.types import AuthResponse, Session, SignOutScope, VerifyOtpParams

from roamio_web.backend import Backend
from roamio_web.models.errand import Errand
from roamio_web.models.staff import StaffMember
from roamio_web.services.failures import UNREACHABLE, ServiceError, Unavailable, ask

LINK_SPENT = (
    "That link has been used, has expired, or was asked for in another browser. Ask for a new one here."
)
INVITATION_SPENT = "That link or code has been used or has expired. Ask for a new one."
WRONG = "Enter the e-mail address and password of your Roamio account."
REFUSED_PASSWORDS = {
    "same_password": "Choose another password than the one you have.",
    "reauthentication_needed": "You signed in more than a day ago. Sign out, sign in, and change it then.",
}
DEFAULT_LIFETIME = 3600  # seconds; what Supabase issues unless told otherwise
DEMO_ACCOUNTS = frozenset(
    f"{name}@roamio.example" for name in ("admin", "operations", "operations2", "finance", "viewer")
)
"""The accounts of ``supabase/seed.sql``, whose password everybody knows."""


class WrongCredentials(ServiceError):
    """The address or the password is wrong; nobody is told which."""


class DemoAccount(WrongCredentials):
    """The address and the password are those of a demo account, where none is let in."""


class SessionOver(ServiceError):
    """The refresh token is no longer good: signed out elsewhere, revoked, or the person was removed."""


class LinkSpent(ServiceError):
    """A mailed link or code has been used, has expired, or never was one."""


class PasswordRefused(ServiceError):
    """Supabase Auth does not take the new password; the message says what to do."""


@dataclass(frozen=True)
class Tokens:
    """One person's Supabase session. ``expires_at`` is when the access token ends, in seconds since 1970.

    ``factor`` is the second factor that its person has and did not show yet; empty for everybody else. The
    database shows such a session nothing.
    """

    access: str
    refresh: str
    expires_at: int
    user_id: str
    factor: str = ""

    @classmethod
    def from_response(cls, response: AuthResponse) -> Self | None:
        session = response.session
        if session is None:
            return None
        lifetime = session.expires_in or DEFAULT_LIFETIME
        return cls(
            access=session.access_token,
            refresh=session.refresh_token,
            expires_at=session.expires_at or int(time.time()) + lifetime,
            user_id=session.user.id,
            factor=_factor_to_show(session),
        )


def sign_in(backend: Backend, email: str, password: str, *, demo: bool = True) -> Tokens:
    """Open a session at Supabase Auth.

    :param demo: whether demo accounts are let in. The account's own address tells, not what was typed.
    :raise DemoAccount: it is one, and they are not.
    :raise WrongCredentials: it says no, for whichever reason.
    :raise Unavailable: it can't be asked.
    """
    with auth_failures(WrongCredentials(WRONG)):
        response = backend.visitor().auth.sign_in_with_password({"email": email, "password": password})
    tokens = Tokens.from_response(response)
    if tokens is None:
        raise WrongCredentials(WRONG)
    if not demo and response.user and (response.user.email or "").lower() in DEMO_ACCOUNTS:
        sign_out(backend, tokens.access)
        raise DemoAccount(WRONG)
    return tokens


def refresh(backend: Backend, refresh_token: str) -> Tokens:
    """Exchange a refresh token for the next pair.

    Two tabs may bring the same one at once: inside its reuse interval, and for as long as the successor is
    unused, Supabase Auth answers both with that same successor, so neither is signed out.

    :raise SessionOver: it isn't good any more.
    :raise Unavailable: Supabase Auth can't be asked.
    """
    with auth_failures(SessionOver("Your session has ended. Sign in again.")):
        response = backend.visitor().auth.refresh_session(refresh_token)
    tokens = Tokens.from_response(response)
    if tokens is None:
        raise SessionOver("Your session has ended. Sign in again.")
    return tokens


def sign_out(backend: Backend, access_token: str, scope: SignOutScope = "local") -> None:
    """End this session at Supabase Auth, or with scope "global" all of its person's.

    Their refresh tokens are worthless then, and their access tokens too: the database asks for the session.

    :raise Unavailable: Supabase Auth can't be asked. The browser's copy can be dropped all the same.
    """
    try:
        with auth_failures(SessionOver("Your session has ended.")):
            backend.visitor().auth.admin.sign_out(access_token, scope)
    except SessionOver:
        return


def read_team(backend: Backend, access_token: str, errand: Errand | None = None) -> tuple[StaffMember, ...]:
    """The profiles that this person may read, in one round trip; writes down that they are here.

    Row Level Security shows an admin every profile, also of those who have no access any more, and anybody
    else their own. The answer does not hold somebody without a profile, or without access.

    :param errand: what is done on the way.
    :raise TokenRefused: the access token is not accepted.
    :raise Unavailable: the API can't be asked.
    """
    client = backend.staff_member(access_token)
    if errand:
        errand.answer = ask(client.rpc(errand.function, errand.arguments))
    found = errand.answer["team"] if errand and errand.answer else ask(client.rpc("my_team"))
    team = (StaffMember.from_row(row) for row in found)
    return tuple(sorted(team, key=lambda person: person.name.casefold()))


def mail_password_link(backend: Backend, email: str, return_to: str) -> str:
    """Ask Supabase Auth to mail a link for a new password. An unknown address is no error, and no difference.

    Returns the verifier that the link's code is exchanged with, in the browser that asked.

    :raise Unavailable: Supabase Auth can't be asked.
    """
    visitor = backend.visitor()
    try:
        visitor.auth.reset_password_for_email(email, {"redirect_to": return_to})
    except AuthApiError as error:
        # Its limits are per address, so even "too many" would tell that the address is known.
        if error.status >= 500:
            raise Unavailable(UNREACHABLE) from error
    except AuthError as error:
        raise Unavailable(UNREACHABLE) from error
    stored = visitor.options.storage.get_item(f"{STORAGE_KEY}-code-verifier") or ""
    return stored.partition("/")[0]


def follow_password_link(backend: Backend, code: str, verifier: str) -> Tokens:
    """Exchange the code that a followed link brought for a session that may set a new password.

    :raise LinkSpent: used, expired, unknown, or asked for in another browser.
    :raise Unavailable: Supabase Auth can't be asked.
    """
    with auth_failures(LinkSpent(LINK_SPENT)):
        auth = backend.visitor().auth
        response = auth.exchange_code_for_session({"auth_code": code, "code_verifier": verifier})
    return _recovered(response)


def open_password_link(backend: Backend, token_hash: str) -> Tokens:
    """Exchange the one-time code of a mailed link for a session that may set a new password.

    :raise LinkSpent: used, expired or unknown.
    :raise Unavailable: Supabase Auth can't be asked.
    """
    with auth_failures(LinkSpent(LINK_SPENT)):
        response = backend.visitor().auth.verify_otp({"type": "recovery", "token_hash": token_hash})
    return _recovered(response)


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


def read_missing_step(backend: Backend, access_token: str) -> str | None:
    """What keeps this member of staff outside, as the database says it: "session", "code" or "factor".

    None for whoever is inside, and for whoever is no member of staff at all.

    :raise TokenRefused: the access token is not accepted.
    :raise Unavailable: the API can't be asked.
    """
    missing = ask(backend.staff_member(access_token).rpc("my_missing_step"), text=True)
    return str(missing) if missing else None


def open_invitation(backend: Backend, *, token_hash: str = "", email: str = "", code: str = "") -> Tokens:
    """Exchange what an invitation's mail carries, its link's hash or address and code, for a session.

    :raise LinkSpent: used, expired, or never one.
    :raise Unavailable: Supabase Auth can't be asked.
    """
    typed: VerifyOtpParams = {"type": "email", "email": email, "token": code}
    linked: VerifyOtpParams = {"type": "email", "token_hash": token_hash}
    with auth_failures(LinkSpent(INVITATION_SPENT)):
        response = backend.visitor().auth.verify_otp(linked if token_hash else typed)
    return _recovered(response)


def mail_another_code(backend: Backend, email: str, return_to: str) -> None:
    """Ask Supabase Auth for another mail to an invited person. A stranger gets none, and no difference.

    :raise Unavailable: Supabase Auth can't be asked.
    """
    visitor = backend.visitor("implicit")  # the link is good in any browser
    try:
        visitor.auth.sign_in_with_otp({"email": email, "options": {"email_redirect_to": return_to}})
    except AuthApiError as error:
        if error.status >= 500:
            raise Unavailable(UNREACHABLE) from error
    except AuthError as error:
        raise Unavailable(UNREACHABLE) from error


def _factor_to_show(session: Session) -> str:
    """The second factor that this session's person has, unless it was shown already."""
    if decode_jwt(session.access_token)["payload"].get("aal") == "aal2":
        return ""
    owned = session.user.factors or []
    return next((factor.id for factor in owned if factor.status == "verified"), "")


def _recovered(response: AuthResponse) -> Tokens:
    tokens = Tokens.from_response(response)
    if tokens is None:
        raise LinkSpent(LINK_SPENT)
    return tokens


@contextmanager
def auth_failures(refusal: ServiceError) -> Iterator[None]:
    """Raise ``refusal`` where Supabase Auth says no, and Unavailable where it can't be asked or fails."""
    try:
        yield
    except (AuthRetryableError, AuthUnknownError) as error:
        raise Unavailable(UNREACHABLE) from error
    except AuthApiError as error:
        if error.status == 429 or error.status >= 500:
            raise Unavailable(UNREACHABLE) from error
        raise refusal from error
    except AuthError as error:
        raise refusal from error
