"""The team as an admin sees it: its members with what they have to do, and who was invited."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from roamio_web.models.staff import Role, StaffMember
from roamio_web.models.values import moment, moment_or_none


@dataclass(frozen=True)
class Standing:
    """What an admin decides about somebody. A change says which standing it saw."""

    full_name: str
    role: Role
    active: bool

    @classmethod
    def of(cls, member: StaffMember) -> Self:
        return cls(member.full_name, member.role, member.active)

    @property
    def takes_work(self) -> bool:
        """Whether bookings and tasks can be with somebody of this standing."""
        return self.active and self.role.takes_work

    def to_json(self) -> dict[str, Any]:
        """As ``change_member`` reads it."""
        return asdict(self)


@dataclass(frozen=True)
class TeamRow:
    """One row of the view ``team_rows``: a member of staff and what they have to do."""

    member: StaffMember
    created_at: datetime
    deactivated_at: datetime | None = None
    seen_at: datetime | None = None
    open_bookings: int = 0
    open_tasks: int = 0

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        return cls(
            StaffMember.from_row(row),
            moment(row["created_at"]),
            moment_or_none(row["deactivated_at"]),
            moment_or_none(row["seen_at"]),
            row["open_bookings"],
            row["open_tasks"],
        )

    @property
    def standing(self) -> Standing:
        return Standing.of(self.member)

    @property
    def has_work(self) -> bool:
        """Whether somebody would have to take over if this person went."""
        return bool(self.open_bookings or self.open_tasks)


@dataclass(frozen=True)
class Invitation:
    """One row of ``invitations`` that nobody has accepted yet; ``invited_by`` is an account's id."""

    id: str
    email: str
    role: Role
    full_name: str
    invited_by: str | None
    sent_at: datetime
    expires_at: datetime

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        return cls(
            row["id"],
            row["email"],
            Role(row["role"]),
            row["full_name"],
            row["invited_by"],
            moment(row["sent_at"]),
            moment(row["expires_at"]),
        )

    @property
    def name(self) -> str:
        return self.full_name or self.email

    @property
    def has_expired(self) -> bool:
        """Whether accepting it would come too late."""
        return self.expires_at <= datetime.now(UTC)
