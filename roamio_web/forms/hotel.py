"""Asking for a hotel."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, Group
from roamio_web.forms.children import WITH_CHILDREN, FamilyForm
from roamio_web.forms.contact import CONTACT, NOTES
from roamio_web.forms.moments import on_days
from roamio_web.forms.money import HOME_CURRENCY, MOST, currencies
from roamio_web.forms.questions import day, line, menu, note, number
from roamio_web.forms.rules import Required, Settled
from roamio_web.languages import gettext
from roamio_web.languages import lazy as _
from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion
from roamio_web.models.values import HOME_ZONE

LONGEST_STAY = 90
STARS = (("", _("Any")), ("3", _("3 stars or more")), ("4", _("4 stars or more")), ("5", _("5 stars")))
MEALS = (
    ("room_only", _("Room only")),
    ("breakfast", _("Breakfast")),
    ("half_board", _("Breakfast and dinner")),
    ("full_board", _("All meals")),
)


class HotelForm(FamilyForm):
    """Ask for a hotel."""

    purpose = Purpose.HOTEL
    groups = (
        Group(_("Where and when"), ("place", "check_in", "check_out")),
        Group(_("Who stays"), ("rooms", "adults", "children", "child_ages")),
        Group(_("What you like"), ("budget", "currency", "stars", "meals", "accessibility")),
        NOTES,
        CONTACT,
    )
    conditions = {  # noqa: RUF012 - declared once, never changed
        "child_ages": WITH_CHILDREN,
    }
    belongs_to = {"currency": "budget"}  # noqa: RUF012 - declared once, never changed

    place = line(
        _("City or hotel"),
        Required(_("Enter a city or a hotel")),
        hint=_("Like Jaipur, or Taj Fort Aguada, Goa."),
    )
    check_in = day(_("Check-in"), Required(_("Enter the check-in date")), name=_("the check-in date"))
    check_out = day(_("Check-out"), Required(_("Enter the check-out date")), name=_("the check-out date"))
    rooms = number(_("Rooms"), 1, 50, _("the number of rooms"), default=1)
    adults = number(_("Adults"), 1, 100, _("the number of adults"), default=2)
    budget = number(_("Budget for a night"), 1, MOST, _("the budget for a night"), optional=True)
    currency = menu(
        _("Currency"), currencies, _("Choose a currency from the list"), Settled(), default=HOME_CURRENCY
    )
    stars = menu(_("Stars"), STARS, _("Choose the stars from the list"), Settled())
    meals = menu(_("Meals"), MEALS, _("Choose the meals from the list"), Settled(), default="breakfast")
    accessibility = note(
        _("What does the room need?"),
        hint=_("Like step-free access, a roll-in shower, a low floor. There is no need to say why."),
    )

    def check(self) -> None:
        """The stay is ahead, ends after it starts, and every child has an age."""
        super().check()
        self.check_day("check_in", _("The check-in"), HOME_ZONE)
        if self.sound(["check_in", "check_out"]):
            nights = (self.check_out.data - self.check_in.data).days
            if nights < 1:
                self.fail("check_out", _("Enter a check-out that is after the check-in"))
            elif nights > LONGEST_STAY:
                self.fail(
                    "check_out",
                    gettext(
                        "Enter a check-out at most %(nights)s nights after the check-in", nights=LONGEST_STAY
                    ),
                )
        self.check_ages()

    def occasion(self) -> Occasion | None:
        return self.days("check_in", "check_out")

    def details(self) -> Answers:
        return {
            **self.common(),
            **on_days(self.check_in.data, self.check_out.data),
            **self.answers("place", "check_in", "check_out", "rooms", "adults", "children"),
            **self.ages(),
            **self.answers("budget", "currency", "stars", "meals", "accessibility"),
        }
