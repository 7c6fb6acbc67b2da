"""One-time codes: sent by mail, good once and for a while.

What is stored is a hash of address and code; the link carries that hash, the person types the code. A code
asked for in the PKCE flow is marked, since its link then hands out a code to exchange instead of a session.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

from roamio_web.embedded.auth import users
from roamio_web.embedded.auth.context import Connection, Context, Row
from roamio_web.embedded.auth.errors import AuthError, invalid, otp_expired
from roamio_web.embedded.auth.mail import Letter

PKCE = "pkce_"
# Which stored kind each spoken type may be; Supabase keeps magic links among the recoveries.
STORED_AS = {
    "signup": ("confirmation_token",),
    "invite": ("confirmation_token",),
    "recovery": ("recovery_token",),
    "magiclink": ("recovery_token",),
    "email": ("confirmation_token", "recovery_token"),
}
SENT_AT = {"confirmation_token": "confirmation_sent_at", "recovery_token": "recovery_sent_at"}


@dataclass(frozen=True)
class Code:
    """A new code, its hash, the link that does the same, and where that one leads to."""

    kind: str
    typed: str
    hashed: str
    link: str
    redirect_to: str

    def letter_to(self, address: str) -> Letter:
        """The mail that brings it."""
        return Letter(self.kind, address, self.link, self.typed, self.hashed, self.redirect_to)


@dataclass(frozen=True)
class Challenge:
    """What the PKCE flow sends along, to be answered at the exchange."""

    challenge: str
    method: str

    @classmethod
    def read(cls, fields: Row) -> Challenge | None:
        """:raise AuthError: only half of it is there, or the method is unknown."""
        challenge, method = fields.get("code_challenge"), fields.get("code_challenge_method")
        if not challenge and not method:
            return None
        if not isinstance(challenge, str) or str(method).lower() not in ("s256", "plain"):
            raise invalid("PKCE flow requires code_challenge_method and code_challenge")
        return cls(challenge, str(method).lower())

    def answered_by(self, verifier: str) -> bool:
        answer = verifier
        if self.method == "s256":
            digest = hashlib.sha256(verifier.encode()).digest()
            answer = urlsafe_b64encode(digest).rstrip(b"=").decode()
        return hmac.compare_digest(answer.encode(), self.challenge.encode())


async def issue(
    context: Context,
    connection: Connection,
    user: Row,
    kind: str,
    redirect_to: str,
    challenge: Challenge | None = None,
) -> Code:
    """Make a code of this kind; it replaces the last one of its kind."""
    stored = STORED_AS[kind][0]
    typed = "".join(secrets.choice("0123456789") for _ in range(context.settings.otp_length))
    hashed = _hash(user["email"], typed)
    if challenge:
        hashed = PKCE + hashed
        await _open_flow(connection, user, kind, challenge)
    await connection.execute(
        """
        insert into auth.one_time_tokens (id, user_id, token_type, token_hash, relates_to)
        values (%s, %s, %s, %s, %s)
        on conflict (user_id, token_type) do update
        set token_hash = excluded.token_hash, relates_to = excluded.relates_to,
          created_at = now() at time zone 'utc', updated_at = now() at time zone 'utc'
        """,
        [uuid4(), user["id"], stored, hashed, user["email"]],
    )
    await users.update(connection, user["id"], **{SENT_AT[stored]: datetime.now(UTC)})
    query = urlencode({"token": hashed, "type": kind, "redirect_to": redirect_to})
    return Code(kind, typed, hashed, f"{context.url}/verify?{query}", redirect_to)


def refuse_too_soon(context: Context, user: Row, kind: str) -> None:
    """:raise AuthError: a code of this kind was sent to this person a moment ago."""
    sent = user[SENT_AT[STORED_AS[kind][0]]]
    if sent is None:
        return
    left = (sent + timedelta(seconds=context.settings.email_frequency) - datetime.now(UTC)).total_seconds()
    if left > 0:
        message = f"For security purposes, you can only request this after {int(left) + 1} seconds."
        raise AuthError(429, "over_email_send_rate_limit", message)


async def redeem(
    context: Context, connection: Connection, kind: str, *, hashed: str = "", email: str = "", typed: str = ""
) -> Row:
    """Use up a code, given as its hash or as address and digits; returns the person, now confirmed.

    :raise AuthError: it is wrong, used or too old; which of these is not said.
    """
    hashes = [hashed] if hashed else [_hash(email, typed), PKCE + _hash(email, typed)]
    deleted = await connection.execute(
        """
        delete from auth.one_time_tokens
        where token_hash = any (%s) and token_type::text = any (%s)
        returning user_id, created_at > now() at time zone 'utc' - make_interval(secs => %s) as fresh
        """,
        [hashes, list(STORED_AS[kind]), context.settings.otp_expiry],
    )
    found = await deleted.fetchone()
    user = await users.by_id(connection, found["user_id"]) if found and found["fresh"] else None
    if user is None:
        await connection.commit()  # an old code is gone for good
        raise otp_expired()
    return await users.confirm(connection, user)


async def open_flow_code(connection: Connection, user: Row) -> str:
    """The code that the browser exchanges for a session, after the link of the PKCE flow was followed.

    :raise AuthError: no such flow was begun.
    """
    updated = await connection.execute(
        """
        update auth.flow_state set auth_code_issued_at = now(), updated_at = now()
        where id = (select id from auth.flow_state where user_id = %s order by created_at desc limit 1)
        returning auth_code
        """,
        [user["id"]],
    )
    flow = await updated.fetchone()
    if flow is None:
        raise otp_expired()
    return str(flow["auth_code"])


async def exchange(context: Context, connection: Connection, code: str, verifier: str) -> tuple[Row, str]:
    """Use up the code of the PKCE flow; returns the person, and by which method they came.

    :raise AuthError: it is unknown or too old, or the verifier does not answer the challenge.
    """
    deleted = await connection.execute(
        """
        delete from auth.flow_state where auth_code = %s and auth_code_issued_at is not null
        returning *, auth_code_issued_at > now() - interval '5 minutes' as fresh
        """,
        [code],
    )
    flow = await deleted.fetchone()
    user = await users.by_id(connection, flow["user_id"]) if flow else None
    if flow is None or user is None:
        raise AuthError(404, "flow_state_not_found", "invalid flow state, no valid flow state found")
    await connection.commit()  # one try: a wrong verifier uses the code up too
    if not flow["fresh"]:
        raise AuthError(403, "flow_state_expired", "invalid flow state, flow state has expired")
    if not Challenge(flow["code_challenge"], flow["code_challenge_method"]).answered_by(verifier):
        message = "code challenge does not match previously saved code verifier"
        raise AuthError(400, "bad_code_verifier", message)
    return user, str(flow["authentication_method"])


async def _open_flow(connection: Connection, user: Row, kind: str, challenge: Challenge) -> None:
    await connection.execute(
        """
        insert into auth.flow_state (
          id, user_id, auth_code, code_challenge_method, code_challenge, provider_type,
          created_at, updated_at, authentication_method
        )
        values (%s, %s, %s, %s, %s, %s, now(), now(), %s)
        """,
        [uuid4(), user["id"], str(uuid4()), challenge.method, challenge.challenge, kind, method_of(kind)],
    )


def method_of(kind: str) -> str:
    """How a session that began with a code of this kind was signed in, for its ``amr`` claim."""
    return {"signup": "email/signup", "email": "otp"}.get(kind, kind)


def _hash(email: str, typed: str) -> str:
    return hashlib.sha224((email + typed).encode()).hexdigest()
