"""Who works here: when they were last seen, what changing them brings about, and who may ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.database.cast import add_account, email_of
from tests.support.colleagues import Colleague, make_colleague, profile_of
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER, People

AsStaff = Callable[[str], Client]


def seen_at(database: Database, person: str) -> datetime | None:
    row = database.execute("select seen_at from staff_presence where id = %s", [person]).fetchone()
    return row["seen_at"] if row else None


def standing(person: Colleague, role: str = "operations") -> dict[str, Any]:
    return {"full_name": person.name, "role": role, "active": True}


def test_person_is_seen_when_they_ask_and_noted_once_a_minute(database: Database, people: People) -> None:
    person, colleague = make_colleague(database), make_colleague(database)
    people.staff(colleague.email).rpc("my_team").execute()
    assert seen_at(database, colleague.id) is not None
    assert seen_at(database, person.id) is None
    client = people.staff(person.email)
    client.rpc("my_team").execute()
    first = seen_at(database, person.id)
    assert first is not None
    client.rpc("my_team").execute()
    assert seen_at(database, person.id) == first
    database.execute(
        "update staff_presence set seen_at = now() - interval '61 seconds' where id = %s", [person.id]
    )
    client.rpc("my_team").execute()
    assert (seen_at(database, person.id) or first) > first


def test_stranger_and_somebody_who_was_let_go_leave_no_mark(database: Database, people: People) -> None:
    stranger, left = add_account(database), make_colleague(database)
    database.execute("update profiles set deactivated_at = now() where id = %s", [left.id])
    for email in (email_of(database, stranger), left.email):
        assert people.staff(email).rpc("my_team").execute().data == []
    assert seen_at(database, stranger) is None
    assert seen_at(database, left.id) is None


def test_person_gets_in_while_nothing_can_be_written(database: Database, people: People) -> None:
    """A project that has run out of room only reads."""
    person = make_colleague(database)
    claims = f'{{"sub": "{person.id}", "role": "authenticated"}}'
    with database.transaction():
        database.execute("set transaction read only")
        database.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        database.execute("set local role authenticated")
        found = database.execute("select id::text from my_team()").fetchall()
    assert found == [{"id": person.id}]
    assert seen_at(database, person.id) is None


def test_admin_reads_the_whole_team_and_others_themselves(as_staff: AsStaff, database: Database) -> None:
    person = make_colleague(database)
    page = as_staff(ADMIN).rpc("team_page").execute().data
    assert person.id in {row["id"] for row in page["people"]}
    for email in (AGENT, FINANCE, VIEWER):
        page = as_staff(email).rpc("team_page").execute().data
        assert [row["email"] for row in page["people"]] == [email]
        assert page["invitations"] == []
        assert as_staff(email).rpc("staff_page", {"person": person.id}).execute().data is None


@pytest.mark.parametrize("email", [AGENT, FINANCE, VIEWER])
def test_nobody_else_changes_a_colleague(as_staff: AsStaff, database: Database, email: str) -> None:
    person = make_colleague(database)
    booking = make_booking(database, agent=person.email)
    before = profile_of(database, person)
    given = {"person": person.id, "seen": standing(person), "change": {"active": False}}
    assert as_staff(email).rpc("change_staff", given).execute().data is None
    assert profile_of(database, person) == before
    row = database.execute("select assigned_agent::text from bookings where id = %s", [booking]).fetchone()
    assert row == {"assigned_agent": person.id}


def test_admin_who_did_not_see_that_somebody_was_let_go_is_overtaken(
    as_staff: AsStaff, database: Database
) -> None:
    person = make_colleague(database)
    database.execute("update profiles set deactivated_at = now() where id = %s", [person.id])
    before = profile_of(database, person)
    given = {"person": person.id, "seen": standing(person), "change": {"role": "finance"}}
    assert as_staff(ADMIN).rpc("change_staff", given).execute().data is None
    assert profile_of(database, person) == before
    given["seen"] |= {"active": False}
    assert as_staff(ADMIN).rpc("change_staff", given).execute().data
    assert profile_of(database, person) != before
    logged = database.execute(
        "select metadata #> '{changes,role}' as role from audit_logs"
        " where record_id = %s and action = 'UPDATE' order by created_at desc, id desc limit 1",
        [person.id],
    )
    assert logged.fetchone() == {"role": {"old": "operations", "new": "finance"}}


def test_whoever_loses_their_access_hears_of_it_and_of_what_left_them(
    as_staff: AsStaff, database: Database
) -> None:
    person = make_colleague(database)
    booking = make_booking(database, agent=person.email)
    given = {"person": person.id, "seen": standing(person), "change": {"active": False}}
    assert as_staff(ADMIN).rpc("change_staff", given).execute().data == {"bookings": 1, "tasks": 1}
    told = database.execute(
        "select event, payload ->> 'id' as id, payload ->> 'role' as role from realtime.messages"
        " where topic = %s and event in ('access', 'leave')",
        [f"staff:{person.id}"],
    ).fetchall()
    assert {(row["event"], row["role"]) for row in told} == {("access", None), ("leave", None)}
    assert booking in {row["id"] for row in told}


def test_change_that_is_refused_hands_nothing_over(as_staff: AsStaff, database: Database) -> None:
    person, nobody = make_colleague(database), str(uuid4())
    booking = make_booking(database, agent=person.email)
    before = profile_of(database, person)
    given = {"person": person.id, "seen": standing(person), "change": {"role": "viewer"}}
    with pytest.raises(APIError, match="can only be assigned to operations staff"):
        as_staff(ADMIN).rpc("change_staff", given | {"successor": nobody}).execute()
    assert profile_of(database, person) == before
    row = database.execute("select assigned_agent::text from bookings where id = %s", [booking]).fetchone()
    assert row == {"assigned_agent": person.id}


def test_invitation_that_is_sent_again_is_good_for_longer_and_goes_with_its_sender(
    database: Database, people: People
) -> None:
    first, second = make_colleague(database, "admin"), make_colleague(database, "admin")
    email, until = f"{uuid4().hex}@invited.example", datetime.now(UTC) + timedelta(days=30)
    people.staff(first.email).table("invitations").insert({"email": email, "role": "viewer"}).execute()
    renewed = people.staff(second.email).table("invitations").update({"expires_at": until.isoformat()})
    (row,) = renewed.eq("email", email).execute().data
    assert row["invited_by"] == second.id
    database.execute("update profiles set role = 'viewer' where id = %s", [first.id])
    assert database.execute("select from invitations where email = %s", [email]).rowcount == 1
    accepted = f"{uuid4().hex}@invited.example"
    people.staff(second.email).table("invitations").insert({"email": accepted, "role": "viewer"}).execute()
    add_account(database, accepted)
    database.execute("update profiles set role = 'viewer' where id = %s", [second.id])
    assert database.execute("select from invitations where email = %s", [email]).rowcount == 0
    assert database.execute("select from invitations where email = %s", [accepted]).rowcount == 1


def test_accepted_invitation_is_no_longer_there_to_be_sent_again(
    as_staff: AsStaff, database: Database
) -> None:
    email, until = f"{uuid4().hex}@invited.example", datetime.now(UTC) + timedelta(days=30)
    (row,) = as_staff(ADMIN).table("invitations").insert({"email": email, "role": "viewer"}).execute().data
    add_account(database, email)
    given = {"invitation": row["id"], "until": until.isoformat()}
    answer = as_staff(ADMIN).rpc("renew_invitation", given).execute().data
    assert (answer["invitation"], answer["refusal"]) == (None, None)
    kept = database.execute("select expires_at from invitations where id = %s", [row["id"]]).fetchone()
    assert kept == {"expires_at": datetime.fromisoformat(row["expires_at"])}
    listed = as_staff(ADMIN).rpc("team_page").execute().data["invitations"]
    assert row["id"] not in {invitation["id"] for invitation in listed}


def test_invitation_is_not_sent_again_once_it_is_accepted_or_for_a_colleague(
    as_staff: AsStaff, database: Database
) -> None:
    colleague, until = make_colleague(database), (datetime.now(UTC) + timedelta(days=7)).isoformat()
    for email, accepted, sentence in (
        (f"{uuid4().hex}@invited.example", True, "was accepted already"),
        (colleague.email, False, "has a profile already"),
    ):
        with database.transaction():
            database.execute("set local session_replication_role = replica")
            database.execute(
                "insert into invitations (email, role, accepted_at)"
                " values (%s, 'admin', case when %s then now() end)",
                [email, accepted],
            )
        before = database.execute("select * from invitations where email = %s", [email]).fetchone()
        renewed = as_staff(ADMIN).table("invitations").update({"expires_at": until}).eq("email", email)
        with pytest.raises(APIError, match=sentence):
            renewed.execute()
        assert database.execute("select * from invitations where email = %s", [email]).fetchone() == before


def test_person_who_came_when_the_invitation_had_expired_is_staff_once_it_is_sent_again(
    as_staff: AsStaff, database: Database
) -> None:
    email, until = f"{uuid4().hex}@invited.example", (datetime.now(UTC) + timedelta(days=7)).isoformat()
    database.execute(
        "insert into invitations (email, role, expires_at) values (%s, 'finance', now() - interval '1 hour')",
        [email],
    )
    account = add_account(database, email)
    assert database.execute("select from profiles where id = %s", [account]).fetchone() is None
    as_staff(ADMIN).table("invitations").update({"expires_at": until}).eq("email", email).execute()
    found = database.execute("select role::text from profiles where id = %s", [account]).fetchone()
    assert found == {"role": "finance"}


def test_bookings_are_not_routed_to_somebody_who_can_t_take_them(
    as_staff: AsStaff, database: Database
) -> None:
    viewer = make_colleague(database, "viewer")
    seen: dict[str, Any] = {"enabled": False, "agents": []}
    given = {"routed": "hybrid", "seen": seen, "turned_on": True, "agents": [viewer.id]}
    with pytest.raises(APIError, match="can only be routed to operations staff or an admin"):
        as_staff(ADMIN).rpc("set_routing", given).execute()
    assert database.execute("select from assignment_rules where agent = %s", [viewer.id]).rowcount == 0
