"""The real Supabase clients of visitors and staff."""

from __future__ import annotations

import time

import jwt
from supabase import Client

from roamio_web.backend import Backend
from tests.support.backend import PASSWORD, TestBackend

ADMIN = "admin@roamio.example"
AGENT = "operations@roamio.example"
OTHER_AGENT = "operations2@roamio.example"
FINANCE = "finance@roamio.example"
VIEWER = "viewer@roamio.example"
SOON = 300.0  # seconds


class People:
    """Makes clients for one project; each account signs in once and its token is kept."""

    def __init__(self, project: TestBackend) -> None:
        self._backend = Backend(project.url, project.anon_key)
        self._operator = Backend(project.url, project.service_role_key)
        self._tokens: dict[str, str] = {}

    def visitor(self) -> Client:
        """Somebody on the website."""
        return self._backend.visitor()

    def staff(self, email: str) -> Client:
        """A demo account, signed in."""
        return self._backend.staff_member(self.token(email))

    def holder(self, token: str) -> Client:
        """Whoever holds this token."""
        return self._backend.staff_member(token)

    def operator(self) -> Client:
        """An operator with the service key."""
        return self._operator.visitor()

    def token(self, email: str, password: str = PASSWORD) -> str:
        """An access token of this account, good for some minutes at least."""
        if _ends(self._tokens.get(email)) < time.time() + SOON:
            session = self._backend.visitor().auth.sign_in_with_password(
                {"email": email, "password": password}
            )
            assert session.session is not None
            self._tokens[email] = session.session.access_token
        return self._tokens[email]

    def close(self) -> None:
        self._backend.close()
        self._operator.close()


def _ends(token: str | None) -> float:
    """When a token ends, in seconds since 1970; long ago for none."""
    return float(jwt.decode(token, options={"verify_signature": False})["exp"]) if token else 0.0
