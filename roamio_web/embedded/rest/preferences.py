"""The ``Prefer`` header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

About = Literal["read", "insert", "update", "delete", "put", "call"]
CHOICES: dict[str, tuple[str, ...]] = {
    "resolution": ("merge-duplicates", "ignore-duplicates"),
    "return": ("representation", "minimal", "headers-only"),
    "count": ("exact", "planned", "estimated"),
    "tx": ("commit", "rollback"),
    "missing": ("default", "null"),
    "handling": ("strict", "lenient"),
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the client would like. ``tx`` is understood and never followed, as in PostgREST's defaults."""

    resolution: str | None = None
    representation: str | None = None
    count: str | None = None
    missing: str | None = None
    handling: str | None = None
    timezone: str | None = None
    max_affected: int | None = None
    invalid: tuple[str, ...] = ()

    @property
    def strict(self) -> bool:
        return self.handling == "strict"

    @property
    def wants_rows(self) -> bool:
        return self.representation == "representation"

    @property
    def counts(self) -> bool:
        """Whether the rows are to be counted, and not only estimated by the planner."""
        return self.count in ("exact", "estimated")

    def applied(self, about: About) -> str | None:
        """The ``Preference-Applied`` header of such a request, if there is anything to say."""
        writes = about in ("insert", "update", "delete", "put")
        said = {
            "resolution": self.resolution if about == "insert" else None,
            "missing": self.missing if about in ("insert", "update") else None,
            "return": self.representation if writes else None,
            "count": self.count,
            "handling": self.handling,
            "timezone": self.timezone,
            "max-affected": self.max_affected
            if self.strict and about in ("update", "delete", "call")
            else None,
        }
        return ", ".join(f"{name}={value}" for name, value in said.items() if value is not None) or None


NOTHING = Preferences()


def parse_preferences(headers: Iterable[str]) -> Preferences:
    """Read every ``Prefer`` header; of one preference given twice, the first counts."""
    found: dict[str, str] = {}
    invalid: list[str] = []
    for item in (item.strip() for header in headers for item in header.split(",")):
        name, _, value = item.partition("=")
        free = name == "timezone" or (name == "max-affected" and value.isascii() and value.isdigit())
        if free or value in CHOICES.get(name, ()):
            found.setdefault(name, value)
        elif item and name != "max-affected":
            invalid.append(item)
    if not found and not invalid:
        return NOTHING
    most = found.get("max-affected")
    return Preferences(
        found.get("resolution"),
        found.get("return"),
        found.get("count"),
        found.get("missing"),
        found.get("handling"),
        found.get("timezone"),
        int(most[:18]) if most else None,
        tuple(invalid),
    )
