"""Planning a medical trip."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group, When
from roamio_web.forms.contact import CONTACT, NOTES
from roamio_web.forms.health import ABOUT_THE_PATIENT, PATIENT, HealthForm
from roamio_web.forms.moments import on_days
from roamio_web.forms.questions import day, line, month, number, one_of, some_of
from roamio_web.forms.rules import Required
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose
from roamio_web.models.values import HOME_ZONE

DATES = (("exact", _("I know the earliest date")), ("month", _("I know the month")))
HELP = (
    ("visa_letter", _("Visa letter")),
    ("airport", _("Airport pick-up")),
    ("stay", _("A place to stay")),
    ("interpreter", _("Interpreter")),
)


class MedicalForm(HealthForm):
    """Plan a medical trip."""

    purpose = Purpose.MEDICAL
    groups = (
        Group(_("Who is treated"), PATIENT),
        Group(_("The treatment"), ("speciality", "need", "hospital")),
        Group(_("The trip"), ("city", "dates", "earliest", "travel_month", "companions", "help", "language")),
        NOTES,
        CONTACT,
        Group(_("Your agreement"), ("consent",)),
    )
    private = HealthForm.private | {"hospital"}
    conditions = {  # noqa: RUF012 - declared once, never changed
        **ABOUT_THE_PATIENT,
        "earliest": When("dates", ("exact",)),
        "travel_month": When("dates", ("month",)),
        "language": When("help", ("interpreter",)),
    }

    hospital = line(
        _("Hospital or doctor"), hint=_("Leave it empty if you would like our advice."), autocomplete="off"
    )
    city = line(_("City"), hint=_("Leave it empty if you would like our advice."))
    earliest = day(
        _("Earliest date"), Required(_("Enter the earliest date you can travel")), name=_("the earliest date")
    )
    dates = one_of(_("When could you travel?"), DATES, _("Choose a date or a month"), default="exact")
    travel_month = month(_("Month"), Required(_("Enter the month in which you would like to travel")))
    companions = number(
        _("People who come along"), 0, 20, _("the number of people who come along"), default=1
    )
    help = some_of(_("What else should we arrange?"), HELP)
    language = line(
        _("Language for the interpreter"), Required(_("Enter the language you would like to speak"))
    )

    def check(self) -> None:
        """The trip lies ahead."""
        super().check()
        self.check_day("earliest", _("The earliest date"), HOME_ZONE)
        self.check_month("travel_month", HOME_ZONE)

    def details(self) -> Answers:
        return {
            **self.common(),
            **on_days(self.answer("earliest")),
            **self.answers("city", "dates", "earliest", "travel_month", "companions", "help", "language"),
        }
