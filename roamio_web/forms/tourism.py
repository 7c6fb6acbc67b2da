"""Planning a tour."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group, When
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import on_days
from roamio_web.forms.money import HOME_CURRENCY, MOST, currencies
from roamio_web.forms.questions import day, menu, month, number, one_of, places, some_of
from roamio_web.forms.rules import Required, Settled
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion
from roamio_web.models.values import HOME_ZONE

DATES = (("exact", _("I know the dates")), ("flexible", _("I am flexible")))
STYLES = (
    ("easy", _("Easy: few places, long mornings")),
    ("balanced", _("Balanced")),
    ("full", _("Full: as much as there is to see")),
)
INTERESTS = (
    ("heritage", _("Forts and palaces")),
    ("nature", _("Wildlife and mountains")),
    ("beaches", _("Beaches")),
    ("food", _("Food")),
    ("spiritual", _("Temples and pilgrimage")),
    ("wellness", _("Yoga and wellness")),
)
ARRANGE = (
    ("stay", _("Stays")),
    ("car", _("Car and driver")),
    ("guide", _("Guides")),
    ("visa", _("Visa")),
    ("flights", _("Flights")),
)


class TourismForm(ContactForm):
    """Plan a tour."""

    purpose = Purpose.TOURISM
    groups = (
        Group(
            _("Where and when"), ("destinations", "dates", "starts_on", "ends_on", "travel_month", "length")
        ),
        Group(_("Who travels"), ("adults", "children")),
        Group(_("How you like to travel"), ("style", "interests", "arrange", "budget", "currency")),
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

    destinations = places(_("Places you want to see"), Required(_("Enter at least one place")))
    dates = one_of(_("Dates"), DATES, _("Choose whether you know the dates"), default="exact")
    starts_on = day(_("First day"), Required(_("Enter the first day")), name=_("the first day"))
    ends_on = day(_("Last day"), Required(_("Enter the last day")), name=_("the last day"))
    travel_month = month(_("In which month?"), Required(_("Enter the month in which you would like to go")))
    length = number(_("For how many days?"), 1, 180, _("the number of days"))
    adults = number(_("Adults"), 1, 100, _("the number of adults"), default=2)
    children = number(
        _("Children"), 0, 50, _("the number of children"), default=0, hint=_("Younger than 18.")
    )
    style = menu(_("Pace"), STYLES, _("Choose a pace from the list"), Settled(), default="balanced")
    interests = some_of(_("What draws you?"), INTERESTS)
    arrange = some_of(_("What should we arrange?"), ARRANGE)
    budget = number(_("Budget for the whole tour"), 1, MOST, _("the budget"), optional=True)
    currency = menu(
        _("Currency"), currencies, _("Choose a currency from the list"), Settled(), default=HOME_CURRENCY
    )

    def check(self) -> None:
        """The tour lies ahead and ends after it starts."""
        super().check()
        self.check_day("starts_on", _("The first day"), HOME_ZONE)
        self.check_day("ends_on", _("The last day"), HOME_ZONE)
        self.check_month("travel_month", HOME_ZONE)
        self.check_order("starts_on", "ends_on", _("Enter a last day that is not before the first"))

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
