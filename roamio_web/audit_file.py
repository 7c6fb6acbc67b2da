"""The audit log as a table for a file: every change that the asker may read, one changed column a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from supabase import Client

from roamio_web.forms.answers import humanise
from roamio_web.models.audit_query import AuditQuery
from roamio_web.models.change import Change
from roamio_web.models.reference import display
from roamio_web.models.values import HOME_ZONE, zone_of
from roamio_web.sentences import change, columns
from roamio_web.services.audit import read_log
from roamio_web.spreadsheets import Cell, Table

EXPORT_PAGE = 500
HEADINGS = ("When (India)", "Who", "What", "Record", "Booking", "Column", "Before", "After")


def audit_table(client: Client, query: AuditQuery, names: Mapping[str, str]) -> Table:
    """The log that the query asks for, newest first; its first page is read before this returns.

    :param names: who an account's id stands for.
    :raise TokenRefused, Unavailable: as ``named_failures``; while the rows are read, too.
    """
    first = read_log(client, query.first_page, names, size=EXPORT_PAGE)

    def rows() -> Iterator[list[Cell]]:
        page = first
        while True:
            for recorded in page.changes:
                yield from _rows_of(recorded, names)
            if page.following is None:
                return
            page = read_log(client, page.following, names, size=EXPORT_PAGE)

    return Table("Audit log", HEADINGS, rows())


def _rows_of(recorded: Change, names: Mapping[str, str]) -> Iterator[list[Cell]]:
    at = recorded.at.astimezone(zone_of(HOME_ZONE))
    reference = recorded.booking_reference
    known: list[Cell] = [
        f"{at:%Y-%m-%d %H:%M:%S}",
        recorded.by,
        change(recorded, names),
        f"{humanise(recorded.table)} {recorded.record_id}",
        display(reference) if reference else "",
    ]
    changed = columns(recorded, names)
    if not changed:
        yield [*known, "", "", ""]
    for column in changed:
        yield [*known, column.name, column.old, column.new]
