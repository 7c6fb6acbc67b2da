"""What is picked for a list past the policies is what its reader may read, and no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from supabase import Client

from tests.database.cast import add_account, email_of
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER

PICKED = {
    "bookings": "select id from private.pick_bookings(null, null, 'newest', null, null, 100000)",
    "found": "select id from private.pick_bookings('RM', null, 'newest', null, null, 100000)",
    "clients": "select id from private.pick_clients(null, null, null, 100000)",
    "overview": "select id from private.pick_overview()",
}
READABLE = {"found": "bookings", "overview": "bookings"}


def ids(database: Database, person: str, query: str) -> set[Any]:
    """What the database answers this person."""
    claims = json.dumps({"sub": person, "role": "authenticated"})
    with database.transaction(force_rollback=True):
        database.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        database.execute("set local role authenticated")
        return {row["id"] for row in database.execute(query.encode()).fetchall()}


@pytest.mark.parametrize("what", PICKED)
@pytest.mark.parametrize("email", [ADMIN, AGENT, OTHER_AGENT, FINANCE, VIEWER, None])
def test_nobody_is_picked_what_they_may_not_read(what: str, email: str | None, database: Database) -> None:
    for agent in (AGENT, OTHER_AGENT, None):
        make_booking(database, agent=agent)
        make_booking(database, agent=agent, starts_at=datetime.now(UTC).isoformat(), time_zone="UTC")
    if email:
        row = database.execute("select id::text from profiles where email = %s", [email]).fetchone()
        person = (row or {})["id"]
    else:
        person = add_account(database)
    picked = ids(database, person, PICKED[what])
    readable = ids(database, person, f"select id from {READABLE.get(what, what)}")
    assert picked <= readable
    if what in ("bookings", "clients"):
        assert picked == readable
    assert bool(picked) is bool(readable)


def test_page_of_an_agent_s_clients_is_full(as_staff: Callable[[str], Client], database: Database) -> None:
    agent = email_of(database, add_account(database, role="operations"))
    mine = make_booking(database, agent=agent)
    for _ in range(2):
        make_booking(database, agent=OTHER_AGENT)
    (client,) = as_staff(agent).rpc("find_clients", {"page_size": 1}).execute().data
    row = database.execute("select client_id::text from bookings where id = %s", [mine]).fetchone()
    assert {"client_id": client["id"]} == row
