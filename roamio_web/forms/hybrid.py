"""Planning several things at once; what they share is asked once."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group, When
from roamio_web.forms.cab import VEHICLES
from roamio_web.forms.contact import CONTACT, NOTES
from roamio_web.forms.health import HealthForm
from roamio_web.forms.hotel import MEALS, STARS
from roamio_web.forms.moments import HOME_ZONE, on_days
from roamio_web.forms.money import CURRENCIES, HOME_CURRENCY, MOST
from roamio_web.forms.questions import day, line, menu, number, some_of
from roamio_web.forms.rules import AtLeast, Required, Settled
from roamio_web.forms.tourism import INTERESTS, STYLES
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion

PARTS = (("cab", "Cab"), ("hotel", "Hotel"), ("tourism", "Tour"), ("medical", "Medical treatment"))
CAB, HOTEL, TOUR, TREATMENT = (When("parts", (part,)) for part, _ in PARTS)


class HybridForm(HealthForm):
    """Plan several things at once."""

    purpose = Purpose.HYBRID
    groups = (
        Group("What to arrange", ("parts", "destinations")),
        Group("When", ("starts_on", "ends_on")),
        Group("Who travels", ("adults", "children")),
        Group("The cab", ("pickup_place", "vehicle")),
        Group("The hotel", ("rooms", "stars", "meals")),
        Group("The tour", ("style", "interests")),
        Group("The treatment", ("speciality", "need", "consent")),
        Group("What it may cost", ("budget", "currency")),
        NOTES,
        CONTACT,
    )
    conditions = {  # noqa: RUF012 - declared once, never changed
        **dict.fromkeys(("pickup_place", "vehicle"), CAB),
        **dict.fromkeys(("rooms", "stars", "meals"), HOTEL),
        **dict.fromkeys(("style", "interests"), TOUR),
        **dict.fromkeys(("speciality", "need", "consent"), TREATMENT),
    }
    belongs_to = {"currency": "budget"}  # noqa: RUF012 - declared once, never changed

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
    pickup_place = line(
        "Where should the cab meet you?",
        Required("Enter the place where the cab meets you"),
        hint="An airport and its terminal, a station, an address.",
    )
    vehicle = menu("Vehicle", VEHICLES, "Choose a vehicle from the list", Settled(), default="sedan")
    rooms = number("Rooms", 1, 50, "the number of rooms", default=1)
    stars = menu("Stars", STARS, "Choose the stars from the list", Settled())
    meals = menu("Meals", MEALS, "Choose the meals from the list", Settled(), default="breakfast")
    style = menu("Pace", STYLES, "Choose a pace from the list", Settled(), default="balanced")
    interests = some_of("What draws you?", INTERESTS)
    budget = number("Budget for the whole journey", 1, MOST, "the budget", optional=True)
    currency = menu(
        "Currency", CURRENCIES, "Choose a currency from the list", Settled(), default=HOME_CURRENCY
    )

    def check(self) -> None:
        """The journey lies ahead and ends after it starts."""
        super().check()
        self.check_day("starts_on", "The first day", HOME_ZONE)
        self.check_day("ends_on", "The last day", HOME_ZONE)
        self.check_order("starts_on", "ends_on", "Enter a last day that is not before the first")

    def occasion(self) -> Occasion | None:
        return self.days("starts_on", "ends_on")

    def details(self) -> Answers:
        return {
            **self.common(),
            **({"health": self.health()} if self.applies("need") else {}),
            **on_days(self.starts_on.data, self.ends_on.data),
            **self.answers("parts", "destinations", "starts_on", "ends_on", "adults", "children"),
            **self.answers("pickup_place", "vehicle", "rooms", "stars", "meals", "style", "interests"),
            **self.answers("budget", "currency"),
        }
