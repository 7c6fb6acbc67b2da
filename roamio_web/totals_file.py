"""How many bookings came in each month, as a table: a row for each purpose, a column for each status."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from supabase import Client

from roamio_web.formatters import label
from roamio_web.models.booking import Purpose, Status
from roamio_web.models.source import Days
from roamio_web.services.sources import read_totals
from roamio_web.spreadsheets import Cell, Table

HEADINGS = ("Month", "Purpose", *(label(status) for status in Status), "All")


def totals_table(client: Client, days: Days) -> Table:
    """The bookings of these days that the asker may read, counted.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    counted: dict[tuple[date, Purpose], dict[Status, int]] = defaultdict(dict)
    for total in read_totals(client, days):
        counted[total.month, total.purpose][total.status] = total.bookings
    rows = (_row(month, purpose, by_status) for (month, purpose), by_status in counted.items())
    return Table("Totals", HEADINGS, rows)


def _row(month: date, purpose: Purpose, by_status: dict[Status, int]) -> list[Cell]:
    counts = [by_status.get(status, 0) for status in Status]
    return [f"{month:%Y-%m}", label(purpose), *counts, sum(counts)]
