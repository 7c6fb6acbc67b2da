"""People at the door: they gave their password, and owe what else the database asks of them.

Their tokens are kept apart from those of people who are inside, so that no staff page can take them for one.
The database does not rely on that: it shows such a token nothing.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from flask import flash, session

from roamio_web.services.sign_in import Tokens

PATIENCE = 600  # seconds that somebody may take to give their code
TRIES = 5  # wrong codes after which they start again
TOO_LATE = "That took too long. Sign in again."


class Step(StrEnum):
    """What is still owed."""

    CODE = "code"  # of the second factor that they have
    SET_UP = "factor"  # a second factor, since admins need one


@dataclass(frozen=True)
class Waiting:
    """Somebody at the door. ``then`` is where they wanted to go."""

    tokens: Tokens
    step: Step
    then: str | None
    since: float
    tries: int = 0


def hold(tokens: Tokens, step: Step, then: str | None = None) -> None:
    """Keep somebody at the door. Whatever the cookie held before is dropped."""
    session.clear()
    _keep(Waiting(tokens, step, then, time.time()))


def waiting() -> Waiting | None:
    """Who stands at the door in this browser; whoever owes a code, for ten minutes."""
    stored = session.get("waiting") or {}
    try:
        found = Waiting(**{**stored, "tokens": Tokens(**stored["tokens"]), "step": Step(stored["step"])})
    except (TypeError, KeyError, ValueError):
        return None
    if found.step is Step.CODE and found.since + PATIENCE < time.time():
        drop()
        flash(TOO_LATE, "notice")
        return None
    return found


def lead_to(then: str) -> None:
    """Note where the person at the door wanted to go."""
    if found := waiting():
        _keep(replace(found, then=then))


def count_wrong_code() -> bool:
    """Count a wrong code; whether there may be another try."""
    found = waiting()
    if found is None or found.tries + 1 >= TRIES:
        return False
    _keep(replace(found, tries=found.tries + 1))
    return True


def drop() -> None:
    """Forget whoever stands there."""
    session.pop("waiting", None)
    session.pop("set_up", None)


def _keep(found: Waiting) -> None:
    session["waiting"] = asdict(found)
