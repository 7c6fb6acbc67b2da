"""Several bookings are changed in one request, and each is decided on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER

AsStaff = Callable[[str], Client]
CONFIRM = {"status": "confirmed"}


def seen(database: Database, *bookings: str) -> list[dict[str, str]]:
    """These bookings, each as it is now."""
    found = database.execute(
        "select id::text, updated_at from bookings where id::text = any(%s)", [[*bookings]]
    )
    return [{"id": row["id"], "seen": row["updated_at"].isoformat()} for row in found]


def change(client: Client, chosen: list[dict[str, str]], change: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answered = client.rpc("change_bookings", {"chosen": chosen, "change": change}).execute().data
    return {row["id"]: row for row in answered}


def status_of(database: Database, booking: str) -> str:
    row = database.execute("select status::text from bookings where id = %s", [booking]).fetchone()
    assert row is not None
    return str(row["status"])


def test_agent_changes_their_own_and_leaves_the_others(as_staff: AsStaff, database: Database) -> None:
    mine, foreign = make_booking(database, agent=AGENT), make_booking(database, agent=OTHER_AGENT)
    answers = change(as_staff(AGENT), seen(database, mine, foreign), CONFIRM)
    assert (answers[mine]["written"], answers[mine]["booking"]["status"]) == (True, "confirmed")
    assert (answers[foreign]["written"], answers[foreign]["booking"]) == (False, None)
    assert (status_of(database, mine), status_of(database, foreign)) == ("confirmed", "pending")


def test_refusal_of_one_takes_nothing_back_from_another(as_staff: AsStaff, database: Database) -> None:
    mine, nobody_s = make_booking(database, agent=AGENT), make_booking(database)
    row = database.execute("select id::text from profiles where email = %s", [FINANCE]).fetchone()
    assert row is not None
    answers = change(as_staff(ADMIN), seen(database, mine, nobody_s), {"assigned_agent": row["id"]})
    assert all("can only be assigned" in answer["refusal"] for answer in answers.values())
    answers = change(as_staff(AGENT), seen(database, mine), {"assigned_agent": None})
    assert "can't hand a booking to somebody else" in answers[mine]["refusal"]
    assert change(as_staff(AGENT), seen(database, mine), CONFIRM)[mine]["written"]


def test_what_somebody_else_changed_meanwhile_stays(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database)
    chosen = seen(database, booking)
    database.execute("update bookings set status = 'cancelled' where id = %s", [booking])
    answer = change(as_staff(ADMIN), chosen, CONFIRM)[booking]
    assert (answer["written"], answer["refusal"]) == (False, None)
    assert answer["booking"]["status"] == status_of(database, booking) == "cancelled"


@pytest.mark.parametrize(
    "mistyped",
    [
        {},
        {"assigned_agnet": None},
        {"status": "confirmed", "assigned_agent": None},
        {"Status": "confirmed"},
        [],
    ],
)
def test_change_that_names_nothing_known_takes_no_agent_away(
    mistyped: Any, as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=AGENT)
    (now,) = chosen = seen(database, booking)
    for function, arguments in (
        ("change_bookings", {"chosen": chosen}),
        ("change_listed_bookings", {"chosen": chosen, "list": {"page_size": 1}}),
        ("change_booking", {"booking": booking, "seen": now["seen"]}),
    ):
        with pytest.raises(APIError, match="either the status or the assigned_agent") as refused:
            as_staff(ADMIN).rpc(function, arguments | {"change": mistyped}).execute()
        assert refused.value.code == "22023"
    kept = "select from bookings where id = %s and assigned_agent is not null and status = 'pending'"
    assert database.execute(kept, [booking]).rowcount == 1


@pytest.mark.parametrize("who", [FINANCE, VIEWER])
def test_who_may_not_change_one_changes_none_of_several(
    who: str, as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database)
    assert not change(as_staff(who), seen(database, booking), CONFIRM)[booking]["written"]
    assert status_of(database, booking) == "pending"


def test_visitor_cannot_ask(visitor: Callable[[], Client], database: Database) -> None:
    booking = make_booking(database)
    with pytest.raises(APIError, match="permission denied"):
        change(visitor(), seen(database, booking), CONFIRM)
    assert status_of(database, booking) == "pending"


def test_nobody_changes_more_than_two_hundred_at_once(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database)
    with pytest.raises(APIError, match="at most 200"):
        change(as_staff(ADMIN), seen(database, booking) * 201, CONFIRM)
    assert status_of(database, booking) == "pending"
