"""JSON web tokens as Supabase signs them: HS256, with the project's secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt

ALGORITHM = "HS256"
AUDIENCE = "authenticated"
API_KEY_ISSUED = 1_767_225_600  # 2026-01-01: fixed, so that a secret has one pair of keys
API_KEY_EXPIRES = 2_082_758_400  # 2036-01-01


class TokenError(Exception):
    """The token is malformed, expired, or not signed by this project; the message says which."""


@dataclass(frozen=True)
class Claims:
    """What a verified token says."""

    role: str
    sub: str | None
    raw: dict[str, Any]


def encode(payload: dict[str, Any], secret: str) -> str:
    """Sign a token."""
    return jwt.encode(payload, secret, algorithm=ALGORITHM)


def verify(token: str, secret: str) -> Claims:
    """What the token says, if this project signed it and it is still good.

    The algorithm is pinned: ``alg: none`` and public-key tokens are refused whatever their header says.

    :raise TokenError: anything else.
    """
    try:
        raw = jwt.decode(token, secret, algorithms=[ALGORITHM], options={"verify_aud": False})
    except jwt.ExpiredSignatureError:
        raise TokenError("JWT expired") from None
    except jwt.InvalidSignatureError:
        raise TokenError("JWT signature is invalid") from None
    except jwt.PyJWTError as error:
        raise TokenError(f"JWT is invalid: {error}") from None
    audience = raw.get("aud", AUDIENCE)
    if AUDIENCE not in (audience if isinstance(audience, list) else [audience]):
        raise TokenError("JWT is for another audience")
    role, subject = raw.get("role", "anon"), raw.get("sub")
    if not isinstance(role, str) or not (subject is None or isinstance(subject, str)):
        raise TokenError("JWT claims are malformed")
    return Claims(role, subject, raw)


def api_key(role: str, secret: str) -> str:
    """The project's key for a role (``anon`` or ``service_role``), always the same for one secret."""
    payload = {
        "iss": "supabase",
        "ref": "roamio",
        "role": role,
        "iat": API_KEY_ISSUED,
        "exp": API_KEY_EXPIRES,
    }
    return encode(payload, secret)
