"""``POST /token``: a password, a refresh token or a code, for a session."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from roamio_web.embedded.auth import codes, passwords, sessions, users
from roamio_web.embedded.auth.context import Row, body, context, text
from roamio_web.embedded.auth.errors import AuthError, invalid, invalid_credentials
from roamio_web.embedded.auth.public import refuse_without_email


async def token(request: Request) -> Response:
    """Sign in or go on, by ``grant_type``."""
    grants = {"password": _password, "refresh_token": _refresh_token, "pkce": _pkce}
    grant = grants.get(request.query_params.get("grant_type", ""))
    if grant is None:
        raise AuthError(400, "unsupported_grant_type", "unsupported_grant_type")
    answer = await grant(request, await body(request))
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


async def _password(request: Request, fields: Row) -> Row:
    """A wrong address and a wrong password get one answer, after the same time."""
    ctx = context(request)
    refuse_without_email(ctx)
    if fields.get("phone"):
        raise AuthError(422, "phone_provider_disabled", "Phone logins are disabled")
    email, password = text(fields, "email").strip().lower(), text(fields, "password")
    if not email or not password:
        raise invalid("missing email or phone" if not email else "missing password")
    async with ctx.transaction() as connection:
        user = await users.by_email(connection, email)
    if not await passwords.matches(password, user["encrypted_password"] if user else None) or user is None:
        raise invalid_credentials()
    sessions.refuse_banned(user)
    if not user["email_confirmed_at"]:
        raise AuthError(400, "email_not_confirmed", "Email not confirmed")
    async with ctx.transaction() as connection:
        return await sessions.start(ctx, connection, user, "password", request)


async def _refresh_token(request: Request, fields: Row) -> Row:
    ctx = context(request)
    refresh_token = text(fields, "refresh_token")
    if not refresh_token:
        raise invalid("refresh_token required")
    async with ctx.transaction() as connection:
        return await sessions.refresh(ctx, connection, refresh_token)


async def _pkce(request: Request, fields: Row) -> Row:
    ctx = context(request)
    code, verifier = text(fields, "auth_code"), text(fields, "code_verifier")
    if not code or not verifier:
        raise invalid("invalid request: both auth code and code verifier should be non-empty")
    async with ctx.transaction() as connection:
        user, method = await codes.exchange(ctx, connection, code, verifier)
        return await sessions.start(ctx, connection, user, method, request)
