"""Files for spreadsheets leave nothing behind on the machine that writes them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from roamio_web.services.failures import Unavailable
from roamio_web.spreadsheets import Cell, Format, Table, written


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this machine keeps what is of use for a moment."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_names_do_not_stay_on_disk_when_reading_them_fails_half_way(disk: Path) -> None:
    def rows() -> Iterator[list[Cell]]:
        for _ in range(1000):
            yield ["Kavya Rao", "+919812345678"]
        assert list(disk.rglob("*")), "it is on disk while it is written"
        raise Unavailable("The bookings could not be read.")

    with pytest.raises(Unavailable):
        list(written(Table("Bookings", ("Client", "Phone"), rows()), Format.XLSX))
    assert not list(disk.rglob("*"))


def test_names_do_not_stay_on_disk_when_nobody_waits_for_the_file(disk: Path) -> None:
    file = written(Table("Bookings", ("Client",), iter([["Kavya Rao"]])), Format.XLSX)
    assert next(iter(file)).startswith(b"PK")
    file.close()  # type: ignore[attr-defined]
    assert not list(disk.rglob("*"))
