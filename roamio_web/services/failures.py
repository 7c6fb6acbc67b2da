"""The named errors of the staff services, and how the API's own become them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
from postgrest.exceptions import APIError

from roamio_web.models.change import Change

# PostgREST's answers to a token that it does not take: malformed, missing, expired.
TOKEN_CODES = frozenset({"PGRST300", "PGRST301", "PGRST302", "PGRST303", "401"})
# What our own triggers raise, with a sentence for people, and what Postgres raises for a missing privilege.
REFUSAL_CODES = frozenset({"42501", "P0001", "22023"})
# Values that break a rule of a table; Postgres words these for developers.
IMPOSSIBLE_CODES = frozenset({"23502", "23503", "23514", "22P02", "22007", "22008"})
UNIQUE_VIOLATION = "23505"
# What Postgres itself says when a grant or a policy is missing: true, but not meant for people.
UNREADABLE = ("permission denied for", "new row violates row-level security")
NOT_ALLOWED = "Your role does not allow that."
NOT_POSSIBLE = "That is not possible here. Reload the page and choose again."
UNREACHABLE = "Our records can't be reached right now. Try again in a minute."


class ServiceError(Exception):
    """The service could not do what was asked; the message is a sentence for the person who asked."""


class NotFound(ServiceError):
    """It does not exist, or this person may not see it: the two are one answer."""


class Refused(ServiceError):
    """The database said no; the message is its sentence.

    ``now`` is the page as it is, where the database said that along with its no.
    """

    def __init__(self, sentence: str, now: Any = None) -> None:
        super().__init__(sentence)
        self.now = now


class TokenRefused(ServiceError):
    """The API did not take the access token: it has expired or was never good."""


class Unavailable(ServiceError):
    """Supabase could not be reached, or failed on its side; trying again later may work."""


class Query(Protocol):
    """Anything that the ``supabase`` client can execute."""

    def execute(self) -> Any: ...


@dataclass(frozen=True)
class Written:
    """What a function of the database did that writes and says how things are afterwards.

    ``now`` is its whole answer. Neither written nor refused: it has moved on, is gone, or is hidden.
    """

    written: bool
    refusal: str | None
    now: dict[str, Any]

    @property
    def latest(self) -> Change | None:
        """Who was faster, where it has moved on; None where nobody was or this person may not know."""
        return latest_in(self.now)


def write(query: Query, unique: str = "") -> Written:
    """Call such a function, in one round trip.

    :param unique: what to say where there is such a one already.
    :raise Refused, TokenRefused, Unavailable: as ``named_failures``, where it could not even try.
    """
    now = ask(query)
    return Written(bool(now.get("written")), refusal_in(now, unique), now)


def refusal_in(answer: dict[str, Any], unique: str = "") -> str | None:
    """The database's no that such an answer holds, as a sentence; None for none."""
    refusal = answer.get("refusal")
    return _sentence(refusal["code"], refusal["message"], unique) if refusal else None


def latest_in(answer: dict[str, Any]) -> Change | None:
    """The last change to it that such an answer tells of, without what changed."""
    return Change.from_row(answer["latest"]) if answer.get("latest") else None


def ask(query: Query, *, text: bool = False) -> Any:
    """Execute a query, in one round trip, and give the data of its answer.

    :param text: whether the answer may be a text. The client makes one of whatever it can't read.
    :raise Refused, TokenRefused, Unavailable: as ``named_failures``; Unavailable also for an answer that
        can't be read.
    """
    with named_failures():
        answer = query.execute().data
    if isinstance(answer, str) and not text:
        raise Unavailable(UNREACHABLE)
    return answer


@contextmanager
def named_failures() -> Iterator[None]:
    """Turn what the ``supabase`` client raises inside into the errors above.

    :raise Refused: the database refused, by privilege, policy, guard or constraint.
    :raise TokenRefused: the access token was not accepted.
    :raise Unavailable: no answer, or one that says that the fault is on the other side.
    """
    try:
        yield
    except httpx.HTTPError as error:
        raise Unavailable(UNREACHABLE) from error
    except APIError as error:
        code = str(error.code or "")
        if code in TOKEN_CODES:
            raise TokenRefused("Your session has ended.") from error
        if code in REFUSAL_CODES | IMPOSSIBLE_CODES:
            raise Refused(_sentence(code, error.message or "")) from error
        if code.startswith(("5", "PGRST0", "08", "53", "57")):
            raise Unavailable(UNREACHABLE) from error
        raise


def _sentence(code: str, message: str, unique: str = "") -> str:
    """The database's no in words for the person who asked; only our own triggers have some."""
    if code == UNIQUE_VIOLATION and unique:
        return unique
    if code not in REFUSAL_CODES:
        return NOT_POSSIBLE
    return NOT_ALLOWED if message.startswith(UNREADABLE) else message
