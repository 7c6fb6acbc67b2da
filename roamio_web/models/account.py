"""How a member of staff signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from roamio_web.models.values import moment


@dataclass(frozen=True)
class Account:
    """A person's second factor, if they have one, and in how many places they are signed in.

    ``factor_for_admins`` is whether every admin needs a second factor.
    """

    factor: str | None
    factor_since: datetime | None
    sessions: int
    factor_for_admins: bool

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Account:
        factor = row["factor"] or {}
        since = moment(factor["since"]) if factor else None
        return cls(factor.get("id"), since, row["sessions"], row["second_factor_for_admins"])

    @property
    def other_sessions(self) -> int:
        """How many places there are beside this one."""
        return max(0, self.sessions - 1)
