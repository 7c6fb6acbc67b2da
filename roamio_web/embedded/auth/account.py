"""One's own account: reading it, changing it, signing out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from roamio_web.embedded.auth import passwords, sessions, users
from roamio_web.embedded.auth.context import Connection, Row, body, claims, context, mapping, text
from roamio_web.embedded.auth.errors import AuthError, invalid, not_spoken

FRESH = timedelta(hours=24)  # how long a session may change the password, with ``secure_password_change``
SCOPES = ("global", "local", "others")


async def show(request: Request) -> Response:
    """The account that the token names."""
    async with context(request).transaction() as connection:
        user, _session = await _whose(request, connection)
        return JSONResponse(await users.shown(connection, user))


async def change(request: Request) -> Response:
    """Change password or metadata; a new password signs out every other session."""
    ctx, fields = context(request), await body(request)
    if fields.get("email") or fields.get("phone"):
        raise not_spoken("changing one's own e-mail address or phone number")
    password, data = text(fields, "password"), mapping(fields, "data")
    async with ctx.transaction() as connection:
        user, session = await _whose(request, connection)
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
    scope = request.query_params.get("scope", "global")
    if scope not in SCOPES:
        raise invalid(f'Unsupported logout scope "{scope}"')
    async with context(request).transaction() as connection:
        user, session = await _whose(request, connection)
        await sessions.end(connection, user["id"], str(session["id"]), scope)
    return Response(status_code=204)


async def _whose(request: Request, connection: Connection) -> tuple[Row, Row]:
    """The person and the session that the token names.

    :raise AuthError: one of them is gone, or the person is banned.
    """
    said = claims(request)
    if not said.sub:
        raise AuthError(403, "bad_jwt", "invalid claim: missing sub claim")
    user = await users.by_id(connection, said.sub)
    if user is None:
        raise AuthError(403, "user_not_found", "User from sub claim in JWT does not exist")
    session = await sessions.find(connection, str(said.raw.get("session_id", "")))
    if session is None or session["user_id"] != user["id"]:
        raise AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist")
    sessions.refuse_banned(user)
    return user, session
