"""A form of the staff pages that has room for one sentence when it is sent wrong."""

from __future__ import annotations

from typing import ClassVar

from flask_wtf import FlaskForm


class StaffForm(FlaskForm):  # type: ignore[misc]
    """Somebody presses a button among other things; what was wrong is said above them."""

    again: ClassVar[str]
    """What to do when no field says anything: the form itself is too old."""

    @property
    def first_error(self) -> str:
        return next((str(errors[0]) for errors in self.errors.values() if errors), self.again)
