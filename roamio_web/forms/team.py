"""What an admin fills in about a member of staff: name and role, and letting go or letting in again."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, SelectField
from wtforms.validators import AnyOf, Length, ValidationError

from roamio_web.formatters import label
from roamio_web.forms.fields import LineField, OneOfField
from roamio_web.forms.options import options
from roamio_web.forms.questions import LONGEST_LINE, WIDE, line, one_of
from roamio_web.forms.rules import Required, Settled
from roamio_web.forms.staff_form import StaffForm
from roamio_web.models.staff import Agent, Role
from roamio_web.models.team import Standing, TeamRow
from roamio_web.models.values import uuid_or_none

ROLES = (
    (Role.ADMIN, "Admin: everything, the team included"),
    (Role.OPERATIONS, "Operations: the bookings and tasks that are theirs"),
    (Role.FINANCE, "Finance: reads and exports all bookings, without the travellers"),
    (Role.VIEWER, "Viewer: counts and charts, nobody’s details"),
)
CHOOSE_ROLE = "Choose a role"
LOOK_AGAIN = "Open the page again, then choose"
YES, NO = "yes", "no"


def role_choice(default: Role | None = None) -> OneOfField:
    """Which role somebody has."""
    return one_of("Role", [(str(role), words) for role, words in ROLES], CHOOSE_ROLE, default=default)


class StandingForm(StaffForm):
    """An admin changes somebody; ``seen_…`` is what the page showed of them."""

    again = LOOK_AGAIN

    successor = SelectField("Who takes over", [Settled()], validate_choice=False, render_kw={"class": WIDE})
    seen_name = HiddenField(validators=[Length(max=LONGEST_LINE)])
    seen_role = HiddenField(validators=[AnyOf(list(Role), LOOK_AGAIN)])
    seen_active = HiddenField(validators=[AnyOf([YES, NO], LOOK_AGAIN)])

    def validate_successor(self, field: SelectField) -> None:
        """Take somebody's id or nobody; whether work can be with them is for the database to say."""
        if field.data and not uuid_or_none(field.data):
            raise ValidationError("Choose somebody from the list")

    def offer(self, agents: Sequence[Agent]) -> None:
        """Offer these people as successors, each with what they have to do already."""
        self.successor.choices = options(
            [("", "Nobody yet")]
            + [(agent.id, f"{agent.name}, {_bookings(agent.open_bookings)}") for agent in agents]
        )

    def seeing(self, standing: Standing) -> None:
        """The same answers; sent again, they are for this person as they are now."""
        self.seen_name.data = standing.full_name
        self.seen_role.data = standing.role
        self.seen_active.data = YES if standing.active else NO

    @property
    def seen(self) -> Standing:
        """The person as the page showed them."""
        return Standing(
            self.seen_name.data or "", Role(self.seen_role.data or ""), self.seen_active.data == YES
        )

    @property
    def successor_id(self) -> str | None:
        return self.successor.data or None

    def changes_until(self, now: Standing) -> list[str]:
        """What became different since, in sentences."""
        seen, changes = self.seen, []
        if now.full_name != seen.full_name:
            changes.append(f"The name is {now.full_name} now." if now.full_name else "The name is gone now.")
        if now.role != seen.role:
            changes.append(f"The role is {label(now.role).lower()} now.")
        if now.active != seen.active:
            changes.append("They have access again." if now.active else "They have no access any more.")
        return changes


class MemberForm(StandingForm):
    """An admin corrects somebody's name or gives them another role."""

    full_name: LineField = line("Full name", Required("Enter the person’s full name"), autocomplete="off")
    role: OneOfField = role_choice()

    @classmethod
    def showing(cls, row: TeamRow) -> MemberForm:
        """The form as it stands for this person."""
        form = cls(formdata=None, full_name=row.member.full_name, role=row.member.role)
        form.seeing(row.standing)
        return form

    @classmethod
    def sent(cls) -> MemberForm:
        """The form as it was sent. One's own role is not asked for, and stays."""
        form = cls()
        if form.role.data is None:
            form.role.data = form.seen_role.data
        return form

    @property
    def wanted(self) -> Standing:
        """The person as they are to be."""
        return Standing(self.full_name.data or "", Role(self.role.data), self.seen.active)


class AccessForm(StandingForm):
    """An admin lets somebody go, or in again."""

    active = HiddenField(validators=[AnyOf([YES, NO], LOOK_AGAIN)])

    @classmethod
    def showing(cls, row: TeamRow) -> AccessForm:
        """The form that turns this person's access round."""
        form = cls(formdata=None, active=NO if row.member.active else YES)
        form.seeing(row.standing)
        return form

    @property
    def wanted(self) -> Standing:
        """The person as they are to be."""
        seen = self.seen
        return Standing(seen.full_name, seen.role, self.active.data == YES)


def _bookings(count: int) -> str:
    return f"{count} open booking{'' if count == 1 else 's'}"
