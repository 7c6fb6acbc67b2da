"""A staff member and the four roles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """The roles of ``public.staff_role`` in the database, most able first."""

    ADMIN = "admin"
    OPERATIONS = "operations"
    FINANCE = "finance"
    VIEWER = "viewer"

    @property
    def takes_work(self) -> bool:
        """Whether bookings and tasks can be given to people of this role."""
        return self in (Role.ADMIN, Role.OPERATIONS)


@dataclass(frozen=True)
class StaffMember:
    """One row of ``profiles``: a person who may sign in."""

    id: str
    role: Role
    full_name: str
    email: str
    active: bool = True

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> StaffMember:
        active = row.get("deactivated_at") is None
        return cls(row["id"], Role(row["role"]), row["full_name"], row["email"], active)

    @property
    def name(self) -> str:
        return self.full_name or self.email

    @property
    def takes_work(self) -> bool:
        """Whether bookings and tasks can be given to this person; the database holds to that, too."""
        return self.active and self.role.takes_work

    @property
    def initials(self) -> str:
        """One or two letters that stand for the person where a name has no room."""
        words = self.name.replace("@", " ").split()
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper() if words else "?"

    @property
    def topics(self) -> tuple[str, ...]:
        """The broadcast topics this person may join; Supabase checks each (policies on realtime.messages)."""
        own = f"staff:{self.id}"
        return (own,) if self.role is Role.OPERATIONS else (own, f"role:{self.role}")


@dataclass(frozen=True)
class Agent:
    """Somebody a booking can be handed to, and how much they have already."""

    id: str
    name: str
    role: Role
    open_bookings: int = 0

    @property
    def load(self) -> str:
        """Their name, with how much they have."""
        return f"{self.name} · {self.open_bookings} open"

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Agent:
        return cls(row["id"], row["full_name"], Role(row["role"]), row.get("open_bookings") or 0)
