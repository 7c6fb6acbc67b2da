"""What an admin asks the audit log for."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import DateField, Form, SearchField, SelectField, TimeField

from roamio_web.forms.options import options
from roamio_web.models.audit_query import RECORD_LENGTH, AuditQuery, Table
from roamio_web.models.change import SYSTEM
from roamio_web.models.staff import StaffMember

TABLE_NAMES = {
    Table.BOOKINGS: "Bookings",
    Table.TASKS: "Tasks",
    Table.NOTES: "Notes",
    Table.CLIENTS: "Clients",
    Table.PROFILES: "Staff",
    Table.INVITATIONS: "Invitations",
    Table.ASSIGNMENT_RULES: "Routing rules",
    Table.SIGN_IN_RULES: "Signing in",
}
ACTION_NAMES = {"INSERT": "Added", "UPDATE": "Changed", "DELETE": "Deleted"}


class AuditFilters(Form):
    """Somebody narrows the log down. A GET form: its answers are the page's address, so it has no token."""

    record = SearchField(
        "Record",
        id="search",
        render_kw={
            "placeholder": "Booking reference or record id",
            "maxlength": RECORD_LENGTH,
            "autocomplete": "off",
            "spellcheck": "false",
        },
    )
    person = SelectField("Person", validate_choice=False)
    table = SelectField("Of what", choices=options([("", "Everything"), *TABLE_NAMES.items()]))
    action = SelectField("What happened", choices=options([("", "Any change"), *ACTION_NAMES.items()]))
    since = DateField("From")
    since_at = TimeField("From what time")
    until = DateField("To")
    until_at = TimeField("To what time")

    @classmethod
    def showing(cls, query: AuditQuery, team: Sequence[StaffMember]) -> AuditFilters:
        """The form as it stands for this query."""
        moments = {name: getattr(query, name) for name in ("since", "since_at", "until", "until_at")}
        form = cls(data={**query.to_args(), **moments})
        people = [(person.id, person.name) for person in team]
        form.person.choices = options([("", "Anybody"), (SYSTEM, "Roamio itself"), *people])
        return form
