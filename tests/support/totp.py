"""An authenticator app in a test's hands."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp
from supabase import Client

from tests.support.accounts import Account
from tests.support.people import People


@dataclass(frozen=True)
class App:
    """What the app was told when it was set up."""

    factor: str
    secret: str

    @property
    def code(self) -> str:
        """The six digits that it shows now."""
        return pyotp.TOTP(self.secret).now()

    @property
    def wrong_code(self) -> str:
        """Six digits that it shows neither now, nor half a minute before or after."""
        return next(digits for digits in ("000000", "111111", "222222", "333333") if not self._takes(digits))

    def _takes(self, digits: str) -> bool:
        return bool(pyotp.TOTP(self.secret).verify(digits, valid_window=3))


def set_up(people: People, account: Account) -> tuple[App, Client]:
    """Set up an app for an account; the app, and the client of a session in which it was shown."""
    client = people.visitor()
    client.auth.sign_in_with_password({"email": account.email, "password": account.password})
    answer = client.auth.mfa.enroll({"factor_type": "totp", "friendly_name": "App", "issuer": "Roamio"})
    assert answer.totp
    app = App(answer.id, answer.totp.secret)
    shown = client.auth.mfa.challenge_and_verify({"factor_id": app.factor, "code": app.code})
    return app, people.holder(shown.access_token)
