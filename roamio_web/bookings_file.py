"""The bookings list as a table for a file: every row that the asker may see, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from supabase import Client

from roamio_web.formatters import country, label
from roamio_web.models.booking import BookingRow
from roamio_web.models.booking_query import BookingQuery, Sort
from roamio_web.models.reference import display
from roamio_web.models.values import HOME_ZONE, zone_of
from roamio_web.services.staff_bookings import list_bookings
from roamio_web.spreadsheets import Cell, Table

EXPORT_PAGE = 500


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


def bookings_table(client: Client, query: BookingQuery, *, names_people: bool) -> Table:
    """The whole list, read a page of rows at a time, newest first: an order that no change upsets.

    The first page is read before this returns, so what goes wrong at the start is raised here.

    :param names_people: whether the columns are there that Row Level Security leaves empty for finance.
    :raise TokenRefused, Unavailable: as ``named_failures``; while the rows are read, too.
    """
    headings = [heading for heading in HEADINGS if names_people or not heading.names_people]
    first = list_bookings(client, replace(query.first_page, sort=Sort.NEWEST), size=EXPORT_PAGE)

    def rows() -> Iterator[list[Cell]]:
        page = first
        while True:
            for row in page.rows:
                yield [heading.value(row) for heading in headings]
            if page.following is None:
                return
            page = list_bookings(client, page.following, size=EXPORT_PAGE)

    return Table("Bookings", tuple(heading.name for heading in headings), rows())
