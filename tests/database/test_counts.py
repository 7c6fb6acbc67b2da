"""Counts that nobody has to count, and that are right all the same."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import psycopg
from psycopg.rows import dict_row

from tests.support.backend import TestBackend
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, People

KEPT = "select purpose::text, status::text, sum(bookings)::int as n from private.booking_counts group by 1, 2"
REAL = "select purpose::text, status::text, count(*)::int as n from bookings group by 1, 2"


def test_counts_follow_every_change(database: Database) -> None:
    for purpose in ("cab", "hotel"):
        booking = make_booking(database, purpose=purpose)
        assert_right(database)
        database.execute("update bookings set status = 'confirmed' where id = %s", [booking])
        database.execute("update bookings set purpose = 'service' where id = %s", [booking])
        assert_right(database)
        database.execute("delete from bookings where id = %s", [booking])
        assert_right(database)


def test_counts_are_right_after_many_at_once(backend: TestBackend, database: Database) -> None:
    def work(_: int) -> None:
        connection: psycopg.Connection[dict[str, Any]]
        with psycopg.connect(backend.db_url, autocommit=True, row_factory=dict_row) as connection:
            for _ in range(5):
                booking = make_booking(connection)
                connection.execute("update bookings set status = 'cancelled' where id = %s", [booking])
                connection.execute("select private.sum_up_counts()")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert_right(database)


def test_summing_up_leaves_one_row_each(database: Database) -> None:
    make_booking(database)
    database.execute("select private.sum_up_counts()")
    assert_right(database)
    kinds = database.execute(REAL).rowcount
    assert database.execute("select from private.booking_counts").rowcount == kinds


def test_summary_reads_the_counts_and_no_booking(people: People, database: Database) -> None:
    make_booking(database)
    claims = json.dumps(jwt.decode(people.token(ADMIN), options={"verify_signature": False}))
    with database.transaction(force_rollback=True):
        database.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        database.execute("set local role authenticated")
        before = scans_of_bookings(database)
        assert database.execute("select from booking_summary()").rowcount > 0
        assert scans_of_bookings(database) == before
        database.execute("reset role")
        database.execute("select count(*) from bookings")
        assert scans_of_bookings(database) != before


def scans_of_bookings(database: Database) -> list[dict[str, Any]]:
    """How often this connection has looked into the table, and how many rows it read."""
    return database.execute(
        "select seq_scan, seq_tup_read, idx_scan, idx_tup_fetch from pg_stat_xact_user_tables"
        " where relid = 'public.bookings'::regclass"
    ).fetchall()


def assert_right(database: Database) -> None:
    kept = {(row["purpose"], row["status"]): row["n"] for row in database.execute(KEPT) if row["n"]}
    assert kept == {(row["purpose"], row["status"]): row["n"] for row in database.execute(REAL)}
