"""Jinja filters: how dates, phones, countries, statuses and references are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import phonenumbers
from babel.dates import format_skeleton
from babel.numbers import format_decimal
from flask import Flask

from roamio_web.languages import ENGLISH, Language, current_language
from roamio_web.models import reference
from roamio_web.models.values import HOME_ZONE, zone_of

COUNTRIES_KEPT = 1024  # every real one in three languages; what else is asked for comes from anybody
STEPS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
LABELS = {
    "nri": "NRI services",
    "tourism": "Tour",
    "medical": "Medical trip",
    "hybrid": "Several at once",
    "in_progress": "In progress",
}
EVERYDAY_NAMES = {
    "en": {
        "CD": "Congo (Kinshasa)",
        "CG": "Congo (Brazzaville)",
        "HK": "Hong Kong",
        "MM": "Myanmar",
        "MO": "Macao",
        "PS": "Palestine",
    },
    "hi": {"HK": "हाँगकाँग", "MM": "म्यांमार", "MO": "मकाओ", "PS": "फ़िलिस्तीन"},
    "ar": {"HK": "هونغ كونغ", "MM": "ميانمار", "MO": "ماكاو", "PS": "فلسطين"},
}
"""Countries for which Babel has a longer name than people use."""


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    filters: dict[str, Callable[..., str]] = {
        "ago": ago,
        "country": country,
        "day": day,
        "day_briefly": day_briefly,
        "label": label,
        "moment": moment,
        "moment_briefly": moment_briefly,
        "phone": phone,
        "reference": reference.display,
        "span": span,
        "zone": zone,
    }
    app.jinja_env.filters.update(filters)


def moment(value: datetime | str | None, zone: str | None = None) -> str:
    """``Sat 14 Mar 2026, 09:30`` by the clock of that time zone (India's when none is given)."""
    if not value:
        return ""
    local = _datetime(value).astimezone(zone_of(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def moment_briefly(value: datetime | str | None, zone: str | None = None, now: datetime | None = None) -> str:
    """``14 Mar, 09:30``: the same for a table, with the year where it isn't this one."""
    if not value:
        return ""
    local = _datetime(value).astimezone(zone_of(zone))
    this_year = (now or datetime.now(UTC)).astimezone(local.tzinfo).year == local.year
    return f"{local.day} {local:%b}{'' if this_year else f' {local:%Y}'}, {local:%H:%M}"


def day_briefly(value: datetime | str | None, zone: str | None = None, now: datetime | None = None) -> str:
    """``Sat 14 Mar``: a day for a table, with the year where it isn't this one."""
    if not value:
        return ""
    local = _datetime(value).astimezone(zone_of(zone))
    this_year = (now or datetime.now(UTC)).astimezone(local.tzinfo).year == local.year
    return f"{local:%a} {local.day} {local:%b}{'' if this_year else f' {local:%Y}'}"


def zone(value: datetime | str | None, name: str | None = None) -> str:
    """``India time (UTC+5:30)``: whose clock a moment was shown by."""
    if not value:
        return ""
    local = _datetime(value).astimezone(zone_of(name))
    ahead = int((local.utcoffset() or timedelta(0)).total_seconds()) // 60
    hours, minutes = divmod(abs(ahead), 60)
    offset = f"UTC{'-' if ahead < 0 else '+'}{hours}{f':{minutes:02d}' if minutes else ''}"
    place = (
        "India" if str(local.tzinfo) == HOME_ZONE else str(local.tzinfo).rpartition("/")[2].replace("_", " ")
    )
    return f"{place} time ({offset})"


def day(value: date | datetime | str | None, zone: str | None = None) -> str:
    """``Sat 14 Mar 2026``."""
    if not value:
        return ""
    if isinstance(value, str) and len(value) == len("2026-03-14"):
        value = date.fromisoformat(value)
    if isinstance(value, (str, datetime)):
        value = _datetime(value).astimezone(zone_of(zone)).date()
    language = current_language()
    if language is ENGLISH:
        return f"{value:%a} {value.day} {value:%b %Y}"
    return format_skeleton("yMMMEd", value, locale=language.locale)


def month(value: date) -> str:
    """``March 2026``."""
    return format_skeleton("yMMMM", value, locale=current_language().locale)


def ago(value: datetime | str | None, now: datetime | None = None) -> str:
    """``just now``, ``5 minutes ago``, ``in 2 days``: in the largest unit that fits."""
    if not value:
        return ""
    passed = (now or datetime.now(UTC)) - _datetime(value)
    for size, unit in STEPS:
        if abs(passed) >= size:
            count = int(abs(passed) / size)
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{words} ago" if passed > timedelta(0) else f"in {words}"
    return "just now" if passed >= timedelta(0) else "in a moment"


def span(seconds: float | None) -> str:
    """``45 s``, ``12 min``, ``3 h 20 min``, ``2 days 4 h``: how long something took, in two units at most."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} day{'' if days == 1 else 's'}{f' {hours} h' if hours else ''}"
    if hours:
        return f"{hours} h{f' {minutes} min' if minutes else ''}"
    return f"{minutes} min"


def counted(number: int) -> str:
    """``10,000``, as the language that is being read groups its digits."""
    return format_decimal(number, locale=current_language().locale)


def phone(value: str | None) -> str:
    """An E.164 number in its international spelling, or as it is if it is none."""
    if not value:
        return ""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def label(value: str | None) -> str:
    """A closed list's value as a person reads it: ``in_progress`` is ``In progress``."""
    if not value:
        return ""
    text = str(value)
    return LABELS.get(text) or text.replace("_", " ").capitalize()


def country(code: str | None, language: Language | None = None) -> str:
    """The everyday name of an ISO 3166 country, in the language that is being read."""
    return _country(code, language or current_language()) if code else ""


@lru_cache(COUNTRIES_KEPT)
def _country(code: str, language: Language) -> str:
    return EVERYDAY_NAMES.get(language.code, {}).get(code) or str(language.locale.territories.get(code, code))


def _datetime(value: datetime | str | date) -> datetime:
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(read, datetime):
        read = datetime(read.year, read.month, read.day, tzinfo=UTC)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
