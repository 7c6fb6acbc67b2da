"""Mailed links and codes: for a new password, and for accepting an invitation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from supabase_auth.constants import STORAGE_KEY
from supabase_auth.errors import AuthApiError, AuthError
from supabase_auth.types import AuthResponse, VerifyOtpParams

from roamio_web.backend import Backend
from roamio_web.services.failures import UNREACHABLE, ServiceError, Unavailable
from roamio_web.services.sign_in import Tokens, auth_failures

LINK_SPENT = (
    "That link has been used, has expired, or was asked for in another browser. Ask for a new one here."
)
INVITATION_SPENT = "That link or code has been used or has expired. Ask for a new one."


class LinkSpent(ServiceError):
    """A mailed link or code has been used, has expired, or never was one."""


def mail_password_link(backend: Backend, email: str, return_to: str) -> str:
    """Ask Supabase Auth to mail a link for a new password. An unknown address is no error, and no difference.

    Returns the verifier that the link's code is exchanged with, in the browser that asked.

    :raise Unavailable: Supabase Auth can't be asked.
    """
    visitor = backend.visitor()
    with _no_difference():
        visitor.auth.reset_password_for_email(email, {"redirect_to": return_to})
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
    with _no_difference():
        visitor.auth.sign_in_with_otp({"email": email, "options": {"email_redirect_to": return_to}})


@contextmanager
def _no_difference() -> Iterator[None]:
    """Pass over what Supabase Auth says of an address; raise Unavailable where it can't be asked or fails."""
    try:
        yield
    except AuthApiError as error:
        # Its limits are per address, so even "too many" would tell that the address is known.
        if error.status >= 500:
            raise Unavailable(UNREACHABLE) from error
    except AuthError as error:
        raise Unavailable(UNREACHABLE) from error


def _recovered(response: AuthResponse) -> Tokens:
    tokens = Tokens.from_response(response)
    if tokens is None:
        raise LinkSpent(LINK_SPENT)
    return tokens
