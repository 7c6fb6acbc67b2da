"""Currencies of ISO 4217, and the largest amount that a form takes."""

from __future__ import annotations

import pycountry

from roamio_web.forms.options import OptionsByLanguage, Pairs
from roamio_web.languages import Language, alphabetical

HOME_CURRENCY = "INR"
USUAL = (HOME_CURRENCY, "USD", "EUR", "GBP", "AED")
NO_TRAVELLER_HAS = frozenset({"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"})
"""Funds and units of account, which ISO 4217 lists beside the money that people pay with."""
SHARED = frozenset({"XAF", "XCD", "XCG", "XOF", "XPF"})
"""Money of several countries. Every other code that starts with X is a metal, a test or no currency."""


def _is_money(code: str) -> bool:
    return code not in NO_TRAVELLER_HAS and (not code.startswith("X") or code in SHARED)


CODES = frozenset(each.alpha_3 for each in pycountry.currencies if _is_money(each.alpha_3))
NAMES = {
    "hi": {
        "SVC": "साल्वाडोर कोलोन",
        "VED": "वेनेज़ुएला डिजिटल बोलिवार",
        "XAF": "मध्य अफ़्रीकी सीएफ़ए फ़्रैंक",
        "XCG": "कैरिबियाई गिल्डर",
        "XOF": "पश्चिम अफ़्रीकी सीएफ़ए फ़्रैंक",
        "XPF": "सीएफ़पी फ़्रैंक",
        "ZWG": "ज़िम्बाब्वे गोल्ड",
    },
    "ar": {"VED": "بوليفار فنزويلي رقمي", "XCG": "غيلدر الكاريبي", "ZWG": "ذهب زيمبابوي"},
}
"""Money that Babel does not name in a language, or not in its script."""


def currencies_in(language: Language) -> Pairs:
    """The most usual first, then all others by name."""
    known, own = language.locale.currencies, NAMES.get(language.code, {})
    names = {code: own.get(code) or str(known.get(code, code)) for code in CODES}
    others = sorted(CODES - set(USUAL), key=lambda code: alphabetical(names[code]))
    return tuple((code, f"{names[code]} ({code})") for code in (*USUAL, *others))


currencies = OptionsByLanguage(currencies_in)
"""What a menu of currencies offers."""
MOST = 100_000_000
"""The largest amount a form takes: enough for a journey in any currency."""
