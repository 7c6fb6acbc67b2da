"""Handing a booking to the database: once, however the network behaves."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4

import pytest

from roamio_web.backend import Backend
from roamio_web.models.booking import Purpose
from roamio_web.models.reference import reference_of
from roamio_web.services.booking_requests import submit
from roamio_web.services.failures import Refused, Unavailable
from tests.support.backend import TestBackend
from tests.support.factories import Database, cab_details
from tests.support.lossy import losing
from tests.support.people import People


def found(database: Database, booking_id: UUID) -> int:
    """How many bookings have this id."""
    row = database.execute("select count(*) from bookings where id = %s", [booking_id]).fetchone()
    assert row is not None
    return int(row["count"])


def test_a_booking_arrives(people: People, database: Database) -> None:
    booking_id = uuid4()
    received = submit(people.visitor(), booking_id, Purpose.CAB, cab_details())
    assert (received.reference, received.again) == (reference_of(booking_id), False)
    assert found(database, booking_id) == 1


def test_a_booking_that_is_sent_again_is_the_same(people: People, database: Database) -> None:
    booking_id, details = uuid4(), cab_details()
    first = submit(people.visitor(), booking_id, Purpose.CAB, details)
    second = submit(people.visitor(), booking_id, Purpose.CAB, details)
    assert second.reference == first.reference
    assert second.again
    assert found(database, booking_id) == 1


def test_a_booking_whose_answer_was_lost_is_asked_again_and_is_there_once(
    backend: TestBackend, database: Database
) -> None:
    booking_id = uuid4()
    with losing(backend.url, losses=1) as network:
        visitor = Backend(network.url, backend.anon_key)
        received = submit(visitor.visitor(), booking_id, Purpose.CAB, cab_details())
        visitor.close()
    assert network.carried > 1
    assert received.reference == reference_of(booking_id)
    assert found(database, booking_id) == 1


def test_a_booking_whose_answers_are_all_lost_is_not_confirmed(
    backend: TestBackend, people: People, database: Database
) -> None:
    """It may be there all the same; the traveller is told to press again, and that makes no second one."""
    booking_id, details = uuid4(), cab_details()
    with losing(backend.url, losses=100) as network:
        visitor = Backend(network.url, backend.anon_key)
        with pytest.raises(Unavailable):
            submit(visitor.visitor(), booking_id, Purpose.CAB, details)
        visitor.close()
    assert submit(people.visitor(), booking_id, Purpose.CAB, details).again
    assert found(database, booking_id) == 1


def test_two_bookings_never_share_a_reference(people: People, database: Database) -> None:
    """Two ids may begin alike; the second booking then gets an id that follows from its own."""
    first = uuid4()
    second = UUID(bytes=first.bytes[:5] + secrets.token_bytes(11), version=4)
    assert reference_of(first) == reference_of(second)
    reference = submit(people.visitor(), first, Purpose.CAB, cab_details()).reference
    details = cab_details()
    other = submit(people.visitor(), second, Purpose.CAB, details)
    assert other.reference != reference
    assert not other.again
    resent = submit(people.visitor(), second, Purpose.CAB, details)
    assert (resent.reference, resent.again) == (other.reference, True)
    rows = database.execute(
        "select reference from bookings join clients on clients.id = client_id where email = %s",
        [details["contact"]["email"]],
    ).fetchall()
    assert [row["reference"] for row in rows] == [other.reference]


def test_booking_that_met_something_else_twice_is_not_confirmed(people: People, database: Database) -> None:
    booking_id, place = uuid4(), f"Gate {uuid4().hex}"
    submit(people.visitor(), uuid4(), Purpose.CAB, cab_details() | {"pickup_place": place})
    database.execute(
        f"create unique index one_of_a_kind on bookings ((details ->> 'pickup_place'))"
        f" where details ->> 'pickup_place' = '{place}'".encode()
    )
    try:
        with pytest.raises(Unavailable):
            submit(people.visitor(), booking_id, Purpose.CAB, cab_details() | {"pickup_place": place})
    finally:
        database.execute("drop index one_of_a_kind")
    assert found(database, booking_id) == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"contact": None}, "must have a contact"),
        ({"contact": {"name": "Asha", "email": "nowhere"}}, "not an e-mail address"),
        ({"starts_at": "tomorrow"}, "starts_at must be a date and time"),
        ({"notes": "x" * 70_000}, "can't be larger than 64 KB"),
    ],
)
def test_what_the_database_refuses_is_said_in_its_own_words(
    people: People, database: Database, wrong: dict[str, object], sentence: str
) -> None:
    booking_id = uuid4()
    with pytest.raises(Refused, match=sentence):
        submit(people.visitor(), booking_id, Purpose.CAB, cab_details() | wrong)
    assert found(database, booking_id) == 0


def test_a_key_that_is_no_longer_good_is_not_the_traveller_s_fault(
    backend: TestBackend, database: Database
) -> None:
    booking_id = uuid4()
    stranger = Backend(backend.url, backend.anon_key[:-4] + "AAAA")
    with pytest.raises(Unavailable):
        submit(stranger.visitor(), booking_id, Purpose.CAB, cab_details())
    stranger.close()
    assert found(database, booking_id) == 0
