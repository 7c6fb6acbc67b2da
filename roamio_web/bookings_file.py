"""The bookings list as a spreadsheet reads it: every row that the asker may see, page by page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from supabase import Client

from roamio_web.formatters import country, label
from roamio_web.models.booking import BookingRow
from roamio_web.models.booking_query import BookingQuery, Sort
from roamio_web.models.reference import display
from roamio_web.models.values import HOME_ZONE, zone_of
from roamio_web.services.staff_bookings import list_bookings

EXPORT_PAGE = 500
BYTE_ORDER_MARK = "\ufeff"  # so that spreadsheets take the file for UTF-8
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet read a cell as a formula, or break out of it."""


@dataclass(frozen=True)
class Heading:
    """One column: its name, what it says of a row, and whether it tells who the client or the agent is."""

    name: str
    value: Callable[[BookingRow], str]
    names_people: bool = False


def _starts(row: BookingRow) -> str:
    """By the clock of the place where it starts, as a spreadsheet sorts it."""
    if row.starts_at is None:
        return ""
    local = row.starts_at.astimezone(zone_of(row.time_zone))
    return f"{local:%Y-%m-%d}" if row.is_all_day else f"{local:%Y-%m-%d %H:%M}"


HEADINGS = (
    Heading("Reference", lambda row: display(row.reference)),
    Heading("Purpose", lambda row: label(row.purpose)),
    Heading("Status", lambda row: label(row.status)),
    Heading("Booking", lambda row: row.headline),
    Heading("Starts", _starts),
    Heading("Time zone", lambda row: (row.time_zone or HOME_ZONE) if row.starts_at else ""),
    Heading(
        "Received (India)", lambda row: f"{row.created_at.astimezone(zone_of(HOME_ZONE)):%Y-%m-%d %H:%M}"
    ),
    Heading("Client", lambda row: row.client_name or "", names_people=True),
    Heading("E-mail", lambda row: row.client_email or "", names_people=True),
    Heading("Phone", lambda row: row.client_phone or "", names_people=True),
    Heading("Country", lambda row: country(row.client_country), names_people=True),
    Heading("Agent", lambda row: row.assigned_agent_name or "", names_people=True),
)


def write_bookings(client: Client, query: BookingQuery, *, names_people: bool) -> Iterator[str]:
    """Write the whole list as CSV, a page of rows at a time, newest first: an order that no change upsets.

    The first page is read before this returns, so what goes wrong at the start is raised here.

    :param names_people: whether the columns are there that Row Level Security leaves empty for finance.
    :raise TokenRefused, Unavailable: as ``named_failures``; while it is being written, too.
    """
    headings = [heading for heading in HEADINGS if names_people or not heading.names_people]
    page = list_bookings(client, replace(query.first_page, sort=Sort.NEWEST), size=EXPORT_PAGE)

    def write() -> Iterator[str]:
        following = page
        yield BYTE_ORDER_MARK + _lines([[heading.name for heading in headings]])
        while True:
            yield _lines([[heading.value(row) for heading in headings] for row in following.rows])
            if following.following is None:
                return
            following = list_bookings(client, following.following, size=EXPORT_PAGE)

    return write()


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it, if a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _lines(rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()
