"""A function of the database that also answers who is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Errand:
    """A function whose answer holds the caller's ``team`` as ``my_team`` has it; ``answer`` once called."""

    function: str
    arguments: dict[str, Any]
    answer: dict[str, Any] | None = None
