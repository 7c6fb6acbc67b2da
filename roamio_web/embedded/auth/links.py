"""Codes and links by mail: asking for one, following it, typing it in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from roamio_web.embedded.auth import codes, hooks, redirects, sessions, users
from roamio_web.embedded.auth.context import Context, Row, body, context, mapping, text
from roamio_web.embedded.auth.errors import AuthError, invalid
from roamio_web.embedded.auth.public import refuse_without_email


async def recover(request: Request) -> Response:
    """Mail a code for a new password; an address that nobody has gets the same answer and no mail."""
    ctx, fields = context(request), await body(request)
    refuse_without_email(ctx)
    await _send(request, ctx, "recovery", users.address(text(fields, "email")), fields)
    return JSONResponse({})


async def otp(request: Request) -> Response:
    """Mail a code for signing in without a password; whoever has no account yet signs up with it."""
    ctx, fields = context(request), await body(request)
    if fields.get("email") and fields.get("phone"):
        raise invalid("Only an email address or phone number should be provided")
    if not fields.get("email"):
        raise invalid("One of email or phone must be set")
    refuse_without_email(ctx)
    email, data = users.address(text(fields, "email")), mapping(fields, "data")
    async with ctx.transaction() as connection:
        user = await users.by_email(connection, email)
        if user is None and fields.get("create_user") is False:
            raise AuthError(422, "otp_disabled", "Signups not allowed for otp")
        if not (user and user["email_confirmed_at"]):
            if not ctx.settings.enable_signup:
                raise AuthError(422, "signup_disabled", "Signups not allowed for this instance")
            if user is None:
                await hooks.before_user_created(ctx, connection, request, email, data)
                user = await users.create(connection, email, user_metadata=data)
            if not ctx.settings.confirm_email:
                user = await users.confirm(connection, user)
    await _send(request, ctx, "magiclink" if user["email_confirmed_at"] else "signup", email, fields)
    return JSONResponse({})


async def resend(request: Request) -> Response:
    """Mail the code that confirms a sign-up once more."""
    ctx, fields = context(request), await body(request)
    if fields.get("type") != "signup" or not fields.get("email"):
        raise invalid("Missing one of these types: signup")
    email = users.address(text(fields, "email"))
    async with ctx.transaction() as connection:
        user = await users.by_email(connection, email)
    if user and not user["email_confirmed_at"]:
        await _send(request, ctx, "signup", email, fields)
    return JSONResponse({})


async def verify(request: Request) -> Response:
    """Exchange a typed code, or a link's hash, for a session."""
    ctx, fields = context(request), await body(request)
    kind, hashed, typed = text(fields, "type"), text(fields, "token_hash"), text(fields, "token")
    if kind not in codes.STORED_AS:
        raise invalid("Verify requires a verification type")
    if not hashed and not (typed and fields.get("email")):
        raise invalid("Verify requires either a token or a token hash")
    email = "" if hashed else users.address(text(fields, "email"))
    async with ctx.transaction() as connection:
        user = await codes.redeem(ctx, connection, kind, hashed=hashed, email=email, typed=typed)
        answer = await sessions.start(ctx, connection, user, "otp", request)
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


async def follow(request: Request) -> Response:
    """Follow an e-mailed link: back to the site, with a session, a code for one, or what went wrong."""
    ctx = context(request)
    there = redirects.target(ctx.settings, request)
    kind, hashed = request.query_params.get("type", ""), request.query_params.get("token", "")
    try:
        if kind not in codes.STORED_AS or not hashed:
            raise invalid("Verify requires a token and a verification type")
        async with ctx.transaction() as connection:
            user = await codes.redeem(ctx, connection, kind, hashed=hashed)
            if hashed.startswith(codes.PKCE):
                return redirects.to(there, query={"code": await codes.open_flow_code(connection, user)})
            session = await sessions.start(ctx, connection, user, "otp", request)
    except AuthError as error:
        problem = {
            "error": "access_denied" if error.status < 500 else "server_error",
            "error_code": error.code,
            "error_description": error.message,
        }
        return redirects.to(there, query=problem, fragment=problem)
    names = ("access_token", "expires_at", "expires_in", "refresh_token", "token_type")
    return redirects.to(there, fragment={name: str(session[name]) for name in names} | {"type": kind})


async def _send(request: Request, ctx: Context, kind: str, email: str, fields: Row) -> None:
    challenge, redirect_to = codes.Challenge.read(fields), redirects.target(ctx.settings, request)
    async with ctx.transaction() as connection:
        user = await users.by_email(connection, email)
        if user is None:
            return
        codes.refuse_too_soon(ctx, user, kind)
        code = await codes.issue(ctx, connection, user, kind, redirect_to, challenge)
    ctx.mailbox.send(code.letter_to(email))
