"""Who may do what, as data: the tests execute every cell of it through the API, and the README shows it.

A row of the table is one verb on one table, or on one column of it. Who is not named may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Access(Enum):
    """On whose rows somebody may do something."""

    NONE = "–"
    OWN = "their own"
    OTHERS = "other people's"
    ALL = "all"

    def covers(self, own: bool) -> bool:
        """Whether a row is among them."""
        return self is Access.ALL or self is (Access.OWN if own else Access.OTHERS)


NONE, OWN, OTHERS, ALL = Access.NONE, Access.OWN, Access.OTHERS, Access.ALL


@dataclass(frozen=True)
class Rule:
    """One line of the table. ``column`` is the one that is written, where that makes a difference."""

    table: str
    verb: str
    column: str | None = None
    admin: Access = NONE
    operations: Access = NONE
    finance: Access = NONE
    viewer: Access = NONE
    anon: Access = NONE

    def access(self, character: str) -> Access:
        """What somebody may do; strangers and people who have left may do nothing."""
        role = ROLE_OF[character]
        return getattr(self, role) if role else NONE


def rules(table: str, verb: str, *columns: str, **access: Access) -> Iterator[Rule]:
    """The same rule for several columns."""
    for column in columns:
        yield Rule(table, verb, column, **access)


# A booking is somebody's own when it is assigned to them, a task likewise, a client when one of their
# bookings is the client's, a profile when it is theirs, a note when they wrote it and the booking is theirs.
RULES: tuple[Rule, ...] = (
    Rule("bookings", "select", admin=ALL, operations=OWN, finance=ALL),
    Rule("bookings", "insert", admin=ALL, anon=ALL),
    *rules("bookings", "insert", "client_id", "status", "assigned_agent", admin=ALL),
    *rules("bookings", "insert", "created_at", "updated_at", "reference"),
    *rules("bookings", "update", "status", "details", admin=ALL, operations=OWN),
    *rules("bookings", "update", "purpose", "assigned_agent", admin=ALL),
    *rules("bookings", "update", "id", "client_id", "created_at", "updated_at", "reference"),
    Rule("bookings", "delete", admin=ALL),
    Rule("clients", "select", admin=ALL, operations=OWN),
    Rule("clients", "insert", admin=ALL),
    *rules("clients", "insert", "id", "created_at"),
    *rules("clients", "update", "name", "email", "phone", "country", admin=ALL),
    *rules("clients", "update", "id", "created_at"),
    Rule("clients", "delete", admin=ALL),
    Rule("tasks", "select", admin=ALL, operations=OWN),
    Rule("tasks", "insert", admin=ALL, operations=OWN),
    Rule("tasks", "insert", "assigned_to", admin=ALL),
    Rule("tasks", "insert", "created_at"),
    *rules("tasks", "update", "title", "status", "due_date", admin=ALL, operations=OWN),
    Rule("tasks", "update", "assigned_to", admin=ALL),
    *rules("tasks", "update", "id", "booking_id", "created_at"),
    Rule("tasks", "delete", admin=ALL, operations=OWN),
    Rule("profiles", "select", admin=ALL, operations=OWN, finance=OWN, viewer=OWN),
    Rule("profiles", "insert", admin=ALL),
    Rule("profiles", "update", "role", admin=OTHERS),
    Rule("profiles", "update", "deactivated_at", admin=OTHERS),
    Rule("profiles", "update", "full_name", admin=ALL),
    *rules("profiles", "update", "id", "email", "created_at"),
    Rule("profiles", "delete", admin=OTHERS),
    Rule("booking_notes", "select", admin=ALL, operations=OWN),
    Rule("booking_notes", "insert", admin=ALL, operations=OWN),
    *rules("booking_notes", "insert", "author", "author_name", "created_at"),
    *rules("booking_notes", "update", "body", "author", "author_name", "booking_id"),
    Rule("booking_notes", "delete", admin=OWN, operations=OWN),
    Rule("assignment_notices", "select", admin=OWN, operations=OWN, finance=OWN, viewer=OWN),
    Rule("assignment_notices", "insert"),
    Rule("assignment_notices", "update", "person"),
    Rule("assignment_notices", "delete"),
    Rule("audit_logs", "select", admin=ALL),
    Rule("audit_logs", "insert"),
    *rules("audit_logs", "update", "actor", "metadata"),
    Rule("audit_logs", "delete"),
    Rule("health_readings", "select", admin=ALL),
    Rule("health_readings", "insert"),
    Rule("health_readings", "update", "read_by"),
    Rule("health_readings", "delete"),
    Rule("staff_presence", "select", admin=ALL),
    Rule("staff_presence", "insert"),
    Rule("staff_presence", "update", "seen_at"),
    Rule("staff_presence", "delete"),
    Rule("invitations", "select", admin=ALL),
    Rule("invitations", "insert", admin=ALL),
    *rules("invitations", "insert", "id", "invited_by", "accepted_at", "sent_at", "created_at"),
    Rule("invitations", "update", "expires_at", admin=ALL),
    *rules("invitations", "update", "email", "role", "invited_by", "accepted_at", "sent_at"),
    Rule("invitations", "delete", admin=ALL),
    Rule("assignment_rules", "select", admin=ALL),
    Rule("assignment_rules", "insert", admin=ALL),
    Rule("assignment_rules", "insert", "id"),
    Rule("assignment_rules", "update", "enabled", admin=ALL),
    *rules("assignment_rules", "update", "agent", "purpose"),
    Rule("assignment_rules", "delete", admin=ALL),
)

# The role that each character has in the end. The demoted admin is a viewer now and holds the token from
# before; the stranger signed up and has no profile; the deactivated and the deleted one were admins, and the
# account of the latter is gone. All their tokens are still good.
ROLE_OF: dict[str, str | None] = {
    "anon": "anon",
    "viewer": "viewer",
    "finance": "finance",
    "operations": "operations",
    "admin": "admin",
    "demoted admin": "viewer",
    "stranger": None,
    "deactivated": None,
    "deleted": None,
}
# They never had a profile, so nothing can be theirs.
OWN_NOTHING = frozenset({"anon", "stranger", "deleted"})


@dataclass(frozen=True)
class Cell:
    """One attempt: somebody, a rule, and a row that is theirs or is not."""

    rule: Rule
    character: str
    own: bool

    @property
    def allowed(self) -> bool:
        return self.rule.access(self.character).covers(self.own)

    def __str__(self) -> str:
        rule = self.rule
        target = f"{rule.table}.{rule.column}" if rule.column else rule.table
        whose = "own" if self.own else "foreign"
        return f"{self.character} {'may' if self.allowed else 'may not'} {rule.verb} {target} ({whose})"


def cells() -> list[Cell]:
    """Every cell of the table, for every character, on rows of their own and of others."""
    return [
        Cell(rule, character, own)
        for rule in RULES
        for character in ROLE_OF
        for own in (True, False)
        if not (own and character in OWN_NOTHING)
    ]
