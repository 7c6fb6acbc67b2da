"""How an embedded form looks: light, dark or as the visitor has it, in a colour of the page around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

THEMES = ("auto", "light", "dark")
COLOUR = re.compile(r"#?([0-9a-f]{6})")
SHORT_COLOUR = re.compile(r"#?([0-9a-f])([0-9a-f])([0-9a-f])")


@dataclass(frozen=True)
class Look:
    """``accent`` is six hexadecimal digits, or nothing for Roamio's own colour."""

    theme: str = "auto"
    accent: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """Read an address or a form; what is no theme or no colour is left out."""
        if not args:
            return cls()
        theme = args.get("theme", "")
        # Werkzeug takes long to say that an argument is missing, and most addresses have no colour.
        return cls(theme if theme in THEMES else "auto", colour(args["accent"]) if "accent" in args else "")

    @property
    def arguments(self) -> dict[str, str]:
        """The same as an address carries it."""
        given = {"theme": self.theme if self.theme != "auto" else "", "accent": self.accent}
        return {name: value for name, value in given.items() if value}


def colour(text: str) -> str:
    """``#0B5F5C``, ``0b5f5c`` and ``#06a`` as six small digits; nothing if it is no such colour."""
    text = text.strip().lower()
    if short := SHORT_COLOUR.fullmatch(text):
        return "".join(digit * 2 for digit in short.groups())
    found = COLOUR.fullmatch(text)
    return found[1] if found else ""
