"""Signing staff in and out with Supabase Auth. Tokens come in and go out as values; nothing is kept here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from supabase_auth.errors import AuthApiError, AuthError, AuthRetryableError, AuthUnknownError
from supabase_auth.helpers import decode_jwt
from supabase_auth.types import AuthResponse, Session, SignOutScope

from roamio_web.backend import Backend
from roamio_web.models.demo import DEMO_ACCOUNTS
from roamio_web.models.errand import Errand
from roamio_web.models.staff import StaffMember
from roamio_web.services.failures import UNREACHABLE, ServiceError, Unavailable, ask

WRONG = "Enter the e-mail address and the password of your account"
DEFAULT_LIFETIME = 3600  # seconds; what Supabase issues unless told otherwise


class WrongCredentials(ServiceError):
    """The address or the password is wrong; nobody is told which."""


class DemoAccount(WrongCredentials):
    """The address and the password are those of a demo account, where none is let in."""


class SessionOver(ServiceError):
    """The refresh token is no longer good: signed out elsewhere, revoked, or the person was removed."""


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


def read_missing_step(backend: Backend, access_token: str) -> str | None:
    """What keeps this member of staff outside, as the database says it: "session", "code" or "factor".

    None for whoever is inside, and for whoever is no member of staff at all.

    :raise TokenRefused: the access token is not accepted.
    :raise Unavailable: the API can't be asked.
    """
    missing = ask(backend.staff_member(access_token).rpc("my_missing_step"), text=True)
    return str(missing) if missing else None


def _factor_to_show(session: Session) -> str:
    """The second factor that this session's person has, unless it was shown already."""
    if decode_jwt(session.access_token)["payload"].get("aal") == "aal2":
        return ""
    owned = session.user.factors or []
    return next((factor.id for factor in owned if factor.status == "verified"), "")


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
