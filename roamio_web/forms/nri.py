"""Asking for help at home in India, from abroad."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import zones_to_choose
from roamio_web.forms.questions import line, menu, note, one_of, some_of
from roamio_web.forms.rules import AtLeast, Required
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose

MATTERS = (
    ("property", _("Property")),
    ("documents", _("Documents")),
    ("elder_care", _("Care for parents")),
    ("banking", _("Banking and tax")),
    ("legal", _("Legal")),
    ("other", _("Something else")),
)
CALL_TIMES = (
    ("morning", _("Morning, 8 to 12")),
    ("afternoon", _("Afternoon, 12 to 17")),
    ("evening", _("Evening, 17 to 21")),
)
OWN_CLOCK = _("Choose your clock from the list")


class NriForm(ContactForm):
    """Ask for help at home in India."""

    purpose = Purpose.NRI
    groups = (
        Group(_("What it is about"), ("matter", "city", "need")),
        Group(_("When we may call"), ("call_times", "time_zone")),
        NOTES,
        CONTACT,
    )

    matter = one_of(_("What do you need help with?"), MATTERS, _("Choose what you need help with"))
    city = line(_("City in India"), Required(_("Enter the city in India")))
    need = note(_("What is to be done?"), Required(_("Tell us in a few words what is to be done")))
    call_times = some_of(
        _("Good times to call"), CALL_TIMES, AtLeast(1, _("Choose at least one time of day"))
    )
    time_zone = menu(
        _("Clock where you live"),
        zones_to_choose,
        OWN_CLOCK,
        Required(OWN_CLOCK),
        hint=_("We call at the times above by this clock."),
        data_own_clock=True,
    )

    def details(self) -> Answers:
        return {**self.common(), **self.answers("matter", "city", "need", "call_times", "time_zone")}
