"""Who is offered what. The database decides; this table only hides what it would refuse.

It mirrors the policies in ``supabase/migrations``; ``tests/test_permissions.py`` holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort

from roamio_web.errands import send_along
from roamio_web.models.errand import Errand
from roamio_web.models.staff import Role, StaffMember
from roamio_web.sessions import ask_to_sign_in, current_member

P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    """What a staff route needs."""

    SEE_OVERVIEW = "see overview"
    SEE_BOOKINGS = "see bookings"
    CHANGE_BOOKING = "change booking"
    ASSIGN_BOOKING = "assign booking"
    EXPORT_BOOKINGS = "export bookings"
    SEE_CLIENTS = "see clients"
    CHANGE_CLIENT = "change client"
    MERGE_CLIENTS = "merge clients"
    SEE_HEALTH = "see health details"
    WRITE_NOTES = "read and write notes"
    WORK_ON_TASKS = "work on tasks"
    HAND_OVER_TASK = "hand over task"
    SEE_TEAM = "see team"
    CHANGE_TEAM = "change team"
    INVITE = "invite to the team"
    ROUTE_BOOKINGS = "route bookings"
    SEE_AUDIT = "see audit log"
    SEE_SOURCES = "see where bookings come from"
    LISTEN = "listen to live changes"
    SEE_ACCOUNT = "see and change one's own account"
    DECIDE_SIGN_IN = "decide how admins sign in"


EVERYBODY = {Permission.SEE_OVERVIEW, Permission.LISTEN, Permission.SEE_ACCOUNT}
TABLE: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.OPERATIONS: frozenset(
        EVERYBODY
        | {
            Permission.SEE_BOOKINGS,
            Permission.CHANGE_BOOKING,
            Permission.SEE_CLIENTS,
            Permission.SEE_HEALTH,
            Permission.WRITE_NOTES,
            Permission.WORK_ON_TASKS,
        }
    ),
    Role.FINANCE: frozenset(
        EVERYBODY | {Permission.SEE_BOOKINGS, Permission.EXPORT_BOOKINGS, Permission.SEE_SOURCES}
    ),
    Role.VIEWER: frozenset(EVERYBODY),
}


def allows(member: StaffMember, permission: Permission) -> bool:
    """Whether this person is offered what the permission names."""
    return permission in TABLE[member.role]


def requires(
    permission: Permission, errand: Callable[..., Errand | None] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only staff with this permission into a view.

    :param errand: what is to be done in the round trip that asks who is there, given what the view is given.
    :raise 401: nobody is signed in (a page is sent to sign-in instead, see ``ask_to_sign_in``).
    :raise 403: the person's role lacks the permission.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if errand and (done_on_the_way := errand(*args, **kwargs)):
                send_along(done_on_the_way)
            member = current_member()
            if member is None:
                return ask_to_sign_in()  # type: ignore[return-value]
            if not allows(member, permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
