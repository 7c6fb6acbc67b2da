"""Planning several things at once; what they share is asked once."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group, When
from roamio_web.forms.cab import VEHICLES, CabForm, fail_late_pickup
from roamio_web.forms.children import WITH_CHILDREN, FamilyForm
from roamio_web.forms.contact import CONTACT, NOTES
from roamio_web.forms.health import ABOUT_THE_PATIENT, PATIENT, HealthForm
from roamio_web.forms.hotel import MEALS, STARS
from roamio_web.forms.moments import moment, on_days
from roamio_web.forms.money import HOME_CURRENCY, MOST, currencies
from roamio_web.forms.questions import clock, day, line, menu, number, places, some_of
from roamio_web.forms.rules import AtLeast, Required, Settled
from roamio_web.forms.tourism import INTERESTS, STYLES
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion
from roamio_web.models.values import HOME_ZONE

PARTS = (
    ("cab", _("Cab")),
    ("hotel", _("Hotel")),
    ("tourism", _("Tour")),
    ("medical", _("Medical treatment")),
)
CAB, HOTEL, TOUR, TREATMENT = (When("parts", (part,)) for part, _ in PARTS)


class HybridForm(HealthForm, FamilyForm):
    """Plan several things at once."""

    purpose = Purpose.HYBRID
    groups = (
        Group(_("What to arrange"), ("parts", "destinations")),
        Group(_("When"), ("starts_on", "ends_on")),
        Group(_("Who travels"), ("adults", "children", "child_ages")),
        Group(_("The cab"), ("pickup_place", "dropoff_place", "pickup_time", "vehicle")),
        Group(_("The hotel"), ("rooms", "stars", "meals")),
        Group(_("The tour"), ("style", "interests")),
        Group(_("The treatment"), (*PATIENT, "speciality", "need", "consent")),
        Group(_("What it may cost"), ("budget", "currency")),
        NOTES,
        CONTACT,
    )
    conditions = {  # noqa: RUF012 - declared once, never changed
        "child_ages": WITH_CHILDREN,
        **dict.fromkeys(("pickup_place", "dropoff_place", "pickup_time", "vehicle"), CAB),
        **dict.fromkeys(("rooms", "stars", "meals"), HOTEL),
        **dict.fromkeys(("style", "interests"), TOUR),
        **dict.fromkeys(("patient", "speciality", "need", "consent"), TREATMENT),
        **ABOUT_THE_PATIENT,
    }
    belongs_to = {"currency": "budget"}  # noqa: RUF012 - declared once, never changed

    parts = some_of(
        _("What should the journey have?"),
        PARTS,
        AtLeast(2, _("Choose two or more; for a single one use its own form")),
    )
    destinations = places(_("Where to?"), Required(_("Enter where you want to go")))
    starts_on = day(_("First day"), Required(_("Enter the first day")), name=_("the first day"))
    ends_on = day(_("Last day"), Required(_("Enter the last day")), name=_("the last day"))
    adults = number(_("Adults"), 1, 100, _("the number of adults"), default=2)
    pickup_place = line(
        _("Where should the cab meet you?"),
        Required(_("Enter the place where the cab meets you")),
        hint=_("An airport and its terminal, a station, an address."),
    )
    dropoff_place = CabForm.dropoff_place
    pickup_time = clock(
        _("Pick-up time on the first day"),
        Required(_("Enter the pick-up time")),
        name=_("the pick-up time"),
        hint=_("By the clock in India."),
    )
    vehicle = menu(_("Vehicle"), VEHICLES, _("Choose a vehicle from the list"), Settled(), default="sedan")
    rooms = number(_("Rooms"), 1, 50, _("the number of rooms"), default=1)
    stars = menu(_("Stars"), STARS, _("Choose the stars from the list"), Settled())
    meals = menu(_("Meals"), MEALS, _("Choose the meals from the list"), Settled(), default="breakfast")
    style = menu(_("Pace"), STYLES, _("Choose a pace from the list"), Settled(), default="balanced")
    interests = some_of(_("What draws you?"), INTERESTS)
    budget = number(_("Budget for the whole journey"), 1, MOST, _("the budget"), optional=True)
    currency = menu(
        _("Currency"), currencies, _("Choose a currency from the list"), Settled(), default=HOME_CURRENCY
    )

    def check(self) -> None:
        """The journey lies ahead and ends after it starts."""
        super().check()
        self.check_day("starts_on", _("The first day"), HOME_ZONE)
        self.check_day("ends_on", _("The last day"), HOME_ZONE)
        self.check_order("starts_on", "ends_on", _("Enter a last day that is not before the first"))
        self.check_ages()
        if self.sound(["starts_on", "pickup_time"]):
            starts_at = moment(self.starts_on.data, self.pickup_time.data, HOME_ZONE)
            if starts_at < self.now:
                fail_late_pickup(self, starts_at, "starts_on", "pickup_time")

    def occasion(self) -> Occasion | None:
        return self.days("starts_on", "ends_on")

    def details(self) -> Answers:
        return {
            **self.common(),
            **on_days(self.starts_on.data, self.ends_on.data),
            **self.answers("parts", "destinations", "starts_on", "ends_on", "adults", "children"),
            **self.ages(),
            **self.answers("pickup_place", "dropoff_place", "pickup_time", "vehicle"),
            **self.answers("rooms", "stars", "meals", "style", "interests"),
            **self.answers("budget", "currency"),
        }
