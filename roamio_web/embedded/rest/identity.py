"""Who is asking: the role and claims that a bearer token stands for."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from roamio_web.embedded.rest.errors import bad_token
from roamio_web.embedded.settings import GatewaySettings
from roamio_web.embedded.tokens import TokenError, verify

ANONYMOUS = "anon"
REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Identity:
    """A database role, and the claims as JSON for ``request.jwt.claims``; ``expires`` in Unix seconds."""

    role: str
    claims: str
    authenticated: bool = True
    expires: float = float("inf")


class Identities:
    """Turns ``Authorization`` headers into identities; remembers the tokens it has verified."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._secret = settings.jwt_secret
        self._anon_key = settings.anon_key
        self._known: dict[str, Identity] = {}
        self._anonymous = Identity(ANONYMOUS, json.dumps({"role": ANONYMOUS}), authenticated=False)

    def of(self, header: str | None) -> Identity:
        """The identity; without a token, or with the project's public key, it is anonymous.

        :raise RestError: PGRST301, the token can't be trusted; PGRST303, it has expired.
        """
        kind, _, token = (header or "").partition(" ")
        if kind.lower() != "bearer":
            return self._anonymous
        token = token.strip()
        known = self._known.get(token)
        if known is None:
            known = self._remember(token)
        elif known.expires <= time.time():
            raise bad_token("PGRST303", "JWT expired")
        return known

    def _remember(self, token: str) -> Identity:
        identity = self._verify(token)
        if len(self._known) >= REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[token] = identity
        return identity

    def _verify(self, token: str) -> Identity:
        if not token:
            raise bad_token("PGRST301", "Empty JWT is sent in Authorization header")
        parts = token.count(".") + 1
        if parts != 3:
            if token == self._anon_key:
                return self._anonymous
            raise bad_token("PGRST301", f"Expected 3 parts in JWT; got {parts}")
        try:
            claims = verify(token, self._secret)
        except TokenError as error:
            expired = str(error) == "JWT expired"
            raise bad_token("PGRST303" if expired else "PGRST301", str(error)) from None
        expires = claims.raw.get("exp")
        return Identity(
            claims.role,
            json.dumps(claims.raw | {"role": claims.role}, separators=(",", ":")),
            authenticated=claims.role != ANONYMOUS,
            expires=float(expires) if isinstance(expires, int | float) else float("inf"),
        )
