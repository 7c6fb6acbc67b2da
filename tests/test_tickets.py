"""Tickets and receipts: what a form carries instead of a session."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from roamio_web.models.booking import Purpose
from roamio_web.models.occasion import Occasion
from roamio_web.tickets import Receipt, TicketExpired, TicketForged, TicketOffice

HOUR = 3600.0


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(clock: Clock) -> TicketOffice:
    return TicketOffice("a key", longest=12 * HOUR, clock=clock)


def test_a_form_brings_back_the_ticket_it_was_given(office: TicketOffice) -> None:
    ticket = office.issue(Purpose.CAB)
    assert office.read(office.sign(ticket), Purpose.CAB) == ticket


def test_two_forms_have_two_bookings(office: TicketOffice) -> None:
    assert office.issue(Purpose.CAB).booking_id != office.issue(Purpose.CAB).booking_id


def test_a_ticket_that_lay_too_long_is_exchanged_for_one_of_the_same_booking(
    office: TicketOffice, clock: Clock
) -> None:
    """It may have been sent already: the same booking again can't make a second."""
    ticket = office.issue(Purpose.CAB)
    signed = office.sign(ticket)
    clock.now += 12 * HOUR + 1
    with pytest.raises(TicketExpired) as refused:
        office.read(signed, Purpose.CAB)
    assert refused.value.ticket.booking_id == ticket.booking_id
    assert office.read(office.sign(refused.value.ticket), Purpose.CAB).booking_id == ticket.booking_id


@pytest.mark.parametrize("signed", ["", "x", "a.b.c", "WyIiXQ.forged", "é", "\x00", "x" * 100_000])
def test_a_ticket_that_somebody_made_up_is_exchanged_for_a_new_one(office: TicketOffice, signed: str) -> None:
    with pytest.raises(TicketForged) as refused:
        office.read(signed, Purpose.CAB)
    assert refused.value.ticket.purpose is Purpose.CAB


def test_a_ticket_of_another_form_is_not_taken(office: TicketOffice) -> None:
    signed = office.sign(office.issue(Purpose.HOTEL))
    with pytest.raises(TicketForged):
        office.read(signed, Purpose.CAB)


def test_a_ticket_signed_with_another_key_is_not_taken(office: TicketOffice, clock: Clock) -> None:
    stranger = TicketOffice("another key", longest=HOUR, clock=clock)
    with pytest.raises(TicketForged):
        office.read(stranger.sign(stranger.issue(Purpose.CAB)), Purpose.CAB)


def test_a_ticket_from_the_future_is_not_taken(office: TicketOffice, clock: Clock) -> None:
    signed = office.sign(office.issue(Purpose.CAB))
    clock.now -= HOUR
    with pytest.raises(TicketForged):
        office.read(signed, Purpose.CAB)


def test_a_receipt_is_no_ticket_and_a_ticket_is_no_receipt(office: TicketOffice) -> None:
    ticket = office.issue(Purpose.CAB)
    with pytest.raises(TicketForged):
        office.read(office.receipt("ABCD1234", Purpose.CAB, again=False), Purpose.CAB)
    assert office.read_receipt(office.sign(ticket), "ABCD1234", Purpose.CAB) is None


def test_a_ticket_knows_how_long_a_person_had_the_form(office: TicketOffice, clock: Clock) -> None:
    ticket = office.issue(Purpose.CAB)
    clock.now += 1.9
    assert office.age(office.read(office.sign(ticket), Purpose.CAB)) == pytest.approx(1.9)


@pytest.mark.parametrize("again", [True, False])
def test_a_receipt_confirms_its_own_booking(office: TicketOffice, again: bool) -> None:
    receipt = office.receipt("ABCD1234", Purpose.CAB, again=again)
    assert office.read_receipt(receipt, "ABCD1234", Purpose.CAB) == Receipt(again)


@pytest.mark.parametrize(
    "occasion",
    [
        Occasion(date(2027, 3, 14), date(2027, 3, 16)),
        Occasion(datetime(2027, 3, 14, 9, 30, tzinfo=UTC), datetime(2027, 3, 14, 10, 30, tzinfo=UTC)),
    ],
)
def test_a_receipt_knows_when_its_booking_takes_place(office: TicketOffice, occasion: Occasion) -> None:
    receipt = office.receipt("ABCD1234", Purpose.CAB, again=False, occasion=occasion)
    assert office.read_receipt(receipt, "ABCD1234", Purpose.CAB) == Receipt(False, occasion)


def test_a_receipt_confirms_no_other_booking(office: TicketOffice) -> None:
    receipt = office.receipt("ABCD1234", Purpose.CAB, again=False)
    assert office.read_receipt(receipt, "ABCD1235", Purpose.CAB) is None
    assert office.read_receipt(receipt, "ABCD1234", Purpose.HOTEL) is None
    assert office.read_receipt("", "ABCD1234", Purpose.CAB) is None


def test_a_ticket_can_be_for_a_given_booking(office: TicketOffice) -> None:
    booking_id = uuid4()
    assert office.issue(Purpose.NRI, booking_id).booking_id == booking_id
