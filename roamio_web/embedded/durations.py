"""Durations as Go writes them, which Supabase's settings and API use."""

from __future__ import annotations

import re

UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
PART = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")


def parse_duration(text: str) -> float:
    """Seconds of a duration such as ``24h`` or ``1m30s``.

    :raise ValueError: it is none.
    """
    if not re.fullmatch(f"(?:{PART.pattern})+", text):
        raise ValueError(f"{text!r} is no duration such as 24h or 1m30s")
    return sum(float(number) * UNITS[unit] for number, unit in PART.findall(text))
