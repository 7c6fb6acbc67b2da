"""Who asks, and how to reach them: the questions that every booking form ends with."""

from __future__ import annotations

import pycountry

from roamio_web.formatters import country as country_name
from roamio_web.forms.booking import Answers, BookingForm, Group
from roamio_web.forms.fields import e164
from roamio_web.forms.options import OptionsByLanguage, Pairs
from roamio_web.forms.questions import line, mail_address, menu, note, one_of
from roamio_web.forms.rules import Required, Settled
from roamio_web.languages import Language, alphabetical
from roamio_web.languages import lazy as _

HOME_COUNTRY = "IN"
CODES = frozenset(str(each.alpha_2) for each in pycountry.countries)
"""ISO 3166."""


def countries_in(language: Language) -> Pairs:
    """India first, then all others by name."""
    names = {code: country_name(code, language) for code in CODES}
    others = sorted(CODES - {HOME_COUNTRY}, key=lambda code: alphabetical(names[code]))
    return tuple((code, names[code]) for code in (HOME_COUNTRY, *others))


countries = OptionsByLanguage(countries_in)
"""What a menu of countries offers."""
PHONE_SENTENCE = _("Enter a phone number we can ring, with its country code, like +91 98100 12345")
NOTES = Group(_("Anything else"), ("notes",))
CONTACT = Group(
    _("How we reach you"),
    ("name", "email", "country", "phone", "reach_by"),
    _("Only the people who arrange this for you see it."),
)


class ContactForm(BookingForm):
    """A booking form with the contact's questions and a place for notes."""

    notes = note(_("Notes"), hint=_("Stops on the way, an early breakfast, somebody to greet by name."))
    name = line(_("Full name"), Required(_("Enter your full name")), autocomplete="name")
    email = mail_address(
        _("Email"),
        Required(_("Enter your email address")),
        sentence=_("Enter an email address like name@example.com"),
        dir="ltr",
        autocomplete="email",
    )
    country = menu(
        _("Country you live in"),
        countries,
        _("Choose your country from the list"),
        Settled(),
        default=HOME_COUNTRY,
        autocomplete="country",
    )
    phone = line(
        _("Phone"),
        Required(_("Enter your phone number")),
        hint=_("With its country code if it is from another country."),
        type="tel",
        dir="ltr",
        inputmode="tel",
        autocomplete="tel",
    )
    reach_by = one_of(
        _("How should we reach you?"),
        (("whatsapp", _("WhatsApp")), ("phone", _("Phone call")), ("email", _("Email"))),
        _("Choose WhatsApp, phone call or email"),
        default="whatsapp",
    )

    def check(self) -> None:
        """The phone number exists, in the traveller's own country unless it says otherwise."""
        if self.sound(["country", "phone"]) and e164(self.phone.data or "", self.country.data) is None:
            self.fail("phone", PHONE_SENTENCE)

    def common(self) -> Answers:
        """What every booking's details hold: the contact, the notes, how to reach the person."""
        contact = {
            "name": self.name.data,
            "email": self.email.data,
            "phone": e164(self.phone.data or "", self.country.data),
            "country": self.country.data,
        }
        return {"contact": contact, **self.answers("reach_by", "notes")}
