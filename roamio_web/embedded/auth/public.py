"""What anybody may ask: health, settings, keys; and signing up, where the project allows it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from roamio_web.embedded.auth import codes, hooks, passwords, redirects, sessions, users
from roamio_web.embedded.auth.context import Context, Row, body, context, mapping, text
from roamio_web.embedded.auth.errors import AuthError, invalid, not_spoken

VERSION = "embedded"


async def health(_request: Request) -> Response:
    """Auth is there."""
    return JSONResponse({"name": "GoTrue", "version": VERSION, "description": "Roamio's embedded Auth"})


async def jwks(_request: Request) -> Response:
    """The public keys: none, since tokens are signed with the project's shared secret."""
    return JSONResponse({"keys": []}, headers={"Cache-Control": "public, max-age=600"})


async def settings(request: Request) -> Response:
    """What the project allows."""
    own = context(request).settings
    return JSONResponse(
        {
            "external": {"email": own.enable_email_signup, "phone": False, "anonymous_users": False},
            "disable_signup": not own.enable_signup,
            "mailer_autoconfirm": not own.confirm_email,
            "phone_autoconfirm": False,
            "sms_provider": "",
            "mfa_enabled": own.totp,
            "saml_enabled": False,
        }
    )


async def unknown(request: Request) -> Response:
    """:raise AuthError: always; this part of Supabase Auth is not here."""
    raise not_spoken(f"{request.method} {request.url.path}")


async def sign_up(request: Request) -> Response:
    """Make an account for whoever asks, if the project lets people sign up."""
    ctx, fields = context(request), await body(request)
    if not ctx.settings.enable_signup:
        raise AuthError(422, "signup_disabled", "Signups not allowed for this instance")
    refuse_without_email(ctx)
    if not fields.get("email"):
        raise invalid("Only signing up with an e-mail address is possible")
    email, password = users.address(text(fields, "email")), text(fields, "password")
    passwords.check_strength(password, ctx.settings.minimum_password_length)
    hashed = await passwords.make_hash(password)
    challenge, redirect_to = codes.Challenge.read(fields), redirects.target(ctx.settings, request)
    async with ctx.transaction() as connection:
        user = await users.by_email(connection, email)
        if user and (user["email_confirmed_at"] or not ctx.settings.confirm_email):
            raise AuthError(422, "user_already_exists", "User already registered")
        if user is None:
            data = mapping(fields, "data")
            await hooks.before_user_created(ctx, connection, request, email, data)
            user = await users.create(connection, email, hashed, data)
        if not ctx.settings.confirm_email:
            user = await users.confirm(connection, user)
            return JSONResponse(await sessions.start(ctx, connection, user, "password", request))
        codes.refuse_too_soon(ctx, user, "signup")
        code = await codes.issue(ctx, connection, user, "signup", redirect_to, challenge)
        answer: Row = await users.shown(connection, user)
    ctx.mailbox.send(code.letter_to(email))
    return JSONResponse(answer)


def refuse_without_email(ctx: Context) -> None:
    """:raise AuthError: the project has signing in by e-mail turned off."""
    if not ctx.settings.enable_email_signup:
        raise AuthError(422, "email_provider_disabled", "Email logins are disabled")
