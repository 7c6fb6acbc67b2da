"""Who asks, and how to reach them: the questions that every booking form ends with."""

from __future__ import annotations

import pycountry

from roamio_web.formatters import country as country_name
from roamio_web.forms.booking import Answers, BookingForm, Group
from roamio_web.forms.fields import EmailField, e164
from roamio_web.forms.questions import WIDE, line, menu, note, one_of
from roamio_web.forms.rules import Longest, Required, Settled

HOME_COUNTRY = "IN"
COUNTRIES: tuple[tuple[str, str], ...] = (
    (HOME_COUNTRY, country_name(HOME_COUNTRY)),
    *sorted(
        ((each.alpha_2, country_name(each.alpha_2)) for each in pycountry.countries if each.alpha_2 != "IN"),
        key=lambda choice: choice[1].replace("Å", "A"),
    ),
)
"""ISO 3166, India first."""
LONGEST_EMAIL = 254
PHONE_SENTENCE = "Enter a phone number we can ring, with its country code, like +91 98100 12345"
NOTES = Group("Anything else", ("notes",))
CONTACT = Group(
    "How we reach you",
    ("name", "email", "country", "phone", "reach_by"),
    "Only the people who arrange this for you see it.",
)


class ContactForm(BookingForm):
    """A booking form with the contact's questions and a place for notes."""

    notes = note("Notes", hint="Stops on the way, an early breakfast, somebody to greet by name.")
    name = line("Full name", Required("Enter your full name"), autocomplete="name")
    email = EmailField(
        "Email",
        [Required("Enter your email address"), Longest(LONGEST_EMAIL)],
        sentence="Enter an email address like name@example.com",
        render_kw={
            "class": WIDE,
            "type": "email",
            "inputmode": "email",
            "autocomplete": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
    country = menu(
        "Country you live in",
        COUNTRIES,
        "Choose your country from the list",
        Settled(),
        default=HOME_COUNTRY,
        autocomplete="country",
    )
    phone = line(
        "Phone",
        Required("Enter your phone number"),
        hint="With its country code if it is from another country.",
        type="tel",
        inputmode="tel",
        autocomplete="tel",
    )
    reach_by = one_of(
        "How should we reach you?",
        (("whatsapp", "WhatsApp"), ("phone", "Phone call"), ("email", "Email")),
        "Choose WhatsApp, phone call or email",
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
