"""Hooks: functions of the project's own database that Supabase Auth asks before it does something."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from psycopg import sql
from psycopg.types.json import Jsonb
from starlette.requests import Request

from roamio_web.embedded.auth.context import Connection, Context, Row
from roamio_web.embedded.auth.errors import AuthError


async def before_user_created(
    context: Context, connection: Connection, request: Request, email: str, user_metadata: Row
) -> None:
    """Ask ``[auth.hook.before_user_created]``, if there is one, whether this address may have an account.

    :raise AuthError: it may not; the hook says with which status and in which words.
    """
    hook = context.settings.before_user_created
    if hook is None:
        return
    event = {
        "metadata": {
            "uuid": str(uuid4()),
            "time": datetime.now(UTC).isoformat(),
            "name": "before-user-created",
            "ip_address": request.client.host if request.client else "",
        },
        "user": {
            "aud": "authenticated",
            "role": "",
            "email": email,
            "phone": "",
            "app_metadata": {"provider": "email", "providers": ["email"]},
            "user_metadata": user_metadata,
            "identities": [],
            "is_anonymous": False,
        },
    }
    call = sql.SQL("select {}(%s) as answer").format(sql.Identifier(*hook))
    answer = await (await connection.execute(call, [Jsonb(event)])).fetchone()
    refusal = ((answer and answer["answer"]) or {}).get("error") or {}
    if refusal.get("message"):
        status = refusal.get("http_code") or 500
        raise AuthError(status, "unexpected_failure" if status == 500 else "unknown", refusal["message"])
