"""A traveller fills in the cab form, checks the answers and books."""

from __future__ import annotations

from playwright.sync_api import Frame, FrameLocator, Page

from tests.support.travellers import contact, days_ahead

CHECK = "Check your answers"
SEND = "Book this cab"
TYPED = "input:not([type=radio], [type=checkbox])"


def fill_in(page: Page | Frame, *, name: str) -> None:
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


def check(page: Page | Frame | FrameLocator) -> None:
    """Go on from the questions to the answers."""
    page.get_by_role("button", name=CHECK).click()


def send(page: Page | Frame | FrameLocator) -> None:
    """Go on from the questions, and book."""
    check(page)
    page.get_by_role("button", name=SEND).click()
