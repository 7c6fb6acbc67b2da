"""Sending something."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group
from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.forms.moments import on_days
from roamio_web.forms.money import HOME_CURRENCY, MOST, currencies
from roamio_web.forms.questions import day, line, menu, number, tick
from roamio_web.forms.rules import Required, Settled
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion
from roamio_web.models.values import HOME_ZONE


class LogisticsForm(ContactForm):
    """Send something."""

    purpose = Purpose.LOGISTICS
    groups = (
        Group(_("From and to"), ("pickup_place", "dropoff_place", "pickup_date")),
        Group(_("What is sent"), ("goods", "pieces", "weight", "size")),
        Group(_("Its worth"), ("value", "currency", "insurance")),
        NOTES,
        CONTACT,
    )
    belongs_to = {"currency": "value"}  # noqa: RUF012 - declared once, never changed

    pickup_place = line(
        _("Collect from"), Required(_("Enter the place where we collect")), hint=_("City and area will do.")
    )
    dropoff_place = line(_("Deliver to"), Required(_("Enter the place where we deliver")))
    pickup_date = day(_("Pick-up date"), Required(_("Enter the pick-up date")), name=_("the pick-up date"))
    goods = line(
        _("What is it?"), Required(_("Enter what is sent")), hint=_("Like books, a wheelchair, a household.")
    )
    pieces = number(_("Pieces"), 1, 10_000, _("the number of pieces"), default=1)
    weight = number(
        _("Weight in kilograms, all together"),
        1,
        100_000,
        _("the weight in kilograms"),
        hint=_("Rounded up."),
    )
    size = line(_("Size of the largest piece"), hint=_("Like 60 × 40 × 40 cm."))
    value = number(_("Worth"), 1, MOST, _("what it is worth"), optional=True)
    currency = menu(
        _("Currency"), currencies, _("Choose a currency from the list"), Settled(), default=HOME_CURRENCY
    )
    insurance = tick(_("Insure it"))

    def check(self) -> None:
        """The pick-up lies ahead, and what is insured has a worth."""
        super().check()
        self.check_day("pickup_date", _("The pick-up date"), HOME_ZONE)
        if self.insurance.data and self.answer("value") is None:
            self.fail("value", _("Enter what it is worth, so that we can insure it"))

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
