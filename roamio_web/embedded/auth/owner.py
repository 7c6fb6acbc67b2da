"""Whose access token a request carries."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request

from roamio_web.embedded.auth import sessions, users
from roamio_web.embedded.auth.context import Connection, Row, claims
from roamio_web.embedded.auth.errors import AuthError


async def whose(request: Request, connection: Connection) -> tuple[Row, Row]:
    """The person and the session that the token names.

    :raise AuthError: one of them is gone, or the person is banned.
    """
    said = claims(request)
    if not said.sub:
        raise AuthError(403, "bad_jwt", "invalid claim: missing sub claim")
    user = await users.by_id(connection, said.sub)
    if user is None:
        raise AuthError(403, "user_not_found", "User from sub claim in JWT does not exist")
    session = await sessions.find(connection, _session_id(said.raw.get("session_id", "")))
    if session is None or session["user_id"] != user["id"]:
        raise AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist")
    sessions.refuse_banned(user)
    return user, session


def _session_id(claim: object) -> str:
    try:
        return str(UUID(str(claim)))
    except ValueError:
        raise AuthError(403, "bad_jwt", "invalid claim: session_id claim must be a UUID") from None
