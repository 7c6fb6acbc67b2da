"""The eight ways to book, in the words and the order in which the site offers them."""

from __future__ import annotations

from dataclasses import dataclass

from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose


@dataclass(frozen=True)
class Offer:
    """What the site says of one purpose."""

    purpose: Purpose
    title: str
    heading: str
    summary: str
    icon: str
    action: str
    """What the button says."""
    next_step: str
    """What a person does with it first, and how soon; the confirmation says so."""

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return self.purpose.value


OFFERS: tuple[Offer, ...] = (
    Offer(
        Purpose.CAB,
        _("Cab"),
        _("Book a cab"),
        _("Airport rides, day hires and trips between cities, with a driver we know."),
        "car",
        _("Book this cab"),
        _("We confirm the car and send you the driver’s name and number, usually within the hour."),
    ),
    Offer(
        Purpose.HOTEL,
        _("Hotel"),
        _("Ask for a hotel"),
        _("Tell us the city and the nights. We send a short list that fits, not a thousand results."),
        "hotel",
        _("Ask for hotels"),
        _("We send you two or three hotels with their prices, usually within four hours."),
    ),
    Offer(
        Purpose.TOURISM,
        _("Tour"),
        _("Plan a tour"),
        _("A route through India at your own pace: stays, cars and guides in one plan."),
        "mountain",
        _("Ask for a route"),
        _("A planner writes to you with a first route within one working day."),
    ),
    Offer(
        Purpose.MEDICAL,
        _("Medical trip"),
        _("Plan a medical trip"),
        _("Doctors, dates, visa letter, stay and recovery, looked after by one person."),
        "heart",
        _("Ask for a coordinator"),
        _("A care coordinator contacts you, usually within four hours."),
    ),
    Offer(
        Purpose.HYBRID,
        _("Several at once"),
        _("Plan several things at once"),
        _("Cab, hotel, tour and treatment together, asked once and arranged as one journey."),
        "layers",
        _("Send the whole plan"),
        _("One person takes on the whole journey and contacts you within one working day."),
    ),
    Offer(
        Purpose.NRI,
        _("NRI services"),
        _("Ask for help at home in India"),
        _("Property, documents, elder care and banking, done for you while you live abroad."),
        "home",
        _("Ask for help"),
        _("We call at the time you asked for, within one working day."),
    ),
    Offer(
        Purpose.LOGISTICS,
        _("Logistics"),
        _("Send something"),
        _("Parcels, household goods and medical equipment, door to door, in India and beyond."),
        "box",
        _("Ask for a price"),
        _("We send you a price and a pick-up time, usually within four hours."),
    ),
    Offer(
        Purpose.SERVICE,
        _("Something else"),
        _("Ask for something else"),
        _("An interpreter, a SIM card, a wheelchair at the gate. If it helps you travel, ask."),
        "bell",
        _("Send the request"),
        _("We answer within one working day."),
    ),
)
BY_SLUG = {offer.slug: offer for offer in OFFERS}
