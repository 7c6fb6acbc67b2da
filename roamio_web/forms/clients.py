"""What staff fill in on the clients pages: a search, and one client's details."""

from __future__ import annotations

from collections.abc import Callable

from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, SearchField
from wtforms.validators import UUID, Length, ValidationError

from roamio_web.formatters import country as country_name
from roamio_web.formatters import phone as phone_spelled
from roamio_web.forms.contact import PHONE_SENTENCE, countries_in
from roamio_web.forms.fields import EmailField, LineField, MenuField, e164
from roamio_web.forms.questions import line, mail_address, menu
from roamio_web.forms.rules import Required
from roamio_web.languages import ENGLISH
from roamio_web.models.booking_query import SEARCH_LENGTH
from roamio_web.models.client import Client
from roamio_web.models.client_query import ClientQuery

LONGEST_SEEN = 300
NAMES = {"name": "name", "email": "e-mail address", "phone": "phone number", "country": "country"}


class ClientSearch(Form):
    """Somebody looks for a client. A GET form: its answer is the page's address."""

    search = SearchField(
        "Search",
        render_kw={
            "placeholder": "Name, e-mail, phone",
            "maxlength": SEARCH_LENGTH,
            "autocomplete": "off",
            "spellcheck": "false",
        },
    )

    @classmethod
    def showing(cls, query: ClientQuery) -> ClientSearch:
        """The form as it stands for this query."""
        return cls(data=query.to_args())


class MergeForm(FlaskForm):  # type: ignore[misc]
    """An admin makes one client of two; ``gone`` is the one whose bookings go to the other."""

    gone = HiddenField(validators=[UUID("Choose the other client from the list")])


class ClientForm(FlaskForm):  # type: ignore[misc]
    """An admin corrects a client's details; ``seen_…`` is what the page showed of them."""

    name: LineField = line("Full name", Required("Enter the client’s full name"), autocomplete="off")
    email: EmailField = mail_address(
        "E-mail address", sentence="Enter an e-mail address like name@example.com", autocomplete="off"
    )
    country: MenuField = menu(
        "Country",
        (("", "Not known"), *countries_in(ENGLISH)),
        "Choose a country from the list",
        autocomplete="off",
    )
    phone: LineField = line(
        "Phone",
        hint="With its country code, unless it is from the country above.",
        type="tel",
        inputmode="tel",
        autocomplete="off",
    )
    seen_name = HiddenField(validators=[Length(max=LONGEST_SEEN)])
    seen_email = HiddenField(validators=[Length(max=LONGEST_SEEN)])
    seen_phone = HiddenField(validators=[Length(max=LONGEST_SEEN)])
    seen_country = HiddenField(validators=[Length(max=LONGEST_SEEN)])

    @classmethod
    def showing(cls, client: Client) -> ClientForm:
        """The form as it stands for this client, or as it was sent."""
        shown = {name: getattr(client, name) or "" for name in NAMES}
        seen = {f"seen_{name}": value for name, value in shown.items()}
        return cls(data={**shown, "phone": phone_spelled(client.phone), **seen})

    def seeing(self, client: Client) -> ClientForm:
        """The same answers, sent again they are for the client as it is now."""
        for name in NAMES:
            self[f"seen_{name}"].data = getattr(client, name) or ""
        return self

    def validate_phone(self, field: LineField) -> None:
        """The number exists, and there is a way to reach the client; the database holds to that, too."""
        if field.data and e164(field.data, self.country.data) is None:
            raise ValidationError(PHONE_SENTENCE)
        if not field.data and not self.email.data and not self.email.errors:
            raise ValidationError("Enter an e-mail address or a phone number")

    def wanted(self, client_id: str) -> Client:
        """The client as it is to be."""
        return Client(
            client_id,
            self.name.data or "",
            self.email.data or None,
            e164(self.phone.data or "", self.country.data),
            self.country.data or None,
        )

    def seen(self, client_id: str) -> Client:
        """The client as the page showed it."""
        return Client(
            client_id,
            self.seen_name.data or "",
            self.seen_email.data or None,
            self.seen_phone.data or None,
            self.seen_country.data or None,
        )

    def changes_until(self, client: Client) -> list[str]:
        """What became different since, in sentences."""
        spelled: dict[str, Callable[[str], str]] = {"phone": phone_spelled, "country": country_name}
        changes = []
        for name, called in NAMES.items():
            now = getattr(client, name) or ""
            if now != (self[f"seen_{name}"].data or ""):
                value = spelled.get(name, str)(now)
                changes.append(f"The {called} is {value} now." if now else f"The {called} is gone now.")
        return changes
