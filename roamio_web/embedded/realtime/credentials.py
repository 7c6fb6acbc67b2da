"""Whom a token speaks for, and until when."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from roamio_web.embedded import tokens
from roamio_web.embedded.realtime.authorization import ROLES, Person


class Refused(Exception):
    """A join, a message or a connection is refused; the text is what the client is told."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A verified token."""

    token: str
    person: Person
    expires_at: float

    @property
    def seconds_left(self) -> float:
        return self.expires_at - time.time()


def identify(token: object, secret: str, headers: Mapping[str, str]) -> Credentials:
    """Verify a token.

    :raise Refused: it is missing, malformed, expired, signed by another key or for an unknown role.
    """
    if not isinstance(token, str) or not token:
        raise Refused("MalformedJWT: The token provided is not a valid JWT")
    try:
        claims = tokens.verify(token, secret)
    except tokens.TokenError as error:
        raise Refused(f"InvalidJWTToken: {error}") from None
    expires_at = claims.raw.get("exp")
    if not isinstance(expires_at, int | float) or claims.role not in ROLES:
        raise Refused("InvalidJWTToken: Fields `role` and `exp` are required in JWT")
    return Credentials(token, Person(claims.role, claims.raw, headers), float(expires_at))
