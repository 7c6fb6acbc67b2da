"""What staff write about a booking for one another."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import Length

from roamio_web.forms.fields import TextField
from roamio_web.forms.rules import Longest, Required

LONGEST = 4_000
"""Characters. The check ``booking_notes_body_is_given`` says the same."""


class NoteForm(FlaskForm):  # type: ignore[misc]
    """Somebody writes a note. ``seen`` is the last one that the page showed."""

    body = TextField("Write a note", [Required("Write the note first"), Longest(LONGEST)])
    seen = HiddenField(validators=[Length(max=36)])

    @property
    def first_error(self) -> str:
        return next((str(errors[0]) for errors in self.errors.values() if errors), "Send the note once more")
