"""What staff fill in on the tasks pages: whose tasks, a new task, where one goes, who takes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, SelectField
from wtforms.validators import AnyOf, InputRequired, ValidationError

from roamio_web.formatters import label
from roamio_web.forms.fields import ClockField, DayField, LineField, MenuField
from roamio_web.forms.moments import moment, today
from roamio_web.forms.options import options
from roamio_web.forms.questions import clock, day, line, menu
from roamio_web.forms.rules import Required, Settled
from roamio_web.forms.staff_form import StaffForm
from roamio_web.models import reference
from roamio_web.models.staff import StaffMember
from roamio_web.models.task import Task, TaskStatus
from roamio_web.models.task_query import NOBODY, TaskQuery
from roamio_web.models.values import HOME_ZONE, uuid_or_none

THE_BOOKINGS_AGENT = "agent"
END_OF_WORK = time(18)
"""When a task is due on a day for which nobody said a time."""
CHOOSE_AGAIN = "Look at the task again, then choose."


class TaskFilters(Form):
    """An admin chooses whose tasks to see. A GET form: its answer is the page's address."""

    agent = SelectField("Whose tasks", validate_choice=False)

    @classmethod
    def showing(cls, query: TaskQuery, member: StaffMember, team: Sequence[StaffMember]) -> TaskFilters:
        """The form as it stands for this query, with the colleagues whom this person may name."""
        form = cls(data=query.to_args())
        others = [(person.id, person.name) for person in team if person.id != member.id]
        form.agent.choices = options(
            [("", "Everybody’s tasks"), (member.id, "My tasks"), (NOBODY, "Nobody’s tasks"), *others]
        )
        return form


class TaskForm(FlaskForm):  # type: ignore[misc]
    """Somebody adds a task to a booking. The times are India's, as everywhere on these pages."""

    booking: LineField = line(
        "Booking",
        Required("Enter the booking’s reference, like 7K3M-9QXT"),
        hint="Its reference, like 7K3M-9QXT.",
        autocomplete="off",
    )
    title: LineField = line("What is to be done", Required("Say what is to be done"), autocomplete="off")
    due_on: DayField = day("Due on", name="the day")
    due_at: ClockField = clock("Time in India", name="the time")
    given_to: MenuField = menu("For", (), "Choose somebody from the list", Settled())

    @classmethod
    def for_booking(cls, booking: str | None, team: Sequence[StaffMember]) -> TaskForm:
        """The form as it was sent, or an empty one that names this booking."""
        form = cls(
            data={"booking": reference.display(booking) if booking else "", "given_to": THE_BOOKINGS_AGENT}
        )
        form.given_to.choices = options(
            [(THE_BOOKINGS_AGENT, "The booking’s agent"), (NOBODY, "Nobody yet")]
            + [(person.id, person.name) for person in team]
        )
        return form

    def validate_booking(self, field: LineField) -> None:
        """Take what can be a reference; whether there is such a booking is for the database to say."""
        if reference.parse(field.data or "") is None:
            raise ValidationError("Enter the booking’s reference, like 7K3M-9QXT")

    def validate_due_on(self, field: DayField) -> None:
        """Nothing can be done by yesterday."""
        if field.data and field.data < today(datetime.now(UTC)):
            raise ValidationError("Choose today or a later day")

    def validate_due_at(self, field: ClockField) -> None:
        """A time needs its day, and has to be still to come."""
        if field.data is None:
            return
        if self.due_on.data is None:
            raise ValidationError("Choose the day, too")
        now = datetime.now(UTC)
        if self.due_on.data == today(now) and self.due is not None and self.due < now:
            raise ValidationError("Choose a time that is still to come")

    @property
    def stored_reference(self) -> str:
        """The booking's reference as the database stores it."""
        return reference.parse(self.booking.data or "") or ""

    @property
    def due(self) -> datetime | None:
        """When it is to be done; None when nobody said a day."""
        if self.due_on.data is None:
            return None
        return moment(self.due_on.data, self.due_at.data or END_OF_WORK, HOME_ZONE)

    @property
    def for_the_agent(self) -> bool:
        """Whether the booking's agent gets the task, whoever that is."""
        return bool(self.given_to.data == THE_BOOKINGS_AGENT)

    @property
    def person_id(self) -> str | None:
        """Who else gets it; None for nobody yet."""
        return None if self.given_to.data in (NOBODY, THE_BOOKINGS_AGENT) else self.given_to.data


class StepForm(StaffForm):
    """Somebody moves a task to another column, from the one where they saw it."""

    again = CHOOSE_AGAIN

    status = HiddenField(validators=[AnyOf(list(TaskStatus), "Choose where the task goes")])
    seen = HiddenField(validators=[AnyOf(list(TaskStatus), CHOOSE_AGAIN)])

    def changes_until(self, task: Task) -> str:
        """What became different since, in a sentence."""
        return f"It is {label(task.status).lower()} now; you saw it {label(self.seen.data).lower()}."


class HandOverForm(FlaskForm):  # type: ignore[misc]
    """An admin gives a task to somebody else, or to nobody yet."""

    person = SelectField(
        "Who does it", validators=[Settled()], validate_choice=False, render_kw={"class": "input"}
    )
    seen = HiddenField(validators=[InputRequired(CHOOSE_AGAIN)])

    @classmethod
    def showing(cls, task: Task, team: Sequence[StaffMember]) -> HandOverForm:
        """The form as it stands for this task, with everybody who could do it."""
        form = cls(
            formdata=None, data={"person": task.assigned_to or NOBODY, "seen": task.assigned_to or NOBODY}
        )
        form.person.choices = options([(NOBODY, "Nobody yet"), *((each.id, each.name) for each in team)])
        return form

    def showing_again(self, task: Task, team: Sequence[StaffMember]) -> HandOverForm:
        """The same for the task as it is now, with who was chosen still chosen."""
        form = self.showing(task, team)
        form.person.data = self.person.data
        return form

    def validate_person(self, field: SelectField) -> None:
        """Take an id or nobody; whether that person can have it is for the database to say."""
        _id_or_nobody(field.data)

    def validate_seen(self, field: HiddenField) -> None:
        """The same for who had it."""
        _id_or_nobody(field.data)

    @property
    def person_id(self) -> str | None:
        """Who was chosen; None for nobody."""
        return None if self.person.data == NOBODY else self.person.data

    @property
    def seen_id(self) -> str | None:
        """Who had it when the page was opened; None for nobody."""
        return None if self.seen.data == NOBODY else self.seen.data


def _id_or_nobody(text: str | None) -> None:
    """:raise ValidationError: it is neither."""
    if text != NOBODY and not uuid_or_none(text):
        raise ValidationError("Choose somebody from the list")
