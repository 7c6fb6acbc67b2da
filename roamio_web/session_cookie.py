"""The session cookie is for staff: no public page reads or sets one, and a view that tries to fails."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Flask, Request
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface

STAFF = "/staff"


class NoSession(NullSession):
    """Empty, and stays so."""

    def _fail(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RuntimeError(f"Only pages under {STAFF} have a session.")

    __setitem__ = __delitem__ = clear = pop = popitem = update = setdefault = _fail


class StaffSessions(SecureCookieSessionInterface):
    """Flask's signed cookie for pages under ``/staff``, and nothing for all others."""

    null_session_class = NoSession

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not request.path.startswith(STAFF):
            return self.make_null_session(app)
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    """Give sessions to staff and to nobody else."""
    app.session_interface = StaffSessions()
