"""Tables as files for a spreadsheet: CSV while it is still being read, XLSX from a file on disk.

Neither holds the whole table in memory. XlsxWriter was chosen because it is made for writing alone: it has no
dependencies and, told to, keeps one row in memory. openpyxl, which reads as well, needs lxml to be as quick.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import xlsxwriter

BYTE_ORDER_MARK = "\ufeff"  # so that spreadsheets take the file for UTF-8
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet read a cell as a formula, or break out of it."""
MOST_ROWS = 1_048_575  # that a sheet has room for below its headings
LONGEST_CELL = 32_767
CHUNK = 65_536
WIDTH = 18

Cell = str | int


class Format(StrEnum):
    """The kinds of file; the value is the end of the name."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def mimetype(self) -> str:
        if self is Format.CSV:
            return "text/csv"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """``rows`` come as they are read; the first ones are there, so that a failure comes before any byte."""

    name: str
    headings: tuple[str, ...]
    rows: Iterable[list[Cell]]


def written(table: Table, kind: Format) -> Iterator[bytes]:
    """The file, piece by piece."""
    return _as_csv(table) if kind is Format.CSV else _as_xlsx(table)


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it, if a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _as_csv(table: Table) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write(BYTE_ORDER_MARK)
    writer.writerow(table.headings)
    for row in table.rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        if text.tell() > CHUNK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _as_xlsx(table: Table) -> Iterator[bytes]:
    # Its rows wait in a file of its own, which XlsxWriter would leave behind when reading them fails.
    with tempfile.TemporaryDirectory(prefix="roamio-") as folder, Path(folder, "book").open("w+b") as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False, "tmpdir": folder})
        sheet = book.add_worksheet(table.name)
        with closing(sheet.row_data_fh):
            _write_sheet(book, sheet, table)
            book.close()
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _write_sheet(book: Any, sheet: Any, table: Table) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.headings) - 1, WIDTH)
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(table.headings):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(table.rows, 1):
        if number > MOST_ROWS:
            break
        _write_row(sheet, number, row)


def _write_row(sheet: Any, number: int, row: list[Cell]) -> None:
    """Text is written as text: a spreadsheet never runs it, whatever it begins with."""
    for column, cell in enumerate(row):
        if isinstance(cell, int):
            sheet.write_number(number, column, cell)
        elif cell:
            sheet.write_string(number, column, cell[:LONGEST_CELL])
