"""What the charts are drawn from, as each role gets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER

AsStaff = Callable[[str], Client]


@pytest.mark.parametrize("who", [ADMIN, AGENT, FINANCE, VIEWER])
def test_everybody_sees_how_many_came_each_day(who: str, as_staff: AsStaff, database: Database) -> None:
    make_booking(database)
    counted = database.execute(
        "select (created_at at time zone 'Asia/Kolkata')::date::text as day, count(*)::int as n from bookings"
        " where created_at > now() - interval '25 days' group by 1"
    ).fetchall()
    days: Counter[str] = Counter()
    for row in as_staff(who).rpc("bookings_by_day", {"days": 30}).execute().data:
        days[row["day"]] += row["bookings"]
    # The first of the counted days is cut in two.
    for row in sorted(counted, key=lambda row: str(row["day"]))[1:]:
        assert days[row["day"]] == row["n"]


def test_a_day_starts_at_midnight_where_the_reader_is(as_staff: AsStaff, database: Database) -> None:
    days = {}
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        rows = as_staff(VIEWER).rpc("bookings_by_day", {"days": 1, "time_zone": zone}).execute().data
        days[zone] = {row["day"] for row in rows}
        (today,) = database.execute("select (now() at time zone %s)::date::text as day", [zone]).fetchall()
        assert days[zone] <= {today["day"]}
    make_booking(database)
    rows = as_staff(VIEWER).rpc("bookings_by_day", {"days": 1, "time_zone": "Asia/Kolkata"}).execute().data
    assert sum(row["bookings"] for row in rows) >= 1


def test_admin_and_agent_see_how_long_people_wait(as_staff: AsStaff, database: Database) -> None:
    def waiting(who: str) -> dict[str, Any]:
        rows = as_staff(who).rpc("waiting_times", {"days": 3}).execute().data
        return {row["purpose"]: row for row in rows}.get("service", {"bookings": 0, "waiting": 0})

    before = {who: waiting(who) for who in (ADMIN, AGENT)}
    booking = make_booking(database, purpose="service", agent=AGENT)
    for who in (ADMIN, AGENT):
        assert waiting(who)["bookings"] == before[who]["bookings"] + 1
        assert waiting(who)["waiting"] == before[who]["waiting"] + 1
    as_staff(AGENT).table("tasks").update({"status": "in_progress"}).eq("booking_id", booking).execute()
    assert waiting(ADMIN)["waiting"] == before[ADMIN]["waiting"]
    assert waiting(AGENT)["median"] is not None


@pytest.mark.parametrize("who", [FINANCE, VIEWER])
def test_others_do_not_see_how_long_people_wait(who: str, as_staff: AsStaff) -> None:
    assert as_staff(ADMIN).rpc("waiting_times", {}).execute().data
    assert as_staff(who).rpc("waiting_times", {}).execute().data == []


def test_overdue_tasks_are_counted_for_those_who_may_see_them(as_staff: AsStaff, database: Database) -> None:
    def overdue(who: str) -> int:
        rows = as_staff(who).rpc("overdue_tasks", {}).execute().data
        return sum(row["tasks"] for row in rows)

    before = {who: overdue(who) for who in (ADMIN, AGENT, OTHER_AGENT)}
    booking = make_booking(database, agent=AGENT)
    database.execute("update tasks set due_date = now() - interval '1 day' where booking_id = %s", [booking])
    assert overdue(ADMIN) == before[ADMIN] + 1
    assert overdue(AGENT) == before[AGENT] + 1
    assert overdue(OTHER_AGENT) == before[OTHER_AGENT]
    assert (overdue(FINANCE), overdue(VIEWER)) == (0, 0)


@pytest.mark.parametrize("function", ["bookings_by_day", "waiting_times", "overdue_tasks"])
def test_visitor_sees_no_chart(function: str, visitor: Callable[[], Client]) -> None:
    with pytest.raises(APIError, match="permission denied"):
        visitor().rpc(function, {}).execute()
