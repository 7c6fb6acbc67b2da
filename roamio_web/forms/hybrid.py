"""Planning several things at once; what they share is asked once."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group, When
from roamio_web.forms.contact import CONTACT, NOTES
from roamio_web.forms.health import HealthForm
from roamio_web.forms.moments import HOME_ZONE, start_of
from roamio_web.forms.questions import day, line, number, some_of
from roamio_web.forms.rules import AtLeast, Required
from roamio_web.models.booking import Purpose

PARTS = (("cab", "Cab"), ("hotel", "Hotel"), ("tourism", "Tour"), ("medical", "Medical treatment"))


class HybridForm(HealthForm):
    """Plan several things at once."""

    purpose = Purpose.HYBRID
    groups = (
        Group("What to arrange", ("parts", "destinations")),
        Group("When", ("starts_on", "ends_on")),
        Group("Who travels", ("adults", "children")),
        Group("The treatment", ("speciality", "need", "consent"), "Only if treatment is part of it."),
        NOTES,
        CONTACT,
    )
    conditions = {  # noqa: RUF012 - declared once, never changed
        "speciality": When("parts", ("medical",)),
        "need": When("parts", ("medical",)),
        "consent": When("parts", ("medical",)),
    }

    parts = some_of(
        "What should the journey have?",
        PARTS,
        AtLeast(2, "Choose two or more; for a single one use its own form"),
    )
    destinations = line("Where to?", Required("Enter where you want to go"), hint="Like Chennai and Munnar.")
    starts_on = day("First day", Required("Enter the first day"), name="the first day")
    ends_on = day("Last day", Required("Enter the last day"), name="the last day")
    adults = number("Adults", 1, 100, "the number of adults", default=2)
    children = number("Children", 0, 50, "the number of children", default=0, hint="Younger than 18.")

    def check(self) -> None:
        """The journey lies ahead and ends after it starts."""
        super().check()
        self.check_day("starts_on", "The first day", HOME_ZONE)
        self.check_day("ends_on", "The last day", HOME_ZONE)
        self.check_order("starts_on", "ends_on", "Enter a last day that is not before the first")

    def details(self) -> Answers:
        return {
            **self.common(),
            **({"health": self.health()} if self.applies("need") else {}),
            "starts_at": start_of(self.starts_on.data).isoformat(),
            "ends_at": start_of(self.ends_on.data).isoformat(),
            "time_zone": HOME_ZONE,
            **self.answers("parts", "destinations", "starts_on", "ends_on", "adults", "children"),
        }
