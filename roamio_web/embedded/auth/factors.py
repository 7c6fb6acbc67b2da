"""The rows of ``auth.mfa_factors`` and ``auth.mfa_challenges``, as Supabase Auth keeps them."""

from __future__ import annotations

from uuid import UUID, uuid4

from roamio_web.embedded.auth.context import Connection, Row
from roamio_web.embedded.auth.errors import AuthError

MOST = 10  # factors that one person may have
UNFINISHED = 300  # seconds after which a factor that nobody finished setting up is forgotten
CHALLENGE = 300  # seconds in which a challenge must be answered


async def of(connection: Connection, user_id: UUID) -> list[Row]:
    """A person's factors, oldest first."""
    query = "select * from auth.mfa_factors where user_id = %s order by created_at, id"
    return await (await connection.execute(query, [user_id])).fetchall()


async def has_verified(connection: Connection, user_id: UUID) -> bool:
    """Whether this person is to be asked for a second factor."""
    return any(factor["status"] == "verified" for factor in await of(connection, user_id))


async def find(connection: Connection, user: Row, factor_id: str) -> Row:
    """One of this person's own factors.

    :raise AuthError: they have none with this id.
    """
    try:
        wanted = UUID(factor_id)
    except ValueError:
        raise AuthError(404, "validation_failed", "factor_id must be an UUID") from None
    found = [factor for factor in await of(connection, user["id"]) if factor["id"] == wanted]
    if not found:
        raise AuthError(404, "mfa_factor_not_found", "Factor not found")
    return found[0]


async def add(connection: Connection, user: Row, name: str, secret: str, aal: str) -> Row:
    """A new factor, not verified yet.

    :raise AuthError: the name is taken, there are too many, or a verified one was not shown in this session.
    """
    await connection.execute(
        """
        delete from auth.mfa_factors
        where status <> 'verified' and created_at < now() - make_interval(secs => %s)
          and not exists (select from auth.mfa_challenges where factor_id = mfa_factors.id)
        """,
        [UNFINISHED],
    )
    there = await of(connection, user["id"])
    if any(factor["friendly_name"] == name for factor in there):
        message = f'A factor with the friendly name "{name}" for this user already exists'
        raise AuthError(422, "mfa_factor_name_conflict", message)
    if len(there) >= MOST:
        message = "Maximum number of verified factors reached, unenroll to continue"
        raise AuthError(422, "too_many_enrolled_mfa_factors", message)
    if aal != "aal2" and any(factor["status"] == "verified" for factor in there):
        raise AuthError(403, "insufficient_aal", "AAL2 required to enroll a new factor")
    inserted = await connection.execute(
        """
        insert into auth.mfa_factors
          (id, user_id, friendly_name, factor_type, status, secret, created_at, updated_at)
        values (%s, %s, %s, 'totp', 'unverified', %s, now(), now())
        returning *
        """,
        [uuid4(), user["id"], name, secret],
    )
    return _one(await inserted.fetchone())


async def verified(connection: Connection, factor: Row, challenge: Row) -> None:
    """Note that the challenge was met. Other factors that were never finished are forgotten."""
    await connection.execute(
        "update auth.mfa_challenges set verified_at = now() where id = %s", [challenge["id"]]
    )
    await connection.execute(
        "update auth.mfa_factors set status = 'verified', updated_at = now()"
        " where id = %s and status <> 'verified'",
        [factor["id"]],
    )
    await connection.execute(
        "delete from auth.mfa_factors where user_id = %s and status <> 'verified' and factor_type = 'totp'",
        [factor["user_id"]],
    )


async def remove(connection: Connection, factor: Row) -> None:
    """Take a factor away, and from the sessions that it was shown in what it gave them."""
    await connection.execute("delete from auth.mfa_factors where id = %s", [factor["id"]])
    await connection.execute(
        """
        delete from auth.mfa_amr_claims
        where authentication_method = 'totp'
          and session_id in (select id from auth.sessions where factor_id = %s)
        """,
        [factor["id"]],
    )
    await connection.execute(
        "update auth.sessions set aal = 'aal1', factor_id = null where user_id = %s and factor_id = %s",
        [factor["user_id"], factor["id"]],
    )


async def challenge(connection: Connection, factor: Row, address: str) -> Row:
    """Ask for this factor; the answer has to come from the same network address."""
    # Unique on hosted projects too, so not the transaction's own time. And first: two challenges at once,
    # each of which refers to the factor already, would wait for one another.
    await connection.execute(
        "update auth.mfa_factors set last_challenged_at = clock_timestamp() where id = %s", [factor["id"]]
    )
    inserted = await connection.execute(
        """
        insert into auth.mfa_challenges (id, factor_id, created_at, ip_address)
        values (%s, %s, now(), %s)
        returning id, extract(epoch from created_at)::bigint + %s as expires_at
        """,
        [uuid4(), factor["id"], address, CHALLENGE],
    )
    return _one(await inserted.fetchone())


async def open_challenge(connection: Connection, factor: Row, challenge_id: str, address: str) -> Row:
    """A challenge of this factor that may still be met.

    :raise AuthError: it is unknown, met already, from another network address, or too old.
    """
    try:
        wanted = UUID(challenge_id)
    except ValueError:
        wanted = UUID(int=0)
    found = await connection.execute(
        """
        select *, ip_address = %s::inet as from_here,
          created_at < now() - make_interval(secs => %s) as expired
        from auth.mfa_challenges where id = %s and factor_id = %s
        """,
        [address, CHALLENGE, wanted, factor["id"]],
    )
    row = await found.fetchone()
    if row is None:
        message = "MFA factor with the provided challenge ID not found"
        raise AuthError(422, "mfa_factor_not_found", message)
    if row["verified_at"] is not None or not row["from_here"]:
        raise AuthError(422, "mfa_ip_address_mismatch", "Challenge and verify IP addresses mismatch.")
    if row["expired"]:
        await connection.execute("delete from auth.mfa_challenges where id = %s", [wanted])
        await connection.commit()  # the refusal must not undo it
        message = (
            f"MFA challenge {wanted} has expired, verify against another challenge or create a new challenge."
        )
        raise AuthError(422, "mfa_challenge_expired", message)
    return row


def _one(row: Row | None) -> Row:
    assert row is not None  # noqa: S101 - what was just inserted is returned
    return row
