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
    """One line of the table.

    ``column`` is the one that is written, where that makes a difference, or the function that is called.
    ``row`` names a row that belongs to two people: to the one who acts, and to a colleague.
    """

    table: str
    verb: str
    column: str | None = None
    row: str | None = None
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


def calls(*functions: str, **access: Access) -> Iterator[Rule]:
    """Who gets an answer from these functions, or has them do something."""
    return rules("functions", "call", *functions, **access)


ALL_STAFF = {"admin": ALL, "operations": ALL, "finance": ALL, "viewer": ALL}
# What belongs to two people, and how the README says it.
SHARED = {
    "handed_note": "theirs on a colleague's booking",
    "guest_note": "a colleague's on their booking",
    "lent_task": "theirs on a colleague's booking",
    "guest_task": "a colleague's on their booking",
}
# It tells everybody of themselves alone, and only of a sign-in that is not complete: test_second_factor.py.
ASKED_OF_NOBODY_ELSE = frozenset({"my_missing_step"})

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
    Rule("tasks", "select", row="lent_task", admin=OWN, operations=OWN),
    Rule("tasks", "select", row="guest_task", admin=OWN),
    Rule("tasks", "update", "status", row="lent_task", admin=OWN, operations=OWN),
    Rule("tasks", "update", "status", row="guest_task", admin=OWN),
    Rule("tasks", "delete", row="lent_task", admin=OWN, operations=OWN),
    Rule("tasks", "delete", row="guest_task", admin=OWN),
    Rule("profiles", "select", admin=ALL, operations=OWN, finance=OWN, viewer=OWN),
    Rule("profiles", "insert", admin=ALL),
    *rules("profiles", "insert", "created_at", "deactivated_at"),
    Rule("profiles", "update", "role", admin=OTHERS),
    Rule("profiles", "update", "deactivated_at", admin=OTHERS),
    Rule("profiles", "update", "full_name", admin=ALL),
    *rules("profiles", "update", "id", "email", "created_at"),
    Rule("profiles", "delete", admin=OTHERS),
    Rule("booking_notes", "select", admin=ALL, operations=OWN),
    Rule("booking_notes", "insert", admin=ALL, operations=OWN),
    *rules("booking_notes", "insert", "author", "author_name", "created_at"),
    *rules("booking_notes", "update", "body", "author", "author_name", "booking_id", "id", "created_at"),
    Rule("booking_notes", "delete", admin=OWN, operations=OWN),
    Rule("booking_notes", "select", row="handed_note", admin=OWN),
    Rule("booking_notes", "select", row="guest_note", admin=OWN, operations=OWN),
    Rule("booking_notes", "delete", row="handed_note", admin=OWN),
    Rule("booking_notes", "delete", row="guest_note"),
    Rule("assignment_notices", "select", admin=OWN, operations=OWN, finance=OWN, viewer=OWN),
    Rule("assignment_notices", "insert"),
    *rules("assignment_notices", "insert", "created_at", "task_id", "given_by"),
    *rules("assignment_notices", "update", "person", "id", "created_at", "booking_id", "task_id", "given_by"),
    Rule("assignment_notices", "delete"),
    Rule("audit_logs", "select", admin=ALL),
    Rule("audit_logs", "insert"),
    *rules("audit_logs", "insert", "created_at", "metadata"),
    *rules("audit_logs", "update", "actor", "metadata", "id", "created_at"),
    *rules("audit_logs", "update", "table_name", "record_id", "action"),
    Rule("audit_logs", "delete"),
    Rule("health_readings", "select", admin=ALL),
    Rule("health_readings", "insert"),
    Rule("health_readings", "insert", "created_at"),
    *rules("health_readings", "update", "read_by", "id", "created_at", "booking_id"),
    Rule("health_readings", "delete"),
    Rule("staff_presence", "select", admin=ALL),
    Rule("staff_presence", "insert"),
    Rule("staff_presence", "insert", "seen_at"),
    *rules("staff_presence", "update", "seen_at", "id"),
    Rule("staff_presence", "delete"),
    Rule("invitations", "select", admin=ALL),
    Rule("invitations", "insert", admin=ALL),
    *rules("invitations", "insert", "id", "invited_by", "accepted_at", "sent_at", "created_at"),
    Rule("invitations", "update", "expires_at", admin=ALL),
    *rules("invitations", "update", "email", "role", "invited_by", "accepted_at", "sent_at"),
    *rules("invitations", "update", "id", "created_at", "full_name"),
    Rule("invitations", "delete", admin=ALL),
    Rule("assignment_rules", "select", admin=ALL),
    Rule("assignment_rules", "insert", admin=ALL),
    *rules("assignment_rules", "insert", "id", "created_at"),
    Rule("assignment_rules", "update", "enabled", admin=ALL),
    *rules("assignment_rules", "update", "agent", "purpose", "id", "created_at"),
    Rule("assignment_rules", "delete", admin=ALL),
    Rule("booking_rows", "select", admin=ALL, operations=OWN, finance=ALL),
    Rule("client_rows", "select", admin=ALL, operations=OWN),
    Rule("task_rows", "select", admin=ALL, operations=OWN),
    Rule("team_rows", "select", admin=ALL, operations=OWN, finance=OWN, viewer=OWN),
    Rule("routing_rows", "select", admin=ALL),
    *calls("booking_summary", "bookings_by_day", "overview_charts", **ALL_STAFF),
    *calls("overview_page", "my_account", **ALL_STAFF),
    *calls("find_bookings", "count_found_bookings", "booking_page", admin=ALL, operations=OWN, finance=ALL),
    *calls("booking_sources", "booking_totals", admin=ALL, operations=OWN, finance=ALL),
    *calls("booking_health", "open_booking_health", "record_health_reading", admin=ALL, operations=OWN),
    *calls("booking_timeline", admin=ALL, operations=OWN),
    *calls("change_booking", "change_bookings", "change_listed_bookings", admin=ALL, operations=OWN),
    *calls(
        "waiting_times", "task_board", "overdue_tasks", "change_task", "add_task", admin=ALL, operations=OWN
    ),
    *calls("find_clients", "client_page", "client_twins", "write_note", admin=ALL, operations=OWN),
    *calls(
        "my_team",
        "team_of_caller",
        "team_page",
        "staff_page",
        admin=ALL,
        operations=OWN,
        finance=OWN,
        viewer=OWN,
    ),
    *calls("take_note_back", admin=OWN, operations=OWN),
    *calls("my_notices", admin=OWN, operations=OWN, finance=OWN),
    *calls("staff_agents", "change_client", "merge_clients", "merge_pair", admin=ALL),
    *calls("change_staff", "change_member", "set_routing", "change_routing", admin=ALL),
    *calls("invite", "renew_invitation", "decide_sign_in", "require_second_factor", admin=ALL),
    *calls("project_report"),
)

# The role that each character has in the end. The demoted admin is a viewer now and holds the token from
# before; the second agent tries on what is the first one's; the stranger signed up and has no profile; the
# deactivated and the deleted one were admins, and the account of the latter is gone. All their tokens are
# still good.
ROLE_OF: dict[str, str | None] = {
    "anon": "anon",
    "viewer": "viewer",
    "finance": "finance",
    "operations": "operations",
    "second agent": "operations",
    "admin": "admin",
    "demoted admin": "viewer",
    "stranger": None,
    "deactivated": None,
    "deleted": None,
}
# To whom work can be given.
WORKERS = frozenset({"operations", "second agent", "admin"})
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
        whose = rule.row or ("own" if self.own else "foreign")
        return f"{self.character} {'may' if self.allowed else 'may not'} {rule.verb} {target} ({whose})"


def cells() -> list[Cell]:
    """Every cell of the table, for every character, on rows of their own and of others."""
    return [
        Cell(rule, character, own)
        for rule in RULES
        for character in ROLE_OF
        for own in (True, False)
        if not (own and character in OWN_NOTHING) and (own or not rule.row)
    ]
