"""A traveller fills in the cab form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

TYPED = "input:not([type=radio], [type=checkbox])"
IN_A_WEEK = timedelta(days=7)


def fill_in(page: Page, *, name: str, email: str, pickup: str = "BLR Airport, terminal 2") -> None:
    """Answer every question that the form needs, with a pick-up next week."""
    day = datetime.now(UTC) + IN_A_WEEK
    page.get_by_label("One way").check()
    answers = {
        "Pick-up place": pickup,
        "Drop-off place": "The Leela Palace, Old Airport Road",
        "Pick-up date": f"{day:%Y-%m-%d}",
        "Pick-up time": "09:30",
        "Passengers": "2",
        "Full name": name,
        "Email": email,
        "Phone": "+91 98100 12345",
    }
    for question, answer in answers.items():
        page.get_by_label(question, exact=True).and_(page.locator(TYPED)).fill(answer)
