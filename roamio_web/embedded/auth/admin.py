"""What the service key may do: see and change every account, and make links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from roamio_web.embedded.auth import codes, factors, hooks, passwords, redirects, users
from roamio_web.embedded.auth.context import Connection, Row, body, context, mapping, require_admin, text
from roamio_web.embedded.auth.errors import AuthError, invalid, not_spoken
from roamio_web.embedded.durations import parse_duration

LARGEST_PAGE = 1000
FOREVER = timedelta(days=365 * 100)


async def list_users(request: Request) -> Response:
    """One page of all accounts, oldest first."""
    require_admin(request)
    page, size = _number(request, "page", 1), _number(request, "per_page", 50)
    async with context(request).transaction() as connection:
        counted = await (await connection.execute("select count(*) as total from auth.users")).fetchone()
        found = await connection.execute(
            "select * from auth.users where deleted_at is null order by created_at, id limit %s offset %s",
            [size, (page - 1) * size],
        )
        shown = [await users.shown(connection, user) for user in await found.fetchall()]
    total = str(counted["total"]) if counted else "0"
    return JSONResponse({"users": shown, "aud": "authenticated"}, headers={"X-Total-Count": total})


async def create_user(request: Request) -> Response:
    """Make an account; the service key may set what people can't: ``app_metadata``, role, confirmation."""
    require_admin(request)
    ctx, fields = context(request), await body(request)
    email = users.address(text(fields, "email"))
    _refuse_phone(fields)
    password = text(fields, "password")
    if password:
        passwords.check_strength(password, 0)
    hashed = await passwords.make_hash(password) if password else text(fields, "password_hash")
    async with ctx.transaction() as connection:
        user = await users.create(
            connection,
            email,
            hashed,
            mapping(fields, "user_metadata"),
            mapping(fields, "app_metadata"),
            _uuid(fields),
            text(fields, "role") or "authenticated",
        )
        if fields.get("email_confirm") is True:
            user = await users.confirm(connection, user)
        if "ban_duration" in fields:
            user = await users.update(connection, user["id"], banned_until=_banned_until(fields))
        return JSONResponse(await users.shown(connection, user))


async def show_user(request: Request) -> Response:
    """One account."""
    require_admin(request)
    async with context(request).transaction() as connection:
        return JSONResponse(await users.shown(connection, await _find(request, connection)))


async def change_user(request: Request) -> Response:
    """Change an account; metadata is merged, and a null takes a key out."""
    require_admin(request)
    ctx, fields = context(request), await body(request)
    _refuse_phone(fields)
    changes: Row = {}
    if fields.get("email"):
        changes["email"] = users.address(text(fields, "email"))
    if fields.get("role"):
        changes["role"] = text(fields, "role")
    if password := text(fields, "password"):
        passwords.check_strength(password, 0)
        changes["encrypted_password"] = await passwords.make_hash(password)
    if "ban_duration" in fields:
        changes["banned_until"] = _banned_until(fields)
    async with ctx.transaction() as connection:
        user = await _find(request, connection)
        for field, column in (("user_metadata", "raw_user_meta_data"), ("app_metadata", "raw_app_meta_data")):
            if given := mapping(fields, field):
                merged = (user[column] or {}) | given
                changes[column] = {key: value for key, value in merged.items() if value is not None}
        if "email" in changes and changes["email"] != user["email"]:
            await _move_address(connection, user, changes["email"])
        if changes:
            user = await users.update(connection, user["id"], **changes)
        if fields.get("email_confirm") is True:
            user = await users.confirm(connection, user)
        return JSONResponse(await users.shown(connection, user))


async def delete_user(request: Request) -> Response:
    """Delete an account with its sessions; ``should_soft_delete`` keeps an emptied row."""
    require_admin(request)
    fields = await body(request)
    async with context(request).transaction() as connection:
        user = await _find(request, connection)
        if fields.get("should_soft_delete") is True:
            await connection.execute("delete from auth.sessions where user_id = %s", [user["id"]])
            await connection.execute("delete from auth.identities where user_id = %s", [user["id"]])
            await users.update(
                connection,
                user["id"],
                email=None,
                encrypted_password="",
                raw_user_meta_data={},
                raw_app_meta_data={},
                deleted_at=datetime.now(UTC),
            )
        else:
            await connection.execute("delete from auth.users where id = %s", [user["id"]])
    return JSONResponse({})


