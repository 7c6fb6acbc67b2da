"""Whose tasks somebody wants to see on the board: read from an address, written back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from roamio_web.models.values import uuid_or_none

NOBODY = "nobody"


@dataclass(frozen=True)
class TaskQuery:
    """``agent`` is a person's id or ``NOBODY``; None is everybody's, as far as the reader may see them."""

    agent: str | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """Read an address's query; what it does not know (an old link, a typing error) is left out."""
        agent = args.get("agent", "")
        return cls(NOBODY if agent == NOBODY else uuid_or_none(agent))

    def to_args(self) -> dict[str, str]:
        """The shortest address query that says the same."""
        return {"agent": self.agent} if self.agent else {}

    @property
    def person(self) -> str | None:
        """The one whose tasks are asked for, if it is one person."""
        return None if self.agent == NOBODY else self.agent

    @property
    def is_unassigned(self) -> bool:
        return self.agent == NOBODY
