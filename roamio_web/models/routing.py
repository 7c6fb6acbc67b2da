"""Who is given the new website bookings of a purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from roamio_web.models.booking import Purpose


@dataclass(frozen=True)
class Routing:
    """One purpose's rule. Switched off it gives out nothing, and its agents are kept for later."""

    purpose: Purpose
    enabled: bool = False
    agents: frozenset[str] = frozenset()

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        """Read one row of ``routing_rows``. In a rule that is on, an agent who is off gets nothing."""
        counted = (agent["id"] for agent in row["agents"] if agent["enabled"] == row["enabled"])
        return cls(Purpose(row["purpose"]), row["enabled"], frozenset(counted))

    def to_json(self) -> dict[str, Any]:
        """As ``change_routing`` compares it."""
        return {"enabled": self.enabled, "agents": sorted(self.agents)}
