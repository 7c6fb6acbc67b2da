"""One's own account: reading it, changing it, signing out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from roamio_web.embedded.auth import factors, passwords, sessions, users
from roamio_web.embedded.auth.context import Row, body, context, mapping, text
from roamio_web.embedded.auth.errors import AuthError, invalid, not_spoken
from roamio_web.embedded.auth.owner import whose

FRESH = timedelta(hours=24)  # how long a session may change the password, with ``secure_password_change``
SCOPES = ("global", "local", "others")


async def show(request: Request) -> Response:
    """The account that the token names."""
    async with context(request).transaction() as connection:
        user, _session = await whose(request, connection)
        return JSONResponse(await users.shown(connection, user))


async def change(request: Request) -> Response:
    """Change password or metadata; a new password signs out every other session."""
    ctx, fields = context(request), await body(request)
    if fields.get("email") or fields.get("phone"):
        raise not_spoken("changing one's own e-mail address or phone number")
    password, data = text(fields, "password"), mapping(fields, "data")
    async with ctx.transaction() as connection:
        user, session = await whose(request, connection)
        if password and await factors.has_verified(connection, user["id"]) and session["aal"] != "aal2":
            message = "AAL2 session is required to update email or password when MFA is enabled."
            raise AuthError(401, "insufficient_aal", message)
        changes: Row = {}
        if data:
            merged = (user["raw_user_meta_data"] or {}) | data
            changes["raw_user_meta_data"] = {key: value for key, value in merged.items() if value is not None}
        if password:
            if ctx.settings.secure_password_change and session["created_at"] + FRESH < datetime.now(UTC):
                raise AuthError(400, "reauthentication_needed", "Password update requires reauthentication")
            passwords.check_strength(password, ctx.settings.minimum_password_length)
            if await passwords.matches(password, user["encrypted_password"]):
                message = "New password should be different from the old password."
                raise AuthError(422, "same_password", message)
            changes["encrypted_password"] = await passwords.make_hash(password)
            await sessions.end(connection, user["id"], str(session["id"]), "others")
        if changes:
            user = await users.update(connection, user["id"], **changes)
        return JSONResponse(await users.shown(connection, user))


async def sign_out(request: Request) -> Response:
    """End this session, the person's others, or all of them."""
    scope = request.query_params.get("scope") or "global"
    if scope not in SCOPES:
        raise invalid(f'Unsupported logout scope "{scope}"')
    async with context(request).transaction() as connection:
        user, session = await whose(request, connection)
        await sessions.end(connection, user["id"], str(session["id"]), scope)
    return Response(status_code=204)
