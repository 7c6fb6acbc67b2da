"""Accounts of the tests' own, so that nobody signs a demo account out for the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from supabase import Client

from tests.support.people import People

PASSWORD = "a password of one's own"


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in."""

    id: str
    email: str
    password: str = PASSWORD

    @property
    def credentials(self) -> dict[str, str]:
        return {"email": self.email, "password": self.password}


def new_address() -> str:
    return f"somebody.{uuid4().hex[:12]}@example.com"


def make_account(operator: Client, **attributes: Any) -> Account:
    """Add an account with the service key: confirmed, and with the role in ``app_metadata``, if any."""
    given = {"email": new_address(), "password": PASSWORD, "email_confirm": True} | attributes
    user = operator.auth.admin.create_user(given).user
    return Account(user.id, given["email"], given["password"])


def signed_in(people: People, account: Account) -> str:
    """The token of a new session of this person, who gave their password alone."""
    session = people.visitor().auth.sign_in_with_password(account.credentials).session  # type: ignore[arg-type]
    assert session
    return session.access_token
