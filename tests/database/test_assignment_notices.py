"""Whoever is given a booking or a task is told of it, and nobody else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from supabase import Client

from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT, OTHER_AGENT

AsStaff = Callable[[str], Client]


def told(client: Client, booking: str) -> list[str | None]:
    """The tasks that this person was given of a booking, with None for the booking itself."""
    notices = client.rpc("my_notices").execute().data
    return [notice["task_id"] for notice in notices if notice["booking_id"] == booking]


@pytest.mark.parametrize("at_once", [True, False])
def test_agent_is_told_of_a_booking_that_is_theirs_now(
    at_once: bool, as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=AGENT if at_once else OTHER_AGENT)
    if not at_once:
        (row,) = database.execute("select id from profiles where email = %s", [AGENT]).fetchall()
        change = {"assigned_agent": str(row["id"])}
        as_staff(ADMIN).table("bookings").update(change).eq("id", booking).execute()
    assert told(as_staff(AGENT), booking) == [None]
    assert told(as_staff(OTHER_AGENT), booking) == []
    assert told(as_staff(ADMIN), booking) == []


@pytest.mark.parametrize("at_once", [True, False])
def test_agent_is_told_of_a_task_that_is_theirs_now(
    at_once: bool, as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database)
    task = make_task(database, booking, assigned_to=AGENT if at_once else OTHER_AGENT)
    if not at_once:
        (row,) = database.execute("select id from profiles where email = %s", [AGENT]).fetchall()
        as_staff(ADMIN).table("tasks").update({"assigned_to": str(row["id"])}).eq("id", task).execute()
    assert told(as_staff(AGENT), booking) == [task]
    assert told(as_staff(OTHER_AGENT), booking) == []
