"""Asking for something else."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import on_days
from roamio_web.forms.questions import day, line, note
from roamio_web.forms.rules import Required
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion
from roamio_web.models.values import HOME_ZONE


class ServiceForm(ContactForm):
    """Ask for something else."""

    purpose = Purpose.SERVICE
    groups = (Group(_("What you need"), ("need", "place", "wanted_on")), NOTES, CONTACT)

    need = note(_("What can we do for you?"), Required(_("Tell us in a few words what you need")))
    place = line(_("Where?"), hint=_("A city, an airport, an address."))
    wanted_on = day(_("When?"), name=_("the date"), hint=_("Leave it empty if any day will do."))

    def check(self) -> None:
        """The day lies ahead."""
        super().check()
        self.check_day("wanted_on", _("The date"), HOME_ZONE)

    def occasion(self) -> Occasion | None:
        return self.days("wanted_on", "wanted_on")

    def details(self) -> Answers:
        return {
            **self.common(),
            **on_days(self.answer("wanted_on")),
            **self.answers("need", "place", "wanted_on"),
        }
