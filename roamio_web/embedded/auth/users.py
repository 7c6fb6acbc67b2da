"""The rows of ``auth.users`` and ``auth.identities``, and the user that the API shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from psycopg import sql
from psycopg.types.json import Jsonb

from roamio_web.embedded.auth import factors
from roamio_web.embedded.auth.context import Connection, Row
from roamio_web.embedded.auth.errors import AuthError, invalid

INSTANCE = UUID(int=0)
ALWAYS_SHOWN = ("id", "aud", "role", "email", "phone")
SHOWN_WHEN_SET = (
    "email_confirmed_at", "phone_confirmed_at", "confirmed_at", "invited_at", "confirmation_sent_at",
    "recovery_sent_at", "email_change_sent_at", "last_sign_in_at", "created_at", "updated_at", "banned_until",
    "deleted_at",
)  # fmt: skip
EMAIL_PROVIDER = {"provider": "email", "providers": ["email"]}


def address(typed: str) -> str:
    """An e-mail address as it is stored: lower case, no spaces around.

    :raise AuthError: it is none.
    """
    try:
        options: dict[str, Any] = {"check_deliverability": False, "test_environment": True}
        return validate_email(typed.strip(), **options).normalized.lower()
    except EmailNotValidError:
        raise invalid("Unable to validate email address: invalid format") from None


async def by_email(connection: Connection, email: str) -> Row | None:
    """The account with this address, deleted ones aside."""
    query = "select * from auth.users where email = %s and not is_sso_user and deleted_at is null"
    return await (await connection.execute(query, [email])).fetchone()


async def by_id(connection: Connection, user_id: UUID | str) -> Row | None:
    """The account with this id, deleted ones aside."""
    query = "select * from auth.users where id = %s and deleted_at is null"
    return await (await connection.execute(query, [user_id])).fetchone()


async def create(
    connection: Connection,
    email: str,
    encrypted_password: str = "",
    user_metadata: Row | None = None,
    app_metadata: Row | None = None,
    user_id: UUID | None = None,
    role: str = "authenticated",
) -> Row:
    """A new account with this address, not yet confirmed.

    :raise AuthError: there is one already.
    """
    inserted = await connection.execute(
        """
        insert into auth.users (
          instance_id, id, aud, role, email, encrypted_password, raw_app_meta_data, raw_user_meta_data,
          created_at, updated_at, confirmation_token, recovery_token, email_change_token_new, email_change
        )
        values (%s, %s, 'authenticated', %s, %s, %s, %s, %s, now(), now(), '', '', '', '')
        on conflict do nothing
        returning *
        """,
        [
            INSTANCE,
            user_id or uuid4(),
            role,
            email,
            encrypted_password,
            Jsonb(EMAIL_PROVIDER | (app_metadata or {})),
            Jsonb(user_metadata or {}),
        ],
    )
    user = await inserted.fetchone()
    if user is None:
        message = "A user with this email address has already been registered"
        raise AuthError(422, "email_exists", message)
    identity = {"sub": str(user["id"]), "email": email, "email_verified": False, "phone_verified": False}
    await connection.execute(
        """
        insert into auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at)
        values (%s, %s, %s, 'email', now(), now())
        """,
        [str(user["id"]), user["id"], Jsonb(identity)],
    )
    return user


async def update(connection: Connection, user_id: UUID, **changes: Any) -> Row:
    """Change columns of an account; a ``dict`` goes to a jsonb column. Returns the row as it is then.

    :raise AuthError: the account is gone.
    """
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in changes
    )
    query = sql.SQL("update auth.users set {}, updated_at = now() where id = %(user_id)s returning *")
    values = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in changes.items()}
    user = await (
        await connection.execute(query.format(assignments), values | {"user_id": user_id})
    ).fetchone()
    if user is None:
        raise AuthError(404, "user_not_found", "User not found")
    return user


async def confirm(connection: Connection, user: Row) -> Row:
    """Note that the address was shown to be the person's own."""
    if user["email_confirmed_at"]:
        return user
    await connection.execute(
        """
        update auth.identities
        set identity_data = identity_data || '{"email_verified": true}', updated_at = now()
        where user_id = %s and provider = 'email'
        """,
        [user["id"]],
    )
    now = await (await connection.execute("select now() as now")).fetchone()
    return await update(connection, user["id"], email_confirmed_at=now and now["now"])


async def shown(connection: Connection, user: Row) -> Row:
    """The user as the API shows it: no password, no code."""
    identities = await connection.execute(
        "select * from auth.identities where user_id = %s order by created_at", [user["id"]]
    )
    answer: Row = {name: user[name] or "" for name in ALWAYS_SHOWN}
    answer |= {name: user[name] for name in SHOWN_WHEN_SET if user[name] is not None}
    answer |= {
        "app_metadata": user["raw_app_meta_data"] or {},
        "user_metadata": user["raw_user_meta_data"] or {},
        "identities": [_identity(row) async for row in identities],
        "is_anonymous": user["is_anonymous"],
    }
    if owned := await factors.of(connection, user["id"]):
        answer["factors"] = [shown_factor(row) for row in owned]
    return _as_json(answer)


def is_banned(user: Row, now: datetime) -> bool:
    return user["banned_until"] is not None and user["banned_until"] > now


def _identity(row: Row) -> Row:
    shown = {name: row[name] for name in ("user_id", "identity_data", "provider", "created_at", "updated_at")}
    shown |= {"identity_id": row["id"], "id": row["provider_id"], "email": row["email"]}
    return _as_json(shown | {"last_sign_in_at": row["last_sign_in_at"] or row["created_at"]})


def shown_factor(row: Row) -> Row:
    """A second factor as the API shows it: no secret."""
    names = ("id", "created_at", "updated_at", "status", "friendly_name", "factor_type", "last_challenged_at")
    return _as_json({name: row[name] for name in names})


def _as_json(row: Row) -> Row:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, UUID) else value
