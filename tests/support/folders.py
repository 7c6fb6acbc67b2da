"""Data folders for backends of a test's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from roamio_web.embedded import orphans
from roamio_web.embedded.state import DataFolder


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder that does not exist yet, which every user could get into; emptied afterwards."""
    above = Path(tempfile.mkdtemp(prefix="roamio-test-"))
    above.chmod(0o711)
    try:
        yield above / "data"
    finally:
        clear(above / "data")
        shutil.rmtree(above)


def clear(data_dir: Path) -> None:
    """End what still runs on a data folder and delete it."""
    if data_dir.is_dir():
        orphans.remove(DataFolder(data_dir))
