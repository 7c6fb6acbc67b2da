"""A member of staff at a browser without JavaScript, and one whose browser has htmx."""

from __future__ import annotations

import re
from typing import Any

import jwt
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.backend import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


class StaffBrowser:
    """Opens staff pages and sends their forms, with the token that the page came with."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._csrf_token = ""

    def holds(self, access: str, *, refresh: str = "none", expires_at: int | None = None) -> StaffBrowser:
        """Put a Supabase session into the cookie, as signing in does."""
        claims = jwt.decode(access, options={"verify_signature": False})
        with self.client.session_transaction("/staff/") as session:
            session["tokens"] = {
                "access": access,
                "refresh": refresh,
                "expires_at": expires_at or claims["exp"],
                "user_id": claims["sub"],
            }
        return self

    @property
    def tokens(self) -> dict[str, Any] | None:
        """The Supabase session that the cookie holds."""
        with self.client.session_transaction("/staff/") as session:
            return session.get("tokens")

    def signs_in(self, email: str, password: str = PASSWORD, **query: str) -> TestResponse:
        """Fill in the sign-in form and send it."""
        self.opens("/staff/sign-in", query_string=query)
        return self.sends("/staff/sign-in", email=email, password=password, **query)

    def opens(self, path: str, **options: Any) -> TestResponse:
        """Ask for a page, as a link does."""
        response = self.client.get(path, **options)
        if found := TOKEN.search(response.text):
            self._csrf_token = found[1]
        return response

    def swaps(self, path: str, **options: Any) -> TestResponse:
        """Ask for a page's fragment, as htmx does."""
        return self.client.get(path, headers=HTMX, **options)

    def sends(self, path: str, *, htmx: bool = False, **fields: str | list[str]) -> TestResponse:
        """Post a form of the page that was opened last."""
        headers = {**HTMX, "X-CSRFToken": self._csrf_token} if htmx else {}
        data = fields if htmx else {"csrf_token": self._csrf_token, **fields}
        return self.client.post(path, data=data, headers=headers)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"The page has no hidden field {name}"
    return found[1]
