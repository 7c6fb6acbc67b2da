"""A traveller fills in the cab form."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.travellers import contact, days_ahead

TYPED = "input:not([type=radio], [type=checkbox])"


def fill_in(page: Page, *, name: str) -> None:
    """Answer every question that the form needs, as somebody who has not booked before."""
    traveller = contact(name=name)
    page.get_by_label("One way").check()
    answers = {
        "Pick-up place": "BLR Airport, terminal 2",
        "Drop-off place": "The Leela Palace, Old Airport Road",
        "Pick-up date": days_ahead(7),
        "Pick-up time": "09:30",
        "Passengers": "2",
        "Full name": traveller["name"],
        "Email": traveller["email"],
        "Phone": traveller["phone"],
    }
    for question, answer in answers.items():
        page.get_by_label(question, exact=True).and_(page.locator(TYPED)).fill(answer)
