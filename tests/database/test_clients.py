"""Whoever changes a client is on record, and open pages hear of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.support.factories import Database, book, contact, make_booking, make_client
from tests.support.people import ADMIN, AGENT

AsStaff = Callable[[str], Client]


def logged(database: Database, client: str) -> list[dict[str, Any]]:
    return database.execute(
        "select action::text, actor, metadata -> 'changes' as changes from audit_logs"
        " where table_name = 'clients' and record_id = %s order by created_at",
        [client],
    ).fetchall()


def told(database: Database, client: str) -> list[str]:
    rows = database.execute(
        "select topic, payload ->> 'kind' as kind from realtime.messages"
        " where event = 'client' and payload ->> 'id' = %s order by inserted_at",
        [client],
    )
    return [f"{row['topic']} {row['kind']}" for row in rows]


def test_an_admins_correction_is_recorded_with_old_and_new(as_staff: AsStaff, database: Database) -> None:
    client = make_client(database, phone="+919812345601")
    admin = database.execute("select id::text from profiles where email = %s", [ADMIN]).fetchone()
    as_staff(ADMIN).table("clients").update({"phone": "+919812345602"}).eq("id", client).execute()
    assert admin is not None
    assert logged(database, client) == [
        {
            "action": "UPDATE",
            "actor": admin["id"],
            "changes": {"phone": {"old": "+919812345601", "new": "+919812345602"}},
        }
    ]
    assert told(database, client)[-1] == "role:admin UPDATE"


def test_a_client_that_goes_is_recorded_with_all_that_was_known(database: Database) -> None:
    person = contact(name="Zoë Rao")
    client = make_client(database, **person)
    database.execute("delete from clients where id = %s", [client])
    (entry,) = logged(database, client)
    assert (entry["action"], entry["actor"]) == ("DELETE", "system")
    assert {name: pair["old"] for name, pair in entry["changes"].items()} == person
    assert told(database, client) == ["role:admin INSERT", "role:admin DELETE"]


def test_making_one_of_two_is_recorded_once_for_each(as_staff: AsStaff, database: Database) -> None:
    kept, gone = make_client(database, country=None), make_client(database, country="IN")
    make_booking(database, client_id=gone)
    as_staff(ADMIN).rpc("merge_clients", {"kept": kept, "gone": gone}).execute()
    assert [entry["action"] for entry in logged(database, gone)] == ["DELETE"]
    assert [entry["changes"] for entry in logged(database, kept)] == [{"country": {"old": None, "new": "IN"}}]
    # A later correction is recorded as any other.
    as_staff(ADMIN).table("clients").update({"country": "GB"}).eq("id", kept).execute()
    assert len(logged(database, kept)) == 2


def test_a_client_who_comes_with_a_booking_is_told_of_by_the_booking(
    visitor: Callable[[], Client], database: Database
) -> None:
    booking = book(visitor())
    row = database.execute("select client_id::text from bookings where id = %s", [booking]).fetchone()
    assert row is not None
    assert told(database, row["client_id"]) == []
    assert logged(database, row["client_id"]) == []


def test_an_agent_hears_of_their_client_through_the_booking(database: Database) -> None:
    client = make_client(database)
    booking = make_booking(database, client_id=client, agent=AGENT)
    database.execute("update clients set name = 'Zoë Rao' where id = %s", [client])
    names = database.execute(
        "select payload #>> '{row,client_name}' as name from realtime.messages"
        " where topic = (select 'staff:' || id from profiles where email = %s) and payload ->> 'id' = %s"
        " order by inserted_at",
        [AGENT, booking],
    ).fetchall()
    assert names[-1] == {"name": "Zoë Rao"}


def test_client_is_made_one_with_another_that_is_there_or_not_at_all(
    as_staff: AsStaff, database: Database
) -> None:
    client = make_client(database)
    before = database.execute("select * from clients where id = %s", [client]).fetchall()
    for gone, sentence in (
        (client, "A client can't be made one with itself."),
        ("00000000-0000-4000-8000-000000000000", "One of the two clients is not there any more."),
    ):
        with pytest.raises(APIError) as refused:
            as_staff(ADMIN).rpc("merge_clients", {"kept": client, "gone": gone}).execute()
        assert (refused.value.code, refused.value.message) == ("22023", sentence)
        assert database.execute("select * from clients where id = %s", [client]).fetchall() == before
