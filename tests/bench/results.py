"""What was measured, against what it may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One figure: ``value`` is held against ``budget``, ``detail`` is what it was made from."""

    what: str
    value: float
    budget: float
    unit: str
    detail: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.budget if self.at_least else self.value <= self.budget

    @property
    def row(self) -> tuple[str, str, str, str, str]:
        bound = f"{'≥' if self.at_least else '≤'} {self.budget:g} {self.unit}"
        return self.what, f"{self.value:.4g} {self.unit}", bound, "met" if self.met else "MISSED", self.detail


def table(results: Iterable[Result]) -> str:
    """The figures in columns."""
    rows = [("measured", "figure", "budget", "", "from"), *(result.row for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
