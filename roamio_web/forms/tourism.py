"""Planning a tour."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group, When
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import HOME_ZONE, on_days
from roamio_web.forms.money import CURRENCIES, HOME_CURRENCY, MOST
from roamio_web.forms.questions import day, menu, month, note, number, one_of, some_of
from roamio_web.forms.rules import Required, Settled
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion

DATES = (("exact", "I know the dates"), ("flexible", "I am flexible"))
STYLES = (
    ("easy", "Easy: few places, long mornings"),
    ("balanced", "Balanced"),
    ("full", "Full: as much as there is to see"),
)
INTERESTS = (
    ("heritage", "Forts and palaces"),
    ("nature", "Wildlife and mountains"),
    ("beaches", "Beaches"),
    ("food", "Food"),
    ("spiritual", "Temples and pilgrimage"),
    ("wellness", "Yoga and wellness"),
)
ARRANGE = (
    ("stay", "Stays"),
    ("car", "Car and driver"),
    ("guide", "Guides"),
    ("visa", "Visa"),
    ("flights", "Flights"),
)


class TourismForm(ContactForm):
    """Plan a tour."""

    purpose = Purpose.TOURISM
    groups = (
        Group("Where and when", ("destinations", "dates", "starts_on", "ends_on", "travel_month", "length")),
        Group("Who travels", ("adults", "children")),
        Group("How you like to travel", ("style", "interests", "arrange", "budget", "currency")),
        NOTES,
        CONTACT,
    )
    conditions = {  # noqa: RUF012 - declared once, never changed
        "starts_on": When("dates", ("exact",)),
        "ends_on": When("dates", ("exact",)),
        "travel_month": When("dates", ("flexible",)),
        "length": When("dates", ("flexible",)),
    }
    belongs_to = {"currency": "budget"}  # noqa: RUF012 - declared once, never changed

    destinations = note(
        "Places you want to see",
        Required("Enter at least one place"),
        hint="One a line, or just “Kerala”.",
        rows=3,
    )
    dates = one_of("Dates", DATES, "Choose whether you know the dates", default="exact")
    starts_on = day("First day", Required("Enter the first day"), name="the first day")
    ends_on = day("Last day", Required("Enter the last day"), name="the last day")
    travel_month = month("In which month?", Required("Enter the month in which you would like to go"))
    length = number("For how many days?", 1, 180, "the number of days")
    adults = number("Adults", 1, 100, "the number of adults", default=2)
    children = number("Children", 0, 50, "the number of children", default=0, hint="Younger than 18.")
    style = menu("Pace", STYLES, "Choose a pace from the list", Settled(), default="balanced")
    interests = some_of("What draws you?", INTERESTS)
    arrange = some_of("What should we arrange?", ARRANGE)
    budget = number("Budget for the whole tour", 1, MOST, "the budget", optional=True)
    currency = menu(
        "Currency", CURRENCIES, "Choose a currency from the list", Settled(), default=HOME_CURRENCY
    )

    def check(self) -> None:
        """The tour lies ahead and ends after it starts."""
        super().check()
        self.check_day("starts_on", "The first day", HOME_ZONE)
        self.check_day("ends_on", "The last day", HOME_ZONE)
        self.check_month("travel_month", HOME_ZONE)
        self.check_order("starts_on", "ends_on", "Enter a last day that is not before the first")

    def occasion(self) -> Occasion | None:
        return self.days("starts_on", "ends_on")

    def details(self) -> Answers:
        return {
            **self.common(),
            **on_days(self.answer("starts_on"), self.answer("ends_on")),
            **self.answers("destinations", "dates", "starts_on", "ends_on", "travel_month", "length"),
            **self.answers("adults", "children", "style", "interests", "arrange"),
            **self.answers("budget", "currency"),
        }
