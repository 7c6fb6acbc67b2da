"""Asking for something else."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import HOME_ZONE, on_days
from roamio_web.forms.questions import day, line, note
from roamio_web.forms.rules import Required
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion


class ServiceForm(ContactForm):
    """Ask for something else."""

    purpose = Purpose.SERVICE
    groups = (Group("What you need", ("need", "place", "wanted_on")), NOTES, CONTACT)

    need = note("What can we do for you?", Required("Tell us in a few words what you need"))
    place = line("Where?", hint="A city, an airport, an address.")
    wanted_on = day("When?", name="the date", hint="Leave it empty if any day will do.")

    def check(self) -> None:
        """The day lies ahead."""
        super().check()
        self.check_day("wanted_on", "The date", HOME_ZONE)

    def occasion(self) -> Occasion | None:
        return self.days("wanted_on", "wanted_on")

    def details(self) -> Answers:
        return {
            **self.common(),
            **on_days(self.answer("wanted_on")),
            **self.answers("need", "place", "wanted_on"),
        }
