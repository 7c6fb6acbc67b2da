"""When something that was asked for takes place, as a calendar wants to know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

LENGTH_OF_A_DAY = len("2027-03-14")


@dataclass(frozen=True)
class Occasion:
    """From one moment to another, or from one day to another, the last one included."""

    first: date
    last: date

    @property
    def is_all_day(self) -> bool:
        """Whether it has days and no times."""
        return not isinstance(self.first, datetime)

    @property
    def words(self) -> list[str]:
        """The same in ISO 8601, as a receipt carries it."""
        return [self.first.isoformat(), self.last.isoformat()]

    @classmethod
    def from_words(cls, words: Sequence[str]) -> Self:
        """What ``words`` says.

        :raise ValueError: it says nothing of the kind.
        """
        first, last = (_read(word) for word in words)
        return cls(first, last)


def _read(word: str) -> date:
    return date.fromisoformat(word) if len(word) == LENGTH_OF_A_DAY else datetime.fromisoformat(word)
