"""What every endpoint of Auth works with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from starlette.requests import Request

from roamio_web.embedded import tokens
from roamio_web.embedded.auth.errors import AuthError, invalid
from roamio_web.embedded.auth.mail import Mailbox
from roamio_web.embedded.settings import AuthSettings, GatewaySettings

Row = dict[str, Any]
Connection = AsyncConnection[Row]
ADMINS = frozenset({"service_role", "supabase_admin"})


@dataclass(frozen=True)
class Context:
    """The project's settings, its database as ``supabase_auth_admin``, and its outgoing mail."""

    project: GatewaySettings
    pool: AsyncConnectionPool[Connection]
    mailbox: Mailbox

    @property
    def settings(self) -> AuthSettings:
        return self.project.auth

    @property
    def url(self) -> str:
        """Auth's own address, which its tokens name as their issuer."""
        return f"{self.project.api_url}/auth/v1"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection whose work is kept when the block ends well and undone when it raises."""
        async with self.pool.connection() as connection:
            yield connection


def context(request: Request) -> Context:
    found: Context = request.app.state.context
    return found


def claims(request: Request) -> tokens.Claims:
    """What the request's access token says.

    :raise AuthError: there is none, or it is not good.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token")
    try:
        return tokens.verify(token, context(request).project.jwt_secret)
    except tokens.TokenError as error:
        reason = f"invalid JWT: unable to parse or verify signature, {error}"
        raise AuthError(403, "bad_jwt", reason) from None


def require_admin(request: Request) -> None:
    """:raise AuthError: the request does not carry the service key."""
    if claims(request).role not in ADMINS:
        raise AuthError(403, "not_admin", "User not allowed")


async def body(request: Request) -> Row:
    """The request's JSON object; an empty body is an empty one.

    :raise AuthError: it is something else.
    """
    raw = await request.body()
    try:
        found = await request.json() if raw.strip() else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise AuthError(400, "bad_json", "Could not parse request body as JSON")
    return found


def text(fields: Row, name: str) -> str:
    """A field that is text, or empty when it is missing.

    :raise AuthError: it is something else.
    """
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or "\0" in value:
        raise invalid(f"{name} must be a string")
    return value


def mapping(fields: Row, name: str) -> Row:
    """A field that is an object, or an empty one when it is missing.

    :raise AuthError: it is something else.
    """
    value = fields.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid(f"{name} must be an object")
    return value
