"""Asking for help at home in India, from abroad."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import HOME_ZONE, ZONES
from roamio_web.forms.questions import line, menu, note, one_of, some_of
from roamio_web.forms.rules import AtLeast, Required, Settled
from roamio_web.models.booking import Purpose

MATTERS = (
    ("property", "Property"),
    ("documents", "Documents"),
    ("elder_care", "Care for parents"),
    ("banking", "Banking and tax"),
    ("legal", "Legal"),
    ("other", "Something else"),
)
CALL_TIMES = (
    ("morning", "Morning, 8 to 12"),
    ("afternoon", "Afternoon, 12 to 17"),
    ("evening", "Evening, 17 to 21"),
)


class NriForm(ContactForm):
    """Ask for help at home in India."""

    purpose = Purpose.NRI
    groups = (
        Group("What it is about", ("matter", "city", "need")),
        Group("When we may call", ("call_times", "time_zone")),
        NOTES,
        CONTACT,
    )

    matter = one_of("What do you need help with?", MATTERS, "Choose what you need help with")
    city = line("City in India", Required("Enter the city in India"))
    need = note("What is to be done?", Required("Tell us in a few words what is to be done"))
    call_times = some_of("Good times to call", CALL_TIMES, AtLeast(1, "Choose at least one time of day"))
    time_zone = menu(
        "Clock where you live", ZONES, "Choose your clock from the list", Settled(), default=HOME_ZONE
    )

    def details(self) -> Answers:
        return {**self.common(), **self.answers("matter", "city", "need", "call_times", "time_zone")}
