"""Currencies of ISO 4217, and the largest amount that a form takes."""

from __future__ import annotations

import pycountry

HOME_CURRENCY = "INR"
USUAL = (HOME_CURRENCY, "USD", "EUR", "GBP", "AED")
NO_TRAVELLER_HAS = frozenset({"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"})
"""Funds and units of account, which ISO 4217 lists beside the money that people pay with."""
SHARED = frozenset({"XAF", "XCD", "XCG", "XOF", "XPF"})
"""Money of several countries. Every other code that starts with X is a metal, a test or no currency."""


def _is_money(code: str) -> bool:
    return code not in NO_TRAVELLER_HAS and (not code.startswith("X") or code in SHARED)


_NAMES = {each.alpha_3: str(each.name) for each in pycountry.currencies if _is_money(each.alpha_3)}
CURRENCIES: tuple[tuple[str, str], ...] = tuple(
    (code, f"{_NAMES[code]} ({code})")
    for code in (*USUAL, *sorted(_NAMES.keys() - set(USUAL), key=lambda code: _NAMES[code]))
)
"""The most usual first, then all others by name."""
MOST = 100_000_000
"""The largest amount a form takes: enough for a journey in any currency."""
