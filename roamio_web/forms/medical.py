"""Planning a medical trip."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group, When
from roamio_web.forms.contact import CONTACT, NOTES
from roamio_web.forms.health import HealthForm
from roamio_web.forms.moments import HOME_ZONE, on_days
from roamio_web.forms.questions import day, line, month, number, one_of, some_of
from roamio_web.forms.rules import Required
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose

PATIENTS = (("self", _("Me")), ("another", _("Somebody else")))
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
        Group(_("Who is treated"), ("patient", "patient_name", "patient_age", "patient_relation")),
        Group(_("The treatment"), ("speciality", "need")),
        Group(
            _("The trip"), ("place", "dates", "earliest", "travel_month", "companions", "help", "language")
        ),
        NOTES,
        CONTACT,
        Group(_("Your agreement"), ("consent",)),
    )
    private = HealthForm.private | {"patient", "patient_name", "patient_age", "patient_relation"}
    conditions = {  # noqa: RUF012 - declared once, never changed
        "patient_name": When("patient", ("another",)),
        "patient_age": When("patient", ("another",)),
        "patient_relation": When("patient", ("another",)),
        "earliest": When("dates", ("exact",)),
        "travel_month": When("dates", ("month",)),
        "language": When("help", ("interpreter",)),
    }

    patient = one_of(_("Who is the treatment for?"), PATIENTS, _("Choose who is treated"), default="self")
    patient_name = line(
        _("The patient’s full name"), Required(_("Enter the patient’s full name")), autocomplete="off"
    )
    patient_age = number(_("The patient’s age"), 0, 120, _("the patient’s age"))
    patient_relation = line(_("Who is the patient to you?"), hint=_("Like mother, son or friend."))
    place = line(_("City or hospital"), hint=_("Leave it empty if you would like our advice."))
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
        patient = self.answers("patient", "patient_name", "patient_age", "patient_relation")
        return {
            **self.common(),
            "health": {**self.health(), **patient},
            **on_days(self.answer("earliest")),
            **self.answers("place", "dates", "earliest", "travel_month", "companions", "help", "language"),
        }
