"""The eight ways to book, in the words and the order in which the site offers them."""

from __future__ import annotations

from dataclasses import dataclass

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
        "Cab",
        "Book a cab",
        "Airport rides, day hires and trips between cities, with a driver we know.",
        "car",
        "Book this cab",
        "We confirm the car and send you the driver’s name and number, usually within the hour.",
    ),
    Offer(
        Purpose.HOTEL,
        "Hotel",
        "Ask for a hotel",
        "Tell us the city and the nights. We send a short list that fits, not a thousand results.",
        "hotel",
        "Ask for hotels",
        "We send you two or three hotels with their prices, usually within four hours.",
    ),
    Offer(
        Purpose.TOURISM,
        "Tour",
        "Plan a tour",
        "A route through India at your own pace: stays, cars and guides in one plan.",
        "mountain",
        "Ask for a route",
        "A planner writes to you with a first route within one working day.",
    ),
    Offer(
        Purpose.MEDICAL,
        "Medical trip",
        "Plan a medical trip",
        "Doctors, dates, visa letter, stay and recovery, looked after by one person.",
        "heart",
        "Ask for a coordinator",
        "A care coordinator contacts you, usually within four hours.",
    ),
    Offer(
        Purpose.HYBRID,
        "Several at once",
        "Plan several things at once",
        "Cab, hotel, tour and treatment together, asked once and arranged as one journey.",
        "layers",
        "Send the whole plan",
        "One person takes on the whole journey and contacts you within one working day.",
    ),
    Offer(
        Purpose.NRI,
        "NRI services",
        "Ask for help at home in India",
        "Property, documents, elder care and banking, done for you while you live abroad.",
        "home",
        "Ask for help",
        "We call at the time you asked for, within one working day.",
    ),
    Offer(
        Purpose.LOGISTICS,
        "Logistics",
        "Send something",
        "Parcels, household goods and medical equipment, door to door, in India and beyond.",
        "box",
        "Ask for a price",
        "We send you a price and a pick-up time, usually within four hours.",
    ),
    Offer(
        Purpose.SERVICE,
        "Something else",
        "Ask for something else",
        "An interpreter, a SIM card, a wheelchair at the gate. If it helps you travel, ask.",
        "bell",
        "Send the request",
        "We answer within one working day.",
    ),
)
BY_SLUG = {offer.slug: offer for offer in OFFERS}
