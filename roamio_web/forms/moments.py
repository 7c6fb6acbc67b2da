"""A day and a time by the clock of some place, made into one moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from roamio_web.forms.options import OptionsByLanguage, Pairs
from roamio_web.languages import ENGLISH, Language, alphabetical
from roamio_web.languages import lazy as _
from roamio_web.models.values import HOME_ZONE

FURTHEST = timedelta(days=2 * 365)
ZONES: tuple[tuple[str, str], ...] = (
    (HOME_ZONE, _("India")),
    ("Asia/Kabul", _("Afghanistan")),
    ("America/Argentina/Buenos_Aires", _("Argentina")),
    ("Australia/Adelaide", _("Australia: Adelaide")),
    ("Australia/Brisbane", _("Australia: Brisbane")),
    ("Australia/Perth", _("Australia: Perth")),
    ("Australia/Sydney", _("Australia: Sydney, Melbourne")),
    ("Asia/Bahrain", _("Bahrain")),
    ("Asia/Dhaka", _("Bangladesh")),
    ("Asia/Thimphu", _("Bhutan")),
    ("America/Sao_Paulo", _("Brazil: São Paulo")),
    ("America/Halifax", _("Canada: Halifax")),
    ("America/Toronto", _("Canada: Toronto")),
    ("America/Vancouver", _("Canada: Vancouver")),
    ("Asia/Shanghai", _("China")),
    ("Africa/Cairo", _("Egypt")),
    ("Africa/Addis_Ababa", _("Ethiopia")),
    ("Europe/Paris", _("Europe: Paris, Berlin, Rome")),
    ("Europe/Athens", _("Europe: Athens, Helsinki")),
    ("Europe/Lisbon", _("Europe: Lisbon")),
    ("Pacific/Fiji", _("Fiji")),
    ("Africa/Accra", _("Ghana")),
    ("Asia/Hong_Kong", _("Hong Kong")),
    ("Asia/Jakarta", _("Indonesia: Jakarta")),
    ("Asia/Tehran", _("Iran")),
    ("Asia/Baghdad", _("Iraq")),
    ("Europe/Dublin", _("Ireland")),
    ("Asia/Jerusalem", _("Israel")),
    ("Asia/Tokyo", _("Japan")),
    ("Africa/Nairobi", _("Kenya, Tanzania, Uganda")),
    ("Asia/Kuwait", _("Kuwait")),
    ("Asia/Kuala_Lumpur", _("Malaysia")),
    ("Indian/Maldives", _("Maldives")),
    ("Indian/Mauritius", _("Mauritius")),
    ("America/Mexico_City", _("Mexico: Mexico City")),
    ("Asia/Yangon", _("Myanmar")),
    ("Asia/Kathmandu", _("Nepal")),
    ("Pacific/Auckland", _("New Zealand")),
    ("Africa/Lagos", _("Nigeria")),
    ("Asia/Muscat", _("Oman")),
    ("Asia/Karachi", _("Pakistan")),
    ("Asia/Manila", _("Philippines")),
    ("Asia/Qatar", _("Qatar")),
    ("Europe/Moscow", _("Russia: Moscow")),
    ("Asia/Riyadh", _("Saudi Arabia")),
    ("Asia/Singapore", _("Singapore")),
    ("Africa/Johannesburg", _("South Africa")),
    ("Asia/Seoul", _("South Korea")),
    ("Asia/Colombo", _("Sri Lanka")),
    ("Asia/Bangkok", _("Thailand, Vietnam")),
    ("Europe/Istanbul", _("Türkiye")),
    ("Asia/Dubai", _("United Arab Emirates")),
    ("Europe/London", _("United Kingdom")),
    ("America/New_York", _("United States: Eastern")),
    ("America/Chicago", _("United States: Central")),
    ("America/Denver", _("United States: Mountain")),
    ("America/Phoenix", _("United States: Arizona")),
    ("America/Los_Angeles", _("United States: Pacific")),
    ("America/Anchorage", _("United States: Alaska")),
    ("Pacific/Honolulu", _("United States: Hawaii")),
    ("Asia/Tashkent", _("Uzbekistan")),
    ("UTC", "UTC"),
)
"""The clocks that a traveller can choose from, home first."""


def zones_in(language: Language) -> Pairs:
    """Home, then all others by the name that they have in the language that is being read."""
    home, *others = ((zone, str(name)) for zone, name in ZONES)
    return (
        home,
        *(others if language is ENGLISH else sorted(others, key=lambda each: alphabetical(each[1]))),
    )


zones = OptionsByLanguage(zones_in)
"""What a menu of clocks offers."""


def no_zone_yet(language: Language) -> Pairs:
    """The same, where nobody's clock can be guessed."""
    return (("", str(_("Choose one"))), *zones_in(language))


zones_to_choose = OptionsByLanguage(no_zone_yet)
"""What a menu of clocks offers to somebody who may be anywhere."""


class NoSuchTime(Exception):
    """The clocks skip that time; ``nearest`` is the same moment by the clock that has gone forward."""

    def __init__(self, nearest: time) -> None:
        super().__init__()
        self.nearest = nearest


def moment(on: date, at: time, zone: str) -> datetime:
    """The moment when the clocks of that zone show this day and time.

    A time that comes twice, when clocks go back, is taken for the first of the two: early beats late.

    :raise NoSuchTime: the clocks go forward and skip it.
    """
    place = ZoneInfo(zone)
    local = datetime.combine(on, at, tzinfo=place)
    back = local.astimezone(UTC).astimezone(place)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(back.timetz().replace(tzinfo=None))
    return local


def today(now: datetime, zone: str = HOME_ZONE) -> date:
    """Which day it is there."""
    return now.astimezone(ZoneInfo(zone)).date()


def month_of(on: date) -> str:
    """A day's month, like ``2027-03``: later months sort after earlier ones."""
    return on.isoformat()[: len("2027-03")]


def on_days(first: date | None, last: date | None = None) -> dict[str, str]:
    """What a booking's details say of when it is, where it has days and no time; nothing without a day."""
    days = {"starts_at": first, "ends_at": last}
    moments = {name: start_of(on).isoformat() for name, on in days.items() if on}
    return {**moments, "time_zone": HOME_ZONE} if moments else {}


def start_of(on: date, zone: str = HOME_ZONE) -> datetime:
    """The first moment of a day there; in a few zones that is not midnight."""
    try:
        return moment(on, time(0), zone)
    except NoSuchTime as skipped:
        return moment(on, skipped.nearest, zone)
