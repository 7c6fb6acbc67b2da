"""Planning a medical trip."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group, When
from roamio_web.forms.contact import CONTACT, NOTES
from roamio_web.forms.health import HealthForm
from roamio_web.forms.moments import HOME_ZONE, on_days
from roamio_web.forms.questions import day, line, month, number, one_of, some_of
from roamio_web.forms.rules import Required
from roamio_web.models.booking import Purpose

PATIENTS = (("self", "Me"), ("another", "Somebody else"))
DATES = (("exact", "I know the earliest date"), ("month", "I know the month"))
HELP = (
    ("visa_letter", "Visa letter"),
    ("airport", "Airport pick-up"),
    ("stay", "A place to stay"),
    ("interpreter", "Interpreter"),
)


class MedicalForm(HealthForm):
    """Plan a medical trip."""

    purpose = Purpose.MEDICAL
    groups = (
        Group("Who is treated", ("patient", "patient_name", "patient_age", "patient_relation")),
        Group("The treatment", ("speciality", "need")),
        Group("The trip", ("place", "dates", "earliest", "travel_month", "companions", "help", "language")),
        NOTES,
        CONTACT,
        Group("Your agreement", ("consent",)),
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

    patient = one_of("Who is the treatment for?", PATIENTS, "Choose who is treated", default="self")
    patient_name = line(
        "The patient’s full name", Required("Enter the patient’s full name"), autocomplete="off"
    )
    patient_age = number("The patient’s age", 0, 120, "the patient’s age")
    patient_relation = line("Who is the patient to you?", hint="Like mother, son or friend.")
    place = line("City or hospital", hint="Leave it empty if you would like our advice.")
    earliest = day(
        "Earliest date", Required("Enter the earliest date you can travel"), name="the earliest date"
    )
    dates = one_of("When could you travel?", DATES, "Choose a date or a month", default="exact")
    travel_month = month("Month", Required("Enter the month in which you would like to travel"))
    companions = number("People who come along", 0, 20, "the number of people who come along", default=1)
    help = some_of("What else should we arrange?", HELP)
    language = line("Language for the interpreter", Required("Enter the language you would like to speak"))

    def check(self) -> None:
        """The trip lies ahead."""
        super().check()
        self.check_day("earliest", "The earliest date", HOME_ZONE)
        self.check_month("travel_month", HOME_ZONE)

    def details(self) -> Answers:
        patient = self.answers("patient", "patient_name", "patient_age", "patient_relation")
        return {
            **self.common(),
            "health": {**self.health(), **patient},
            **on_days(self.answer("earliest")),
            **self.answers("place", "dates", "earliest", "travel_month", "companions", "help", "language"),
        }
