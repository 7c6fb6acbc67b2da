"""What staff fill in to change several bookings at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import AnyOf, ValidationError

from roamio_web.formatters import label
from roamio_web.forms.options import options
from roamio_web.forms.staff_form import StaffForm
from roamio_web.models.booking import Chosen, Status
from roamio_web.models.booking_query import NOBODY, PAGE_SIZE
from roamio_web.models.staff import Role, StaffMember
from roamio_web.models.values import moment, uuid_or_none

CHOOSE_FIRST = "Choose at least one booking in the list"
CHOOSE_AGENT = "Choose an agent from the list"


class SeveralBookingsForm(StaffForm):
    """Somebody has chosen rows of the list; each says which booking it is and which version was seen."""

    again = CHOOSE_FIRST

    booking = SelectMultipleField(validate_choice=False)

    def validate_booking(self, field: SelectMultipleField) -> None:
        """Take one page's worth of bookings, each of them readable."""
        if not field.data:
            raise ValidationError(CHOOSE_FIRST)
        if len(field.data) > PAGE_SIZE or len(self.chosen) < len(set(field.data)):
            raise ValidationError("Open the list again, then choose")

    @property
    def chosen(self) -> list[Chosen]:
        """The bookings that were chosen, in the order of the list."""
        read = (_chosen(value) for value in dict.fromkeys(self.booking.data or ()))
        return list({each.id: each for each in read if each}.values())

    @property
    def chosen_ids(self) -> set[str]:
        return {each.id for each in self.chosen}


class SeveralStatusForm(SeveralBookingsForm):
    """Somebody moves the chosen bookings to another status."""

    status = SelectField(
        "Move to",
        choices=options([("", "Choose a status"), *((status, label(status)) for status in Status)]),
        validators=[AnyOf(list(Status), "Choose a status")],
        validate_choice=False,
    )


class SeveralAssignmentForm(SeveralBookingsForm):
    """Somebody hands the chosen bookings to an agent, or takes them back."""

    agent = SelectField("Assign to", validate_choice=False)

    def offer(self, team: Sequence[StaffMember]) -> None:
        """Offer those of these colleagues who can look after bookings."""
        agents = [person for person in team if person.role in (Role.OPERATIONS, Role.ADMIN)]
        self.agent.choices = options(
            [("", "Choose an agent"), (NOBODY, "Nobody"), *((person.id, person.name) for person in agents)]
        )

    def validate_agent(self, field: SelectField) -> None:
        """Take an agent's id or nobody; whether that person exists is for the database to say."""
        if field.data != NOBODY and not uuid_or_none(field.data):
            raise ValidationError(CHOOSE_AGENT)

    @property
    def agent_id(self) -> str | None:
        """The agent who was chosen; None for nobody."""
        return None if self.agent.data == NOBODY else self.agent.data


def _chosen(value: str) -> Chosen | None:
    """Read ``<id>~<version>``, as the list's boxes say it."""
    booking_id, _, seen = value.partition("~")
    try:
        return Chosen(str(UUID(booking_id)), moment(seen).isoformat())
    except ValueError:
        return None
