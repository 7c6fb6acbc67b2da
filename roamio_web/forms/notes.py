"""What staff write about a booking for one another."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import Length

from roamio_web.forms.fields import TextField
from roamio_web.forms.rules import Longest, Required
from roamio_web.forms.staff_form import StaffForm

LONGEST = 4_000
"""Characters. The check ``booking_notes_body_is_given`` says the same."""


class NoteForm(StaffForm):
    """Somebody writes a note. ``seen`` is the last one that the page showed."""

    again = "Send the note once more"

    body = TextField("Write a note", [Required("Write the note first"), Longest(LONGEST)])
    seen = HiddenField(validators=[Length(max=36)])
