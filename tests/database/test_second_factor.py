"""Whoever has a second factor, and did not show it, is nobody to the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from postgrest import APIError
from supabase import Client

from tests.support.accounts import Account, make_account, new_address, signed_in
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, People
from tests.support.totp import set_up

ROLES = ("admin", "operations", "finance", "viewer")
TABLES = (
    "bookings",
    "booking_rows",
    "clients",
    "tasks",
    "profiles",
    "audit_logs",
    "health_readings",
    "invitations",
    "assignment_rules",
)


@pytest.fixture
def new_account(people: People) -> Callable[[str], Account]:
    """``new_account("admin")`` is a member of staff whom no other test knows."""
    return lambda role: make_account(people.operator(), app_metadata={"role": role})


def by_password(people: People, account: Account) -> Client:
    """This person, with a token that their password alone gave them."""
    return people.holder(people.token(account.email, account.password))


def row(database: Database, booking: str) -> Any:
    return database.execute("select status, updated_at from bookings where id = %s", [booking]).fetchone()


@pytest.mark.parametrize("role", ROLES)
def test_person_who_did_not_show_their_factor_reads_nothing(
    role: str, people: People, database: Database, new_account: Callable[[str], Account]
) -> None:
    account = new_account(role)
    make_booking(database, agent=account.email if role in ("admin", "operations") else None)
    before = by_password(people, account)
    assert before.table("profiles").select("id").eq("id", account.id).execute().data
    _app, inside = set_up(people, account)
    # The new sign-in's token is as good as one can be without the code.
    outside = people.holder(signed_in(people, account))
    for client in (before, outside):
        for table in TABLES:
            with suppress(APIError):  # a viewer has no grant on some of them
                assert client.table(table).select("*").limit(1).execute().data == []
        assert client.rpc("booking_summary").execute().data == []
        assert client.rpc("my_account").execute().data is None
    assert outside.rpc("my_missing_step").execute().data == "code"
    assert before.rpc("my_missing_step").execute().data == "session"
    assert inside.rpc("my_missing_step").execute().data is None
    assert inside.table("profiles").select("id").eq("id", account.id).execute().data


@pytest.mark.parametrize("role", ["admin", "operations"])
def test_person_who_did_not_show_their_factor_writes_nothing(
    role: str, people: People, database: Database, new_account: Callable[[str], Account]
) -> None:
    account = new_account(role)
    booking = make_booking(database, agent=account.email)
    _app, inside = set_up(people, account)
    outside = people.holder(signed_in(people, account))
    was, tasks = row(database, booking), tasks_of(database, booking)
    attempts: list[Callable[[Client], Any]] = [
        lambda client: client.table("bookings").update({"status": "confirmed"}).eq("id", booking).execute(),
        lambda client: client.table("bookings").delete().eq("id", booking).execute(),
        lambda client: (
            client.table("tasks")
            .insert({"booking_id": booking, "title": "Call", "assigned_to": account.id}, returning="minimal")  # type: ignore[arg-type]
            .execute()
        ),
        lambda client: client.table("tasks").update({"status": "done"}).eq("booking_id", booking).execute(),
        lambda client: client.table("profiles").update({"full_name": "X"}).eq("id", account.id).execute(),
        lambda client: client.rpc("booking_health", {"booking": booking}).execute(),
        lambda client: client.rpc("require_second_factor", {"required": False}).execute(),
    ]
    for attempt in attempts:
        with suppress(APIError):
            assert not attempt(outside).data
    assert (row(database, booking), tasks_of(database, booking)) == (was, tasks)
    profile = database.execute("select full_name from profiles where id = %s", [account.id]).fetchone()
    assert profile == {"full_name": ""}
    assert inside.table("bookings").update({"status": "confirmed"}).eq("id", booking).execute().data
    assert row(database, booking)["status"] == "confirmed"


def tasks_of(database: Database, booking: str) -> list[dict[str, Any]]:
    query = "select id, title, status from tasks where booking_id = %s order by id"
    return database.execute(query, [booking]).fetchall()


def test_person_who_did_not_show_their_factor_hears_nothing(
    people: People, database: Database, new_account: Callable[[str], Account]
) -> None:
    account = new_account("admin")
    set_up(people, account)
    for aal, heard in (("aal1", None), ("aal2", "admin")):
        assert asked(database, account, aal, "select private.staff_role()::text as answer") == heard


def asked(database: Database, account: Account, aal: str, question: str, first: str = "select") -> Any:
    """What the database answers somebody with such a token. Nothing of it stays."""
    claims = json.dumps({"sub": account.id, "role": "authenticated", "aal": aal})
    with database.transaction(force_rollback=True):
        database.execute(first.encode())
        database.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        database.execute("set local role authenticated")
        answer = database.execute(question.encode()).fetchone()
    assert answer is not None
    return answer["answer"]


def test_signed_out_person_s_token_is_worthless_at_once(
    people: People, new_account: Callable[[str], Account]
) -> None:
    account = new_account("admin")
    here, elsewhere = people.visitor(), people.visitor()
    tokens = []
    for browser in (here, elsewhere):
        session = browser.auth.sign_in_with_password(account.credentials).session  # type: ignore[arg-type]
        assert session
        tokens.append(session.access_token)
    here.auth.sign_out({"scope": "local"})
    assert people.holder(tokens[0]).table("profiles").select("id").execute().data == []
    assert people.holder(tokens[1]).table("profiles").select("id").execute().data
    elsewhere.auth.sign_out({"scope": "global"})
    assert people.holder(tokens[1]).table("profiles").select("id").execute().data == []
    assert people.holder(tokens[1]).rpc("my_missing_step").execute().data == "session"


REQUIRED = "update private.sign_in_rules set second_factor_for_admins = true"


@pytest.mark.parametrize(
    ("role", "aal", "is_let_in", "missing"),
    [
        ("admin", "aal1", False, "factor"),
        ("admin", "aal2", True, None),
        ("operations", "aal1", True, None),
        ("finance", "aal1", True, None),
        ("viewer", "aal1", True, None),
    ],
)
def test_admin_without_a_factor_sees_nothing_where_admins_need_one(
    role: str,
    aal: str,
    is_let_in: bool,
    missing: str | None,
    database: Database,
    new_account: Callable[[str], Account],
) -> None:
    account = new_account(role)
    question = "select private.staff_role()::text as answer"
    assert asked(database, account, aal, question, REQUIRED) == (role if is_let_in else None)
    assert asked(database, account, aal, "select my_missing_step() as answer", REQUIRED) == missing
    assert asked(database, account, aal, question) == role


def test_admin_with_a_factor_decides_that_admins_need_one(
    people: People, database: Database, new_account: Callable[[str], Account]
) -> None:
    account = new_account("admin")
    _app, admin = set_up(people, account)
    try:
        admin.rpc("require_second_factor", {"required": True}).execute()
        assert admin.rpc("my_account").execute().data["second_factor_for_admins"] is True
        assert people.staff(ADMIN).table("profiles").select("id").execute().data == []
        assert people.staff(ADMIN).rpc("my_missing_step").execute().data == "factor"
    finally:
        admin.rpc("require_second_factor", {"required": False}).execute()
    assert people.staff(ADMIN).table("profiles").select("id").execute().data
    recorded = database.execute(
        "select metadata from audit_logs"
        " where table_name = 'sign_in_rules' and actor = %s order by created_at",
        [account.id],
    ).fetchall()
    changes = [entry["metadata"]["changes"]["second_factor_for_admins"]["new"] for entry in recorded]
    assert changes == [True, False]


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("admin", "Set up a second factor of your own first"),
        ("operations", "Only an admin decides"),
        ("viewer", "Only an admin decides"),
    ],
)
def test_nobody_else_decides_who_needs_a_factor(
    role: str, sentence: str, people: People, database: Database, new_account: Callable[[str], Account]
) -> None:
    client = by_password(people, new_account(role))
    with pytest.raises(APIError, match=sentence):
        client.rpc("require_second_factor", {"required": True}).execute()
    with pytest.raises(APIError):
        people.visitor().rpc("require_second_factor", {"required": True}).execute()
    rule = database.execute("select second_factor_for_admins from private.sign_in_rules").fetchone()
    assert rule == {"second_factor_for_admins": False}


def test_person_reads_how_they_sign_in_themselves(
    people: People, new_account: Callable[[str], Account]
) -> None:
    account = new_account("finance")
    before = by_password(people, account).rpc("my_account").execute().data
    assert before == {"factor": None, "sessions": 1, "second_factor_for_admins": False}
    app, inside = set_up(people, account)
    after = inside.rpc("my_account").execute().data
    assert (after["factor"]["id"], after["sessions"]) == (app.factor, 1)


def test_open_pages_hear_of_a_sign_out(
    people: People, database: Database, new_account: Callable[[str], Account]
) -> None:
    account = new_account("viewer")
    browser = people.visitor()
    browser.auth.sign_in_with_password(account.credentials)  # type: ignore[arg-type]
    browser.auth.sign_out({"scope": "global"})
    told = database.execute(
        "select payload ->> 'role' as role from realtime.messages where topic = %s and event = 'access'",
        [f"staff:{account.id}"],
    ).fetchall()
    assert told == [{"role": "viewer"}]


@pytest.mark.parametrize(
    ("state", "may_have_an_account"),
    [("open", True), ("expired", False), ("accepted", False), ("none", False)],
)
def test_only_invited_people_get_an_account(
    state: str, may_have_an_account: bool, database: Database
) -> None:
    email = new_address()
    if state != "none":
        database.execute(
            "insert into invitations (email, role, created_at, expires_at)"
            " values (%s, 'viewer', now() - interval '1 day', now() + %s)",
            [email, "-1 hour" if state == "expired" else "1 hour"],
        )
    if state == "accepted":
        database.execute("update invitations set accepted_at = now() where email = %s", [email])
    event = json.dumps({"user": {"email": email.upper()}})
    answer = database.execute("select private.only_invited(%s) as answer", [event]).fetchone()
    assert answer is not None
    assert ("error" not in answer["answer"]) is may_have_an_account
