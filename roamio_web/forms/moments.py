"""A day and a time by the clock of some place, made into one moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME_ZONE = "Asia/Kolkata"
FURTHEST = timedelta(days=2 * 365)
ZONES: tuple[tuple[str, str], ...] = (
    ("Asia/Kolkata", "India"),
    ("Asia/Kabul", "Afghanistan"),
    ("America/Argentina/Buenos_Aires", "Argentina"),
    ("Australia/Adelaide", "Australia: Adelaide"),
    ("Australia/Brisbane", "Australia: Brisbane"),
    ("Australia/Perth", "Australia: Perth"),
    ("Australia/Sydney", "Australia: Sydney, Melbourne"),
    ("Asia/Bahrain", "Bahrain"),
    ("Asia/Dhaka", "Bangladesh"),
    ("Asia/Thimphu", "Bhutan"),
    ("America/Sao_Paulo", "Brazil: São Paulo"),
    ("America/Halifax", "Canada: Halifax"),
    ("America/Toronto", "Canada: Toronto"),
    ("America/Vancouver", "Canada: Vancouver"),
    ("Asia/Shanghai", "China"),
    ("Africa/Cairo", "Egypt"),
    ("Africa/Addis_Ababa", "Ethiopia"),
    ("Europe/Paris", "Europe: Paris, Berlin, Rome"),
    ("Europe/Athens", "Europe: Athens, Helsinki"),
    ("Europe/Lisbon", "Europe: Lisbon"),
    ("Pacific/Fiji", "Fiji"),
    ("Africa/Accra", "Ghana"),
    ("Asia/Hong_Kong", "Hong Kong"),
    ("Asia/Jakarta", "Indonesia: Jakarta"),
    ("Asia/Tehran", "Iran"),
    ("Asia/Baghdad", "Iraq"),
    ("Europe/Dublin", "Ireland"),
    ("Asia/Jerusalem", "Israel"),
    ("Asia/Tokyo", "Japan"),
    ("Africa/Nairobi", "Kenya, Tanzania, Uganda"),
    ("Asia/Kuwait", "Kuwait"),
    ("Asia/Kuala_Lumpur", "Malaysia"),
    ("Indian/Maldives", "Maldives"),
    ("Indian/Mauritius", "Mauritius"),
    ("America/Mexico_City", "Mexico: Mexico City"),
    ("Asia/Yangon", "Myanmar"),
    ("Asia/Kathmandu", "Nepal"),
    ("Pacific/Auckland", "New Zealand"),
    ("Africa/Lagos", "Nigeria"),
    ("Asia/Muscat", "Oman"),
    ("Asia/Karachi", "Pakistan"),
    ("Asia/Manila", "Philippines"),
    ("Asia/Qatar", "Qatar"),
    ("Europe/Moscow", "Russia: Moscow"),
    ("Asia/Riyadh", "Saudi Arabia"),
    ("Asia/Singapore", "Singapore"),
    ("Africa/Johannesburg", "South Africa"),
    ("Asia/Seoul", "South Korea"),
    ("Asia/Colombo", "Sri Lanka"),
    ("Asia/Bangkok", "Thailand, Vietnam"),
    ("Europe/Istanbul", "Türkiye"),
    ("Asia/Dubai", "United Arab Emirates"),
    ("Europe/London", "United Kingdom"),
    ("America/New_York", "United States: Eastern"),
    ("America/Chicago", "United States: Central"),
    ("America/Denver", "United States: Mountain"),
    ("America/Phoenix", "United States: Arizona"),
    ("America/Los_Angeles", "United States: Pacific"),
    ("America/Anchorage", "United States: Alaska"),
    ("Pacific/Honolulu", "United States: Hawaii"),
    ("Asia/Tashkent", "Uzbekistan"),
    ("UTC", "UTC"),
)
"""The clocks that a traveller can choose from, home first."""
PLACES = dict(ZONES)


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
