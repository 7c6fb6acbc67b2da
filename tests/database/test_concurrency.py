"""Many at once: nobody becomes two clients, and no booking two bookings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.database.cast import add_account
from tests.support.at_once import at_once, book_at_once
from tests.support.backend import TestBackend
from tests.support.eventually import eventually
from tests.support.factories import Database, book, cab_details, contact, make_client
from tests.support.people import ADMIN, People

Visitor = Callable[[], Client]


def test_fifty_bookings_of_one_new_person_make_one_client(
    backend: TestBackend, ceiling: Callable[[str, int], None], database: Database
) -> None:
    ceiling("contact", 50)
    asha = contact()
    bookings = book_at_once(backend, [cab_details(contact=asha) for _ in range(50)])
    clients = database.execute("select id from clients where email = %s", [asha["email"]]).fetchall()
    assert len(clients) == 1
    linked = database.execute(
        "select count(*) from bookings where id = any(%s::uuid[]) and client_id = %s",
        [bookings, clients[0]["id"]],
    ).fetchone()
    assert linked == {"count": 50}


def test_ten_posts_of_one_form_make_one_booking(visitor: Visitor, database: Database) -> None:
    booking, asha = uuid4(), contact()

    def post(_: int) -> str:
        try:
            return UUID(book(visitor(), id=booking, contact=asha)).hex
        except APIError as error:
            return str(error.code)

    with ThreadPoolExecutor(10) as pool:
        outcomes = Counter(pool.map(post, range(10)))
    assert outcomes == {booking.hex: 1, "23505": 9}
    assert database.execute("select from tasks where booking_id = %s", [booking]).rowcount == 1
    assert database.execute("select from clients where email = %s", [asha["email"]]).rowcount == 1


def test_traveller_books_while_their_client_is_made_one_with_another(
    visitor: Visitor, database: Database
) -> None:
    asha = contact()
    gone = make_client(database, **asha)
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    address, password = database.info.dsn, database.info.password
    with ThreadPoolExecutor(1) as pool, psycopg.connect(address, password=password) as merging:
        # As private.merge_clients does: the bookings move between these two.
        merging.execute("select from clients where id = %s for update", [gone])
        booking = pool.submit(book, visitor(), contact=asha)
        eventually(lambda: database.execute(waiting).fetchone() == {"count": 1}, what="the booking's waiting")
        merging.execute("delete from clients where id = %s", [gone])
        merging.commit()
        made = booking.result()
    now = database.execute("select id::text from clients where email = %s", [asha["email"]]).fetchall()
    linked = database.execute("select client_id::text from bookings where id = %s", [made]).fetchone()
    assert [row["id"] for row in now] == [linked and linked["client_id"]]
    assert gone not in str(now)


@pytest.fixture
def two_admins(database: Database) -> Iterator[list[str]]:
    """For the time of a test there is no other admin."""
    database.execute(
        "update profiles set deactivated_at = now() where role = 'admin' and email <> %s", [ADMIN]
    )
    (first,) = database.execute("select id::text from profiles where email = %s", [ADMIN]).fetchall()
    yield [first["id"], add_account(database, role="admin")]
    database.execute("update profiles set role = 'admin' where email = %s", [ADMIN])


def test_two_admins_who_demote_each_other_leave_one(
    two_admins: list[str], backend: TestBackend, database: Database
) -> None:
    one, other = two_admins
    demote = "update profiles set role = 'viewer' where id = '{}'"
    refusals = at_once(backend, [(one, demote.format(other)), (other, demote.format(one))])
    assert admins(database) == 1
    # Whoever came second was no admin any more, or met the last one.
    assert [refusal for refusal in refusals if refusal] in (
        [],
        ["The last admin can't be demoted, deactivated or deleted (role)."],
    )


def test_nobody_demotes_all_admins_in_one_request(
    two_admins: list[str], people: People, database: Database
) -> None:
    with pytest.raises(APIError) as refused:
        people.staff(ADMIN).table("profiles").update({"role": "viewer"}).eq("role", "admin").execute()
    assert refused.value.code == "42501"
    assert admins(database) == 2


def admins(database: Database) -> int:
    return database.execute("select from profiles where role = 'admin' and deactivated_at is null").rowcount
