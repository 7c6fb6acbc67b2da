"""Sessions and their chains of refresh tokens.

A refresh token works once. It may come again when its answer got lost (it is the parent of the one in use),
or within a few seconds (two tabs at once); any later use means that somebody else has a copy, and all of the
session's tokens are revoked.
"""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request

from roamio_web.embedded import tokens
from roamio_web.embedded.auth import users
from roamio_web.embedded.auth.context import Connection, Context, Row
from roamio_web.embedded.auth.errors import AuthError


async def start(context: Context, connection: Connection, user: Row, method: str, request: Request) -> Row:
    """Sign a person in and return the session as the API shows it.

    ``method`` says how they proved who they are: ``password``, ``otp``, ``recovery`` …

    :raise AuthError: they are banned.
    """
    refuse_banned(user)
    session_id = uuid4()
    await connection.execute(
        """
        insert into auth.sessions (id, user_id, created_at, updated_at, aal, user_agent, ip)
        values (%s, %s, now(), now(), 'aal1', %s, %s)
        """,
        [session_id, user["id"], request.headers.get("user-agent"), request.client and request.client.host],
    )
    await connection.execute(
        """
        insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at, authentication_method)
        values (%s, %s, now(), now(), %s)
        """,
        [uuid4(), session_id, method],
    )
    user = await users.update(connection, user["id"], last_sign_in_at=datetime.now(UTC))
    await connection.execute(
        "update auth.identities set last_sign_in_at = now() where user_id = %s", [user["id"]]
    )
    refresh_token = await _new_refresh_token(connection, user["id"], session_id)
    return await _shown(context, connection, user, session_id, refresh_token)


async def refresh(context: Context, connection: Connection, token: str) -> Row:
    """Exchange a refresh token for a new session answer.

    :raise AuthError: the token is unknown, used, or its person may not sign in any more.
    """
    kept = await _fetch(connection, "select * from auth.refresh_tokens where token = %s for update", [token])
    user = await users.by_id(connection, kept["user_id"]) if kept else None
    if kept is None or user is None or kept["session_id"] is None:
        message = "Invalid Refresh Token: Refresh Token Not Found"
        raise AuthError(400, "refresh_token_not_found", message)
    refuse_banned(user)
    session_id = kept["session_id"]
    issued = None
    if kept["revoked"]:
        active = await _active_token(connection, session_id)
        just_now = _just_now(kept, context.settings.refresh_token_reuse_interval)
        if active is None or not (active["parent"] == token or just_now):
            await _revoke_all(connection, session_id)
            await connection.commit()  # the refusal must not undo it
            raise AuthError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")
        if active["parent"] == token:  # the client never got that answer
            issued = str(active["token"])
    if issued is None:
        await connection.execute(
            "update auth.refresh_tokens set revoked = true, updated_at = now() where id = %s and not revoked",
            [kept["id"]],
        )
        issued = await _new_refresh_token(connection, user["id"], session_id, parent=token)
    await connection.execute(
        "update auth.sessions set refreshed_at = now() at time zone 'utc', updated_at = now() where id = %s",
        [session_id],
    )
    return await _shown(context, connection, user, session_id, issued)


async def raise_to_aal2(
    context: Context, connection: Connection, user: Row, session: Row, factor_id: UUID
) -> Row:
    """Note that a second factor was shown: the session gets new tokens, the person's lesser sessions end."""
    await connection.execute(
        """
        insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at, authentication_method)
        values (%s, %s, now(), now(), 'totp')
        on conflict on constraint mfa_amr_claims_session_id_authentication_method_pkey
        do update set updated_at = now()
        """,
        [uuid4(), session["id"]],
    )
    await connection.execute(
        "update auth.sessions set aal = 'aal2', factor_id = %s where id = %s", [factor_id, session["id"]]
    )
    await connection.execute("delete from auth.sessions where user_id = %s and aal < 'aal2'", [user["id"]])
    # A refresh token from before the factor was shown must not lead to a session in which it was.
    await connection.execute("delete from auth.refresh_tokens where session_id = %s", [session["id"]])
    refresh_token = await _new_refresh_token(connection, user["id"], session["id"])
    return await _shown(context, connection, user, session["id"], refresh_token)


