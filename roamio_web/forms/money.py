"""Currencies a traveller can choose from (ISO 4217), India's first."""

from __future__ import annotations

HOME_CURRENCY = "INR"
CURRENCIES: tuple[tuple[str, str], ...] = (
    (HOME_CURRENCY, "₹ Indian rupee (INR)"),
    ("USD", "$ US dollar (USD)"),
    ("EUR", "€ Euro (EUR)"),
    ("GBP", "£ Pound sterling (GBP)"),
    ("AED", "UAE dirham (AED)"),
    ("AUD", "Australian dollar (AUD)"),
    ("BDT", "Bangladeshi taka (BDT)"),
    ("CAD", "Canadian dollar (CAD)"),
    ("CHF", "Swiss franc (CHF)"),
    ("JPY", "Japanese yen (JPY)"),
    ("KES", "Kenyan shilling (KES)"),
    ("KWD", "Kuwaiti dinar (KWD)"),
    ("NGN", "Nigerian naira (NGN)"),
    ("OMR", "Omani rial (OMR)"),
    ("QAR", "Qatari riyal (QAR)"),
    ("SAR", "Saudi riyal (SAR)"),
    ("SGD", "Singapore dollar (SGD)"),
)
MOST = 100_000_000
"""The largest amount a form takes: enough for any currency above."""
