"""The team: who works here, and what an admin changes about it. The database repeats every decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from supabase import Client

from roamio_web.models.staff import Agent
from roamio_web.models.team import Invitation, Standing, TeamRow
from roamio_web.models.values import moment
from roamio_web.services.failures import NOT_ALLOWED, NotFound, Refused, ServiceError, ask, write

NOT_FOUND = "Nobody of that name works here, or they are not yours to see."


@dataclass(frozen=True)
class TeamPage:
    """Everybody whom the reader may see, and the invitations that nobody has accepted yet."""

    people: tuple[TeamRow, ...]
    invitations: tuple[Invitation, ...]


@dataclass(frozen=True)
class StaffPage:
    """One member of staff, who changed them last, and who could take over their work.

    ``changed_by`` is an account's id, or ``models.change.SYSTEM``.
    """

    row: TeamRow
    agents: tuple[Agent, ...] = ()
    changed_by: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Handed:
    """How much open work went to somebody else."""

    bookings: int
    tasks: int

    def __bool__(self) -> bool:
        return bool(self.bookings or self.tasks)


class MemberMovedOn(ServiceError):
    """Somebody changed this member of staff after they were read; nothing was written.

    ``page`` is how they are now.
    """

    def __init__(self, page: StaffPage) -> None:
        super().__init__("Somebody changed this person while you were looking.")
        self.page = page


def read_team(client: Client) -> TeamPage:
    """Read everybody and the open invitations, in one round trip.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    page = ask(client.rpc("team_page"))
    return TeamPage(
        tuple(TeamRow.from_row(row) for row in page["people"]),
        tuple(Invitation.from_row(row) for row in page["invitations"]),
    )


def read_person(client: Client, person_id: str) -> StaffPage:
    """Read one member of staff, in one round trip.

    :raise NotFound: there is none, or they are not this reader's to see.
    """
    return _page(ask(client.rpc("staff_page", {"person": person_id})))


def _page(page: dict[str, Any] | None) -> StaffPage:
    """:raise NotFound: there is none."""
    if not page:
        raise NotFound(NOT_FOUND)
    changed = page["changed"] or {}
    return StaffPage(
        TeamRow.from_row(page["person"]),
        tuple(Agent.from_row(row) for row in page["agents"]),
        changed.get("actor"),
        moment(changed["at"]) if changed else None,
    )


def change(
    client: Client, person_id: str, seen: Standing, wanted: Standing, successor: str | None = None
) -> Handed:
    """Give somebody another name, role or access, if they still are as they were seen.

    Whoever can't work on bookings any more hands the open ones over in the same moment, to ``successor`` or
    to nobody.

    :raise MemberMovedOn: they have been changed since; nothing was written.
    :raise NotFound: there is nobody of that id for this person.
    :raise Refused: the database says no, in a sentence.
    """
    given = {
        "person": person_id,
        "seen": seen.to_json(),
        "change": wanted.to_json(),
        "successor": successor,
    }
    answer = write(client.rpc("change_member", given))
    page = _page(answer.now["page"])
    if answer.refusal:
        raise Refused(answer.refusal, page)
    if handed := answer.now["handed"]:
        return Handed(handed["bookings"], handed["tasks"])
    if page.row.standing == wanted:
        return Handed(0, 0)  # a second click: the first one did it
    if page.row.standing == seen:
        # Readable and unchanged, yet not written: a policy filtered the update.
        raise Refused(NOT_ALLOWED, page)
    raise MemberMovedOn(page)
