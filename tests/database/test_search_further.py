"""What the search does not find among the newest: it looks further in the list, and then asks the index."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.support.factories import Database, make_booking, make_client
from tests.support.people import ADMIN


def test_what_is_common_and_what_is_rare_is_found_alike(database: Database) -> None:
    """The newest are looked at one by one, all others through the index."""
    mark = uuid4().hex[:10]
    client = make_client(database, name=f"Rare {mark}")
    rare = make_booking(database, client_id=client)
    with database.transaction(force_rollback=True):
        database.execute(
            "insert into bookings (created_at, client_id, purpose)"
            " select now() + interval '1 hour', %s, 'cab' from generate_series(1, 2100)",
            [make_client(database)],
        )
        database.execute(
            "select set_config('request.jwt.claims', jsonb_build_object('sub', id)::text, true)"
            " from profiles where email = %s",
            [ADMIN],
        )
        rows = database.execute("select id::text from find_bookings(search => %s)", [f"rare {mark}"])
        assert [row["id"] for row in rows] == [rare]


@pytest.mark.parametrize("also", ["", ", purpose => 'cab'"], ids=["the whole list", "one purpose"])
def test_search_misses_and_repeats_nothing_where_it_looks_further(also: str, database: Database) -> None:
    """It looks at the newest 400 first, and then goes on behind them."""
    mark = uuid4().hex[:10]
    clients = [make_client(database), make_client(database, name=f"Sought {mark}")]
    with database.transaction(force_rollback=True):
        database.execute(
            "insert into bookings (created_at, client_id, purpose)"
            " select now() + interval '1 hour' - place * interval '1 second',"
            "   case when place in (399, 400, 401, 700) then %s else %s end::uuid, 'cab'"
            " from generate_series(1, 800) as place",
            list(reversed(clients)),
        )
        expected = database.execute(
            "select id::text from bookings where client_id = %s order by created_at desc", [clients[1]]
        ).fetchall()
        database.execute(
            "select set_config('request.jwt.claims', jsonb_build_object('sub', id)::text, true)"
            " from profiles where email = %s",
            [ADMIN],
        )
        for most in (1, 3, 50):
            found = (
                f"select id::text from find_bookings(search => 'sought {mark}', page_size => {most}{also})"
            )
            assert database.execute(found.encode()).fetchall() == expected[:most]


@pytest.mark.parametrize("most", [1, 3, 4, 50])
def test_search_behind_the_newest_finds_what_came_in_months_and_years_ago(
    most: int, database: Database
) -> None:
    """Behind the 4,000 newest the index is asked: for the last months, and then for all there is."""
    sought = f"sought {uuid4().hex[:10]}"
    client = make_client(database)
    with database.transaction(force_rollback=True):
        database.execute("set local session_replication_role = replica")
        database.execute(
            "insert into bookings (created_at, client_id, purpose, details)"
            " select now() - age * interval '1 day', %(client)s, 'cab', '{}' from unnest(%(ages)s) as age",
            {"client": client, "ages": [20, 21, 22, 400, 401, 900, *[0] * 4001]},
        )
        database.execute(
            "insert into private.search_texts (booking_id, booked_at, reference, headline, person)"
            " select id, created_at, reference, case when created_at < now() then %s else '' end, ''"
            " from bookings where client_id = %s",
            [sought, client],
        )
        database.execute(
            "select set_config('request.jwt.claims', jsonb_build_object('sub', id)::text, true)"
            " from profiles where email = %s",
            [ADMIN],
        )
        expected = database.execute(
            "select id, created_at from bookings where client_id = %s and created_at < now()"
            " order by created_at desc",
            [client],
        ).fetchall()
        page = "select id, created_at from find_bookings(search => %s, page_size => %s)"
        assert database.execute(page.encode(), [sought, most]).fetchall() == expected[:most]
        following = page.replace(")", ", after_value => %s, after_id => %s)")
        for place, last in enumerate(expected, 1):
            asked = [sought, most, last["created_at"], last["id"]]
            rows = database.execute(following.encode(), asked).fetchall()
            assert rows == expected[place : place + most]


def test_what_is_new_does_not_slow_every_search_down_for_long(database: Database) -> None:
    """Each search reads the list of what is new in a GIN index to its end, and by default that has 4 MB."""
    indexes = database.execute(
        "select relname, reloptions from pg_class join pg_am on pg_am.oid = relam"
        " where amname = 'gin' and relnamespace in ('public'::regnamespace, 'private'::regnamespace)"
    ).fetchall()
    assert {index["relname"]: index["reloptions"] for index in indexes} == {
        "clients_search_idx": ["gin_pending_list_limit=256"],
        "search_texts_words_idx": ["gin_pending_list_limit=256"],
    }


def test_page_of_the_list_is_not_planned_again_for_each_question(database: Database) -> None:
    """Planning it took a third of its time, and with the policies in the plan more than without them."""
    function = database.execute(
        "select proconfig from pg_proc where oid = 'public.find_bookings'::regproc"
    ).fetchone()
    assert function
    assert "plan_cache_mode=force_generic_plan" in function["proconfig"]
