"""What the staff pages offer to whom: the menu, and the questions that their templates ask."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request

from roamio_web.models.booking import Status
from roamio_web.models.staff import StaffMember
from roamio_web.permissions import Permission, allows
from roamio_web.sessions import current_member


@dataclass(frozen=True)
class Place:
    """One entry of the menu. ``key`` is what leads there after ``g`` (static/js/keys.js)."""

    endpoint: str
    label: str
    icon: str
    permission: Permission
    key: str = ""
    beneath: frozenset[str] = frozenset()
    """Other blueprints whose pages belong here."""

    @property
    def is_here(self) -> bool:
        """Whether the page being shown is this one, or one beneath it."""
        return request.blueprint in self.beneath | {self.endpoint.split(".")[0]}


PLACES = (
    Place("overview.page", "Overview", "home", Permission.SEE_OVERVIEW, "o"),
    Place("bookings.index", "Bookings", "calendar", Permission.SEE_BOOKINGS, "b", frozenset({"notes"})),
    Place("tasks.index", "Tasks", "tasks", Permission.WORK_ON_TASKS, "t"),
    Place("clients.index", "Clients", "users", Permission.SEE_CLIENTS, "c"),
    Place(
        "team.index",
        "Team",
        "team",
        Permission.SEE_TEAM,
        "m",
        frozenset({"invitations", "routing"}),
    ),
    Place("embeds.page", "Embeds", "external", Permission.SEE_SOURCES, "e"),
    Place("audit.index", "Audit", "shield", Permission.SEE_AUDIT, "a"),
)


def init_app(app: Flask) -> None:
    """Give templates the menu, the person it is for, what they are allowed, and the statuses."""
    app.jinja_env.globals.update(
        places=places, current_member=current_member, allows=allows, Permission=Permission, Status=Status
    )


def places(member: StaffMember) -> tuple[Place, ...]:
    """The menu of this person: what the table offers them and nothing else."""
    return tuple(place for place in PLACES if allows(member, place.permission))
