"""Booking a cab."""

from __future__ import annotations

from datetime import datetime, timedelta

from roamio_web.forms.booking import Answers, Group, When
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import FURTHEST, HOME_ZONE, ZONES
from roamio_web.forms.questions import clock, day, line, menu, number, one_of, tick
from roamio_web.forms.rules import Required, Settled
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion

TRIPS = (
    ("one_way", "One way"),
    ("round_trip", "Round trip"),
    ("hourly", "By the hour"),
    ("airport", "To or from an airport"),
)
VEHICLES = (
    ("hatchback", "Hatchback: up to 4 people"),
    ("sedan", "Sedan: up to 4 people, more luggage"),
    ("suv", "SUV: up to 6 people"),
    ("tempo_traveller", "Tempo traveller: up to 12 people"),
    ("bus", "Bus: up to 50 people"),
)


class CabForm(ContactForm):
    """Book a cab."""

    purpose = Purpose.CAB
    groups = (
        Group("Your ride", ("trip", "pickup_place", "dropoff_place")),
        Group(
            "When we pick you up",
            ("pickup_date", "pickup_time", "time_zone", "return_date", "return_time", "hours"),
        ),
        Group("Who travels", ("flight_number", "passengers", "luggage", "vehicle", "child_seat")),
        NOTES,
        CONTACT,
    )
    conditions = {  # noqa: RUF012 - declared once, never changed
        "dropoff_place": When("trip", ("one_way", "round_trip", "airport")),
        "return_date": When("trip", ("round_trip",)),
        "return_time": When("trip", ("round_trip",)),
        "hours": When("trip", ("hourly",)),
        "flight_number": When("trip", ("airport",)),
    }

    trip = one_of("What kind of ride?", TRIPS, "Choose the kind of ride", default="one_way")
    pickup_place = line(
        "Pick-up place",
        Required("Enter the place where we pick you up"),
        hint="An address, a hotel, or an airport and its terminal.",
    )
    dropoff_place = line("Drop-off place", Required("Enter the place where you want to go"))
    pickup_date = day("Pick-up date", Required("Enter the pick-up date"), name="the pick-up date")
    pickup_time = clock("Pick-up time", Required("Enter the pick-up time"), name="the pick-up time")
    time_zone = menu(
        "Clock at the pick-up place",
        ZONES,
        "Choose the pick-up place’s clock from the list",
        Settled(),
        hint="The time above is by this clock.",
        default=HOME_ZONE,
    )
    return_date = day("Return date", Required("Enter the return date"), name="the return date")
    return_time = clock("Return time", Required("Enter the return time"), name="the return time")
    hours = number("For how many hours?", 1, 24, "the hours")
    flight_number = line("Flight number", hint="Like AI 302. We follow the flight and wait if it is late.")
    passengers = number("Passengers", 1, 50, "the number of passengers", default=1)
    luggage = number("Pieces of luggage", 0, 100, "the pieces of luggage", default=1)
    vehicle = menu("Vehicle", VEHICLES, "Choose a vehicle from the list", Settled(), default="sedan")
    child_seat = tick("We need a child seat")

    def check(self) -> None:
        """The pick-up lies ahead and the return lies after it."""
        super().check()
        starts_at, returns_at = self.starts_at, self.returns_at
        if starts_at and starts_at < self.now:
            local = self.now.astimezone(starts_at.tzinfo)
            name = "pickup_date" if starts_at.date() < local.date() else "pickup_time"
            self.fail(name, f"Enter a pick-up in the future: it is {local:%H:%M} there now")
        elif starts_at and starts_at > self.now + FURTHEST:
            self.fail("pickup_date", "Enter a pick-up date within the next two years")
        if starts_at and returns_at and returns_at <= starts_at:
            name = "return_date" if returns_at.date() < starts_at.date() else "return_time"
            self.fail(name, "Enter a return that is after the pick-up")
        elif returns_at and returns_at > self.now + FURTHEST:
            self.fail("return_date", "Enter a return date within the next two years")

    @property
    def starts_at(self) -> datetime | None:
        """When the pick-up is."""
        return self.moment_of("pickup_date", "pickup_time", "time_zone")

    @property
    def returns_at(self) -> datetime | None:
        """When a round trip comes back, by the same clock."""
        return self.moment_of("return_date", "return_time", "time_zone")

    def occasion(self) -> Occasion | None:
        starts_at = self.starts_at
        return (
            Occasion(starts_at, starts_at + timedelta(hours=self.answer("hours") or 1)) if starts_at else None
        )

    def details(self) -> Answers:
        moments = {"starts_at": self.starts_at, "returns_at": self.returns_at}
        return {
            **self.common(),
            **{name: moment.isoformat() for name, moment in moments.items() if moment},
            **self.answers("trip", "pickup_place", "dropoff_place", "time_zone", "hours", "flight_number"),
            **self.answers("passengers", "luggage", "vehicle", "child_seat"),
        }
