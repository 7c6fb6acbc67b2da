"""What staff fill in on the bookings pages: filters, a status, an agent."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import DateField, Form, HiddenField, SearchField, SelectField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from roamio_web.formatters import label
from roamio_web.forms.options import options
from roamio_web.forms.staff_form import StaffForm
from roamio_web.models.booking import BookingRow, Purpose, Status
from roamio_web.models.booking_query import (
    EMBEDDED,
    NOBODY,
    OUR_SITE,
    SEARCH_LENGTH,
    BookingQuery,
    Sort,
    Starts,
)
from roamio_web.models.staff import StaffMember
from roamio_web.models.values import uuid_or_none

OPEN_AGAIN = "Open the booking again, then choose."
SORT_NAMES = {Sort.NEWEST: "Newest first", Sort.SOONEST: "Soonest start", Sort.CHANGED: "Changed last"}

STARTS_NAMES = {
    Starts.TODAY: "Starts today",
    Starts.TOMORROW: "Starts tomorrow",
    Starts.WEEK: "Within a week",
}
SOURCE_NAMES = {"": "Any source", OUR_SITE: "Our own site", EMBEDDED: "Forms on other sites"}


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
    status = SelectField("Status", choices=options([("", "Any status"), *((s, label(s)) for s in Status)]))
    purpose = SelectField(
        "Purpose", choices=options([("", "Any purpose"), *((p, label(p)) for p in Purpose)])
    )
    agent = SelectField("Agent", validate_choice=False)
    starts = SelectField("Starts", choices=options([("", "Any start"), *STARTS_NAMES.items()]))
    source = SelectField("Source", choices=options(SOURCE_NAMES.items()))
    starts_from = DateField("Starts from")
    starts_to = DateField("to")
    since = DateField("Came in from")
    until = DateField("to")
    sort = SelectField("Order", choices=options(SORT_NAMES.items()))

    @classmethod
    def showing(cls, query: BookingQuery, member: StaffMember, team: Sequence[StaffMember]) -> BookingFilters:
        """The form as it stands for this query, with the colleagues whom this person may name."""
        days = {
            "starts_from": query.starts_on.first,
            "starts_to": query.starts_on.last,
            "since": query.received.first,
            "until": query.received.last,
        }
        form = cls(data={**query.to_args(), **days, "sort": query.sort})
        if query.source not in SOURCE_NAMES:
            form.source.choices = options({**SOURCE_NAMES, query.source: query.source}.items())
        others = [(person.id, person.name) for person in team if person.id != member.id]
        form.agent.choices = options(
            [("", "Any agent"), (NOBODY, "No agent yet"), (member.id, "Me"), *others]
        )
        return form


class SeenForm(StaffForm):
    """What every change to a booking says: which version of it the person saw, and what that showed."""

    again = OPEN_AGAIN

    seen = HiddenField(validators=[InputRequired(OPEN_AGAIN), Length(max=40, message=OPEN_AGAIN)])
    seen_status = HiddenField()
    seen_agent = HiddenField()

    def changes_until(self, row: BookingRow) -> list[str]:
        """What became different since, in sentences."""
        changes = []
        if self.seen_status.data != row.status:
            changes.append(
                f"It is {label(row.status).lower()} now; you saw it {label(self.seen_status.data).lower()}."
            )
        if (self.seen_agent.data or None) != row.assigned_agent:
            agent = row.assigned_agent_name or "somebody else"
            changes.append(
                f"{agent} looks after it now." if row.is_assigned else "Nobody looks after it now."
            )
        return changes or ["Its details have been changed."]


class StatusForm(SeenForm):
    """Somebody moves a booking to another status."""

    status = HiddenField(validators=[AnyOf(list(Status), "Choose a status")])


class AssignmentForm(SeenForm):
    """Somebody hands a booking to an agent, or takes it back from one."""

    agent = SelectField("Assigned to", validate_choice=False)

    def validate_agent(self, field: SelectField) -> None:
        """Take an agent's id or nobody; whether that person exists is for the database to say."""
        if field.data != NOBODY and not uuid_or_none(field.data):
            raise ValidationError("Choose an agent from the list")

    @property
    def agent_id(self) -> str | None:
        """The agent who was chosen; None for nobody."""
        return None if self.agent.data == NOBODY else self.agent.data
