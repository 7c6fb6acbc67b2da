"""What staff fill in on the bookings pages: filters, a status, an agent."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, SearchField, SelectField
from wtforms.validators import AnyOf, InputRequired, Length

from roamio_web.formatters import label
from roamio_web.models.booking import Purpose, Status
from roamio_web.models.booking_query import NOBODY, SEARCH_LENGTH, BookingQuery, Sort
from roamio_web.models.staff import Agent, StaffMember

SORT_NAMES = {Sort.NEWEST: "Newest first", Sort.SOONEST: "Soonest start", Sort.CHANGED: "Changed last"}


class BookingFilters(Form):
    """Somebody narrows the list down. A GET form: its answers are the page's address, so it has no token."""

    search = SearchField(
        "Search",
        render_kw={
            "placeholder": "Reference, name, phone, place",
            "maxlength": SEARCH_LENGTH,
            "autocomplete": "off",
            "spellcheck": "false",
        },
    )
    status = SelectField("Status", choices=[("", "Any status"), *((s, label(s)) for s in Status)])
    purpose = SelectField("Purpose", choices=[("", "Any purpose"), *((p, label(p)) for p in Purpose)])
    agent = SelectField("Agent", validate_choice=False)
    sort = SelectField("Order", choices=list(SORT_NAMES.items()))

    @classmethod
    def showing(cls, query: BookingQuery, member: StaffMember, team: Sequence[StaffMember]) -> BookingFilters:
        """The form as it stands for this query, with the colleagues whom this person may name."""
        form = cls(data={**query.to_args(), "sort": query.sort})
        others = [(person.id, person.name) for person in team if person.id != member.id]
        form.agent.choices = [("", "Anybody"), (NOBODY, "Nobody yet"), (member.id, "Me"), *others]
        return form


class SeenForm(FlaskForm):
    """What every change to a booking says: which version of it the person was looking at."""

    seen = HiddenField(validators=[InputRequired("Open the booking again"), Length(max=40)])


class StatusForm(SeenForm):
    """Somebody moves a booking to another status."""

    status = HiddenField(
        validators=[InputRequired("Choose a status"), AnyOf(list(Status), "Choose a status")]
    )


class AssignmentForm(SeenForm):
    """Somebody hands a booking to an agent, or takes it back from one."""

    agent = SelectField("Assigned to", validate_choice=False)

    @classmethod
    def offering(cls, agents: Sequence[Agent], *, seen: str, chosen: str | None) -> AssignmentForm:
        """The form with these agents to choose from, and one of them (or nobody) chosen."""
        form = cls(formdata=None, data={"seen": seen, "agent": chosen or NOBODY})
        form.agent.choices = [
            (NOBODY, "Nobody yet"),
            *((agent.id, f"{agent.name} · {agent.open_bookings} open") for agent in agents),
        ]
        return form

    @property
    def agent_id(self) -> str | None:
        """The agent who was chosen; None for nobody."""
        return None if self.agent.data == NOBODY else self.agent.data
