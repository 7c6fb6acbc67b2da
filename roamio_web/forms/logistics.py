"""Sending something."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import HOME_ZONE, on_days
from roamio_web.forms.money import CURRENCIES, HOME_CURRENCY, MOST
from roamio_web.forms.questions import day, line, menu, number, tick
from roamio_web.forms.rules import Required, Settled
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion


class LogisticsForm(ContactForm):
    """Send something."""

    purpose = Purpose.LOGISTICS
    groups = (
        Group("From and to", ("pickup_place", "dropoff_place", "pickup_date")),
        Group("What is sent", ("goods", "pieces", "weight", "size")),
        Group("Its worth", ("value", "currency", "insurance")),
        NOTES,
        CONTACT,
    )
    belongs_to = {"currency": "value"}  # noqa: RUF012 - declared once, never changed

    pickup_place = line(
        "Collect from", Required("Enter the place where we collect"), hint="City and area will do."
    )
    dropoff_place = line("Deliver to", Required("Enter the place where we deliver"))
    pickup_date = day("Pick-up date", Required("Enter the pick-up date"), name="the pick-up date")
    goods = line("What is it?", Required("Enter what is sent"), hint="Like books, a wheelchair, a household.")
    pieces = number("Pieces", 1, 10_000, "the number of pieces", default=1)
    weight = number(
        "Weight in kilograms, all together", 1, 100_000, "the weight in kilograms", hint="Rounded up."
    )
    size = line("Size of the largest piece", hint="Like 60 × 40 × 40 cm.")
    value = number("Worth", 1, MOST, "what it is worth", optional=True)
    currency = menu(
        "Currency", CURRENCIES, "Choose a currency from the list", Settled(), default=HOME_CURRENCY
    )
    insurance = tick("Insure it")

    def check(self) -> None:
        """The pick-up lies ahead, and what is insured has a worth."""
        super().check()
        self.check_day("pickup_date", "The pick-up date", HOME_ZONE)
        if self.insurance.data and self.answer("value") is None:
            self.fail("value", "Enter what it is worth, so that we can insure it")

    def occasion(self) -> Occasion | None:
        return self.days("pickup_date", "pickup_date")

    def details(self) -> Answers:
        return {
            **self.common(),
            **on_days(self.pickup_date.data),
            **self.answers(
                "pickup_place", "dropoff_place", "pickup_date", "goods", "pieces", "weight", "size"
            ),
            **self.answers("value", "currency", "insurance"),
        }