async def list_factors(request: Request) -> Response:
    """The second factors of one account."""
    require_admin(request)
    async with context(request).transaction() as connection:
        user = await _find(request, connection)
        return JSONResponse([users.shown_factor(row) for row in await factors.of(connection, user["id"])])


async def delete_factor(request: Request) -> Response:
    """Take a second factor away from somebody, who lost it."""
    require_admin(request)
    async with context(request).transaction() as connection:
        user = await _find(request, connection)
        factor = await factors.find(connection, user, request.path_params["factor_id"])
        await factors.remove(connection, factor)
        return JSONResponse(users.shown_factor(factor))


async def invite(request: Request) -> Response:
    """Make an account for an address and mail it a link, which confirms it."""
    require_admin(request)
    ctx, fields = context(request), await body(request)
    email, there = users.address(text(fields, "email")), redirects.target(ctx.settings, request)
    async with ctx.transaction() as connection:
        user = await _invited(request, connection, email, mapping(fields, "data"))
        code = await codes.issue(ctx, connection, user, "invite", there)
        answer = await users.shown(connection, user)
    ctx.mailbox.send(code.letter_to(email))
    return JSONResponse(answer)


async def generate_link(request: Request) -> Response:
    """Make a link and its code without mailing them."""
    require_admin(request)
    ctx, fields = context(request), await body(request)
    kind, email = text(fields, "type"), users.address(text(fields, "email"))
    if kind not in ("signup", "invite", "recovery", "magiclink"):
        raise not_spoken(f"a link of type {kind!r}")
    there = redirects.target(ctx.settings, request)
    data, password = mapping(fields, "data"), text(fields, "password")
    hashed = await passwords.make_hash(password) if password else ""
    async with ctx.transaction() as connection:
        user = await users.by_email(connection, email)
        if kind == "invite":
            user = await _invited(request, connection, email, data)
        elif kind == "signup":
            if user and user["email_confirmed_at"]:
                raise _email_exists()
            if user is None:
                await hooks.before_user_created(ctx, connection, request, email, data)
                user = await users.create(connection, email, hashed, data)
        elif user is None:
            raise AuthError(404, "user_not_found", "User with this email not found")
        code = await codes.issue(ctx, connection, user, kind, there)
        answer = await users.shown(connection, user)
    answer |= {
        "action_link": code.link,
        "email_otp": code.typed,
        "hashed_token": code.hashed,
        "verification_type": kind,
        "redirect_to": there,
    }
    return JSONResponse(answer)


async def _invited(request: Request, connection: Connection, email: str, data: Row) -> Row:
    user = await users.by_email(connection, email)
    if user and user["email_confirmed_at"]:
        raise _email_exists()
    if user is None:
        await hooks.before_user_created(context(request), connection, request, email, data)
        user = await users.create(connection, email, user_metadata=data)
    return await users.update(connection, user["id"], invited_at=datetime.now(UTC))


async def _move_address(connection: Connection, user: Row, email: str) -> None:
    if await users.by_email(connection, email):
        raise _email_exists()
    await connection.execute(
        "update auth.identities set identity_data = identity_data || jsonb_build_object('email', %s::text)"
        " where user_id = %s and provider = 'email'",
        [email, user["id"]],
    )


async def _find(request: Request, connection: Connection) -> Row:
    user = await users.by_id(connection, request.path_params["user_id"])
    if user is None:
        raise AuthError(404, "user_not_found", "User not found")
    return user


def _email_exists() -> AuthError:
    return AuthError(422, "email_exists", "A user with this email address has already been registered")


def _refuse_phone(fields: Row) -> None:
    if fields.get("phone"):
        raise not_spoken("accounts with a phone number")


def _banned_until(fields: Row) -> datetime | None:
    duration = text(fields, "ban_duration")
    if duration == "none":
        return None
    try:
        return datetime.now(UTC) + min(timedelta(seconds=parse_duration(duration)), FOREVER)
    except (ValueError, OverflowError):
        raise invalid("invalid format for ban duration") from None


def _uuid(fields: Row) -> UUID | None:
    try:
        return UUID(text(fields, "id")) if fields.get("id") else None
    except ValueError:
        raise invalid("ID must be a uuid") from None


def _number(request: Request, name: str, default: int) -> int:
    typed = request.query_params.get(name) or str(default)
    if not typed.isdecimal() or not 1 <= int(typed) <= LARGEST_PAGE:
        raise invalid(f"Bad pagination parameter {name}: {typed}")
    return int(typed)
