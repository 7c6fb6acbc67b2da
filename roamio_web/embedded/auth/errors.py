"""What Auth answers when it refuses, in the words and shapes of Supabase Auth."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

VERSION_HEADER = "X-Supabase-Api-Version"
CODES_AS_TEXT = "2024-01-01"  # the version of the API since which ``code`` is the error code
log = logging.getLogger(__name__)


class AuthError(Exception):
    """A refusal: HTTP status, Supabase's error code, and a sentence."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.more = more


def invalid_credentials() -> AuthError:
    """The one answer to a wrong address and to a wrong password."""
    return AuthError(400, "invalid_credentials", "Invalid login credentials")


def invalid(message: str) -> AuthError:
    """The request makes no sense."""
    return AuthError(400, "validation_failed", message)


def otp_expired() -> AuthError:
    """The one answer to a code that is wrong, used or too old."""
    return AuthError(403, "otp_expired", "Token has expired or is invalid")


def not_spoken(what: str) -> AuthError:
    """Supabase can do this and the embedded backend can't."""
    return AuthError(501, "not_implemented", f"The embedded backend does not do this: {what}")


async def refused(request: Request, error: Exception) -> Response:
    """The response to an ``AuthError``."""
    if not isinstance(error, AuthError):
        raise error
    return _answer(request, error)


async def database_refused(request: Request, error: Exception) -> Response:
    """The response when the database refused, by a trigger most often; why is for the log alone."""
    reason = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    log.warning("%s %s: %s", request.method, request.url.path, reason or type(error).__name__)
    return _answer(request, AuthError(500, "unexpected_failure", "Database error saving the change"))


def _answer(request: Request, error: AuthError) -> Response:
    if request.headers.get(VERSION_HEADER, "") >= CODES_AS_TEXT:
        body = {"code": error.code, "message": error.message, **error.more}
        return JSONResponse(body, error.status, {VERSION_HEADER: CODES_AS_TEXT})
    body = {"code": error.status, "error_code": error.code, "msg": error.message, **error.more}
    return JSONResponse(body, error.status)
