"""How many bookings the website takes: from one contact, and from everybody together."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from postgrest import ReturnMethod
from postgrest.exceptions import APIError
from supabase import Client

from roamio_web.services.booking_requests import voucher
from tests.support.factories import Database, book, cab_details, contact, make_booking, make_client

Visitor = Callable[[], Client]
Ceiling = Callable[[str, int], None]


def test_one_contact_books_twenty_times_an_hour_and_not_more(visitor: Visitor, database: Database) -> None:
    asha = contact()
    for _ in range(20):
        book(visitor(), contact=asha)
    refusal = refused(visitor(), contact=asha)
    assert refusal.code == "PT429"
    assert refusal.message == "Too many bookings with this e-mail address or phone number. Try again later."
    assert refusal.details == "contact"
    assert 3500 < int(refusal.hint or 0) <= 3600
    assert bookings_of(database, asha["email"]) == 20


@pytest.mark.parametrize("same", ["email", "phone"])
def test_another_name_does_not_lift_the_ceiling(
    same: str, visitor: Visitor, ceiling: Ceiling, database: Database
) -> None:
    ceiling("contact", 3)
    asha = contact()
    for _ in range(3):
        book(visitor(), contact=contact(**{same: asha[same]}))
    assert refused(visitor(), contact=contact(**{same: asha[same]})).code == "PT429"
    if same == "email":
        assert refused(visitor(), contact=contact(email=asha["email"].upper())).code == "PT429"
    assert book(visitor(), contact=contact())


def test_hour_passes_and_the_contact_books_again(
    visitor: Visitor, ceiling: Ceiling, database: Database
) -> None:
    ceiling("contact", 1)
    asha = contact()
    book(visitor(), contact=asha)
    assert refused(visitor(), contact=asha).code == "PT429"
    database.execute("update private.arrivals set since = since - interval '1 hour'")
    assert book(visitor(), contact=asha)


def test_ceiling_holds_across_the_edge_of_two_hours(
    visitor: Visitor, ceiling: Ceiling, database: Database
) -> None:
    ceiling("contact", 4)
    asha = contact()
    for _ in range(4):
        book(visitor(), contact=asha)
    database.execute("update private.arrivals set since = since - interval '1 hour 1 second'")
    assert book(visitor(), contact=asha)
    refusal = refused(visitor(), contact=asha)
    assert (refusal.code, refusal.details) == ("PT429", "contact")
    assert 800 < int(refusal.hint or 0) <= 901
    # The earlier ones count less and less.
    database.execute("update private.arrivals set since = since - interval '16 minutes'")
    assert book(visitor(), contact=asha)
    assert refused(visitor(), contact=asha).code == "PT429"
    database.execute("update private.arrivals set since = since - interval '2 hours'")
    for _ in range(4):
        book(visitor(), contact=asha)
    assert bookings_of(database, asha["email"]) == 10


def test_list_of_many_travellers_is_refused_before_it_keeps_anybody_waiting(
    visitor: Visitor, ceiling: Ceiling, database: Database
) -> None:
    ceiling("contact", 20)
    rows = [{"id": str(uuid4()), "purpose": "cab", "details": cab_details()} for _ in range(21)]
    with pytest.raises(APIError, match="At most 20 bookings can be sent at once") as refusal:
        visitor().table("bookings").insert(rows, returning=ReturnMethod.minimal).execute()
    assert refusal.value.code == "22023"
    ids = [row["id"] for row in rows]
    assert database.execute("select from bookings where id::text = any(%s)", [ids]).rowcount == 0
    assert database.execute("select from private.arrivals").rowcount == 0
    visitor().table("bookings").insert(rows[:20], returning=ReturnMethod.minimal).execute()
    assert database.execute("select from bookings where id::text = any(%s)", [ids]).rowcount == 20


def test_all_lanes_together_take_six_hundred_a_minute(database: Database) -> None:
    lanes = database.execute(
        "select sum(arrivals) as arrivals, count(*) as lanes from private.ceilings"
        " where per = interval '1 minute'"
    ).fetchone()
    assert lanes == {"arrivals": 600, "lanes": 3}


def test_bookings_at_the_same_time_do_not_slip_past(
    visitor: Visitor, ceiling: Ceiling, database: Database
) -> None:
    ceiling("contact", 5)
    asha = contact()

    def attempt(_: int) -> str:
        try:
            book(visitor(), contact=asha)
        except APIError as error:
            return str(error.code)
        return "booked"

    with ThreadPoolExecutor(20) as pool:
        assert Counter(pool.map(attempt, range(20))) == {"booked": 5, "PT429": 15}
    assert bookings_of(database, asha["email"]) == 5


def test_all_together_are_limited_too(visitor: Visitor, ceiling: Ceiling) -> None:
    ceiling("website", 4)
    for _ in range(4):
        book(visitor())
    refusal = refused(visitor())
    assert (refusal.code, refusal.details) == ("PT429", "website")
    assert refusal.message == "Too many bookings are coming in just now. Try again in a minute."
    assert 0 < int(refusal.hint or 0) <= 60


def test_what_looks_automatic_takes_nobody_s_place(visitor: Visitor, ceiling: Ceiling) -> None:
    ceiling("suspected", 2)
    ceiling("website", 2)
    suspected = {"source": {"channel": "site", "suspected": ["machine"], "score": 50}}
    for _ in range(2):
        book(visitor(), **suspected)
    assert refused(visitor(), **suspected).details == "suspected"
    for _ in range(2):
        book(visitor())
    assert refused(visitor()).details == "website"


def test_who_goes_past_the_website_takes_nobody_s_place_there(
    visitor: Visitor, ceiling: Ceiling, database: Database, site_key: str
) -> None:
    ceiling("direct", 1)
    ceiling("website", 1)
    first, second = uuid4(), uuid4()
    borrowed = {"source": {"channel": "site", "voucher": voucher(site_key, second)}}
    book(visitor(), id=first, **borrowed)
    assert refused(visitor(), **borrowed).details == "direct"
    assert refused(visitor()).details == "direct"
    book(visitor(), id=second, **borrowed)
    kept = database.execute("select details -> 'source' as source from bookings where id = %s", [second])
    assert kept.fetchall() == [{"source": {"channel": "site"}}]


def test_refused_booking_counts_for_nothing(visitor: Visitor, ceiling: Ceiling) -> None:
    ceiling("website", 1)
    for _ in range(3):
        assert refused(visitor(), starts_at="never").code == "22023"
    assert book(visitor())


def test_staff_are_not_limited(ceiling: Ceiling, database: Database) -> None:
    ceiling("website", 1)
    ceiling("contact", 1)
    client = make_client(database)
    assert len({make_booking(database, client_id=client) for _ in range(3)}) == 3


def test_no_address_is_kept_for_counting(visitor: Visitor, ceiling: Ceiling, database: Database) -> None:
    ceiling("contact", 20)
    asha = contact()
    book(visitor(), contact=asha)
    counted = [row["subject"] for row in database.execute("select subject from private.arrivals")]
    assert len(counted) == 3
    assert not [subject for subject in counted if asha["email"] in subject or asha["phone"] in subject]


def test_counting_is_forgotten_once_it_is_old(visitor: Visitor, ceiling: Ceiling, database: Database) -> None:
    ceiling("contact", 20)
    book(visitor())
    database.execute("select private.forget_arrivals()")
    assert database.execute("select from private.arrivals").rowcount == 3
    database.execute("update private.arrivals set since = since - interval '3 hours'")
    database.execute("select private.forget_arrivals()")
    assert database.execute("select from private.arrivals").rowcount == 0


@pytest.fixture
def site_key(records: Database) -> Iterator[str]:
    """What the website vouches for its bookings with."""
    key = secrets.token_hex(32)
    records.execute("insert into private.site_keys values (%s)", [key])
    yield key
    records.execute("delete from private.site_keys where key = %s", [key])


def refused(visitor: Client, **details: Any) -> APIError:
    with pytest.raises(APIError) as refusal:
        book(visitor, **details)
    return refusal.value


def bookings_of(database: Database, email: str) -> int:
    row = database.execute(
        "select count(*) from bookings join clients on clients.id = client_id where email = %s", [email]
    ).fetchone()
    assert row is not None
    return int(row["count"])
