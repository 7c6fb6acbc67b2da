"""Booking a cab."""

from __future__ import annotations

from datetime import datetime, timedelta

from roamio_web.forms.booking import Answers, BookingForm, Group, When
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import FURTHEST, zones
from roamio_web.forms.questions import clock, day, line, menu, number, one_of, tick
from roamio_web.forms.rules import Required, Settled
from roamio_web.languages import gettext
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion
from roamio_web.models.values import HOME_ZONE

TRIPS = (
    ("one_way", _("One way")),
    ("round_trip", _("Round trip")),
    ("hourly", _("By the hour")),
    ("airport", _("To or from an airport")),
)
VEHICLES = (
    ("hatchback", _("Hatchback: up to 4 people")),
    ("sedan", _("Sedan: up to 4 people, more luggage")),
    ("suv", _("SUV: up to 6 people")),
    ("tempo_traveller", _("Tempo traveller: up to 12 people")),
    ("bus", _("Bus: up to 50 people")),
)


def fail_late_pickup(form: BookingForm, starts_at: datetime, day_name: str, time_name: str) -> None:
    """Say that the pick-up lies behind, beside the answer that has to be another one."""
    local = form.now.astimezone(starts_at.tzinfo)
    form.fail(
        day_name if starts_at.date() < local.date() else time_name,
        gettext("Enter a pick-up in the future: it is %(time)s there now", time=f"{local:%H:%M}"),
    )


class CabForm(ContactForm):
    """Book a cab."""

    purpose = Purpose.CAB
    groups = (
        Group(_("Your ride"), ("trip", "pickup_place", "dropoff_place")),
        Group(
            _("When we pick you up"),
            ("pickup_date", "pickup_time", "time_zone", "return_date", "return_time", "hours"),
        ),
        Group(_("Who travels"), ("flight_number", "passengers", "luggage", "vehicle", "child_seat")),
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

    trip = one_of(_("What kind of ride?"), TRIPS, _("Choose the kind of ride"), default="one_way")
    pickup_place = line(
        _("Pick-up place"),
        Required(_("Enter the place where we pick you up")),
        hint=_("An address, a hotel, or an airport and its terminal."),
    )
    dropoff_place = line(_("Drop-off place"), Required(_("Enter the place where you want to go")))
    pickup_date = day(_("Pick-up date"), Required(_("Enter the pick-up date")), name=_("the pick-up date"))
    pickup_time = clock(_("Pick-up time"), Required(_("Enter the pick-up time")), name=_("the pick-up time"))
    time_zone = menu(
        _("Clock at the pick-up place"),
        zones,
        _("Choose the pick-up place’s clock from the list"),
        Settled(),
        hint=_("The time above is by this clock."),
        default=HOME_ZONE,
    )
    return_date = day(_("Return date"), Required(_("Enter the return date")), name=_("the return date"))
    return_time = clock(_("Return time"), Required(_("Enter the return time")), name=_("the return time"))
    hours = number(_("For how many hours?"), 1, 24, _("the hours"))
    flight_number = line(
        _("Flight number"), hint=_("Like AI 302. We follow the flight and wait if it is late.")
    )
    passengers = number(_("Passengers"), 1, 50, _("the number of passengers"), default=1)
    luggage = number(_("Pieces of luggage"), 0, 100, _("the pieces of luggage"), default=1)
    vehicle = menu(_("Vehicle"), VEHICLES, _("Choose a vehicle from the list"), Settled(), default="sedan")
    child_seat = tick(_("We need a child seat"))

    def check(self) -> None:
        """The pick-up lies ahead and the return lies after it."""
        super().check()
        starts_at, returns_at = self.starts_at, self.returns_at
        if starts_at and starts_at < self.now:
            fail_late_pickup(self, starts_at, "pickup_date", "pickup_time")
        elif starts_at and starts_at > self.now + FURTHEST:
            self.fail("pickup_date", _("Enter a pick-up date within the next two years"))
        if starts_at and returns_at and returns_at <= starts_at:
            name = "return_date" if returns_at.date() < starts_at.date() else "return_time"
            self.fail(name, _("Enter a return that is after the pick-up"))
        elif returns_at and returns_at > self.now + FURTHEST:
            self.fail("return_date", _("Enter a return date within the next two years"))

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
