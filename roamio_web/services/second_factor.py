"""A person's second factor: an authenticator app, set up, shown and taken away at Supabase Auth."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from dataclasses import dataclass

from supabase_auth.errors import AuthApiError
from supabase_auth.types import AuthMFAVerifyResponse

from roamio_web.backend import Backend
from roamio_web.services.failures import ServiceError
from roamio_web.services.sign_in import DEFAULT_LIFETIME, SessionOver, Tokens, auth_failures, refresh

ISSUER = "Roamio"
WRONG_CODE = "Enter the six digits that your app shows now"
GONE = "That took too long, or was undone elsewhere. Start again."
ENDED = "Your session has ended. Sign in again."


class WrongCode(ServiceError):
    """That is not the code that the app shows now."""


class FactorGone(ServiceError):
    """The factor is not there any more: it was removed, or took too long to be set up."""


@dataclass(frozen=True)
class SetUp:
    """A factor that is being set up: what an app needs to know. ``uri`` is what the QR code says."""

    factor: str
    secret: str
    uri: str

    @property
    def secret_in_groups(self) -> str:
        """The secret as people type it."""
        return " ".join(self.secret[place : place + 4] for place in range(0, len(self.secret), 4))


def begin(backend: Backend, tokens: Tokens, unfinished: str = "") -> SetUp:
    """Begin to set up an authenticator app, instead of the ``unfinished`` one if there is one.

    :raise SessionOver: the tokens are not accepted.
    :raise Unavailable: Supabase Auth can't be asked.
    """
    with auth_failures(SessionOver(ENDED)):
        auth = backend.account(tokens.access, tokens.refresh)
        if unfinished:
            with suppress(AuthApiError):  # it may be gone already
                auth.mfa.unenroll({"factor_id": unfinished})
        name = f"Authenticator app {secrets.token_hex(4)}"
        answer = auth.mfa.enroll({"factor_type": "totp", "friendly_name": name, "issuer": ISSUER})
    if answer.totp is None:
        raise SessionOver(ENDED)
    return SetUp(answer.id, answer.totp.secret, answer.totp.uri)


def show(backend: Backend, tokens: Tokens, factor: str, code: str) -> Tokens:
    """Exchange the code that the app shows for a session that is let in; lesser sessions end.

    The first code shown finishes setting the factor up.

    :raise WrongCode: it is another one.
    :raise FactorGone: there is no such factor any more.
    :raise SessionOver: the tokens are not accepted.
    :raise Unavailable: Supabase Auth can't be asked.
    """
    with auth_failures(SessionOver(ENDED)):
        auth = backend.account(tokens.access, tokens.refresh)
        try:
            answer = auth.mfa.challenge_and_verify({"factor_id": factor, "code": code})
        except AuthApiError as error:
            if error.code == "mfa_factor_not_found":
                raise FactorGone(GONE) from error
            if error.code != "mfa_verification_failed":
                raise
            raise WrongCode(WRONG_CODE) from error
    return _tokens(answer, tokens)


def remove(backend: Backend, tokens: Tokens, factor: str, code: str) -> Tokens:
    """Take the factor away from its person, who shows its code once more; the session goes on.

    :raise WrongCode: it is another one.
    :raise FactorGone: there is no such factor any more.
    :raise SessionOver: the tokens are not accepted.
    :raise Unavailable: Supabase Auth can't be asked.
    """
    shown = show(backend, tokens, factor, code)
    with auth_failures(SessionOver(ENDED)):
        auth = backend.account(shown.access, shown.refresh)
        auth.mfa.unenroll({"factor_id": factor})
    return refresh(backend, shown.refresh)


def _tokens(answer: AuthMFAVerifyResponse, before: Tokens) -> Tokens:
    expires_in = answer.expires_in or DEFAULT_LIFETIME
    return Tokens(answer.access_token, answer.refresh_token, int(time.time()) + expires_in, before.user_id)