async def end(connection: Connection, user_id: UUID, session_id: str, scope: str) -> None:
    """Sign out: this session (``local``), the person's others (``others``), or all of them (``global``)."""
    conditions = {
        "global": "true",
        "local": "id = %(session_id)s",
        "others": "id <> %(session_id)s",
    }
    await connection.execute(
        f"delete from auth.sessions where user_id = %(user_id)s and {conditions[scope]}",  # noqa: S608
        {"user_id": user_id, "session_id": session_id},
    )


async def find(connection: Connection, session_id: str) -> Row | None:
    return await _fetch(connection, "select * from auth.sessions where id = %s", [session_id])


def refuse_banned(user: Row) -> None:
    """:raise AuthError: this person is banned."""
    if users.is_banned(user, datetime.now(UTC)):
        raise AuthError(400, "user_banned", "User is banned")


async def _active_token(connection: Connection, session_id: UUID) -> Row | None:
    """The session's token in use; none when all were revoked."""
    return await _fetch(
        connection,
        "select token, parent from auth.refresh_tokens where session_id = %s and not revoked"
        " order by id desc limit 1",
        [session_id],
    )


def _just_now(kept: Row, seconds: int) -> bool:
    return bool(kept["updated_at"] + timedelta(seconds=seconds) > datetime.now(UTC))


async def _revoke_all(connection: Connection, session_id: UUID) -> None:
    await connection.execute(
        "update auth.refresh_tokens set revoked = true, updated_at = now() where session_id = %s",
        [session_id],
    )


async def _new_refresh_token(
    connection: Connection, user_id: UUID, session_id: UUID, parent: str | None = None
) -> str:
    token = secrets.token_urlsafe(18)
    await connection.execute(
        """
        insert into auth.refresh_tokens
          (instance_id, token, user_id, revoked, created_at, updated_at, parent, session_id)
        values (%s, %s, %s, false, now(), now(), %s, %s)
        """,
        [users.INSTANCE, token, str(user_id), parent, session_id],
    )
    return token


async def _shown(
    context: Context, connection: Connection, user: Row, session_id: UUID, refresh_token: str
) -> Row:
    now = int(time.time())
    lifetime = context.settings.jwt_expiry
    methods = await connection.execute(
        """
        select authentication_method as method, extract(epoch from updated_at)::bigint as timestamp
        from auth.mfa_amr_claims where session_id = %s order by updated_at desc
        """,
        [session_id],
    )
    amr = await methods.fetchall()
    payload: dict[str, Any] = {
        "iss": context.url,
        "sub": str(user["id"]),
        "aud": user["aud"] or tokens.AUDIENCE,
        "exp": now + lifetime,
        "iat": now,
        "email": user["email"] or "",
        "phone": user["phone"] or "",
        "app_metadata": user["raw_app_meta_data"] or {},
        "user_metadata": user["raw_user_meta_data"] or {},
        "role": user["role"] or "authenticated",
        "aal": "aal2" if any(entry["method"] == "totp" for entry in amr) else "aal1",
        "amr": amr,
        "session_id": str(session_id),
        "is_anonymous": user["is_anonymous"],
    }
    return {
        "access_token": tokens.encode(payload, context.project.jwt_secret),
        "token_type": "bearer",
        "expires_in": lifetime,
        "expires_at": now + lifetime,
        "refresh_token": refresh_token,
        "user": await users.shown(connection, user),
        "weak_password": None,
    }


async def _fetch(connection: Connection, query: str, values: list[Any]) -> Row | None:
    return await (await connection.execute(query.encode(), values)).fetchone()
