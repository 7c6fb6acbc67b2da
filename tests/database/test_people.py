"""How somebody becomes staff, and how they don't."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.database.cast import add_account, email_of
from tests.support.backend import PASSWORD
from tests.support.factories import Database
from tests.support.people import ADMIN, People


@pytest.mark.parametrize("role", ["admin", "operations", "finance", "viewer"])
def test_account_with_a_role_from_the_service_key_is_staff(role: str, database: Database) -> None:
    account = add_account(database, role=role, user_meta_data={"full_name": "Asha Rao"})
    profile = database.execute("select role::text, full_name, email from profiles where id = %s", [account])
    assert profile.fetchone() == {"role": role, "full_name": "Asha Rao", "email": email_of(database, account)}


@pytest.mark.parametrize("wish", [{"role": "admin"}, {"app_metadata": {"role": "admin"}}])
def test_stranger_who_wishes_for_a_role_gets_none(wish: dict[str, str], database: Database) -> None:
    account = add_account(database, user_meta_data=wish)
    assert role_of(database, account) is None


@pytest.mark.parametrize("role", ["owner", "", "Admin"])
def test_role_that_does_not_exist_makes_no_profile(role: str, database: Database) -> None:
    assert role_of(database, add_account(database, role=role)) is None


def test_profile_comes_when_the_address_is_confirmed_and_not_before(database: Database) -> None:
    account = add_account(database, role="finance", confirmed=False)
    assert role_of(database, account) is None
    database.execute("update auth.users set email_confirmed_at = now() where id = %s", [account])
    assert role_of(database, account) == "finance"


def test_demotion_holds_when_the_person_signs_in_again(database: Database, people: People) -> None:
    account = add_account(database, role="admin")
    database.execute("update profiles set role = 'viewer' where id = %s", [account])
    people.staff(email_of(database, account))
    database.execute("update auth.users set last_sign_in_at = now() where id = %s", [account])
    assert role_of(database, account) == "viewer"


def test_service_key_changes_a_role(database: Database) -> None:
    account = add_account(database, role="viewer")
    database.execute(
        "update auth.users set raw_app_meta_data = raw_app_meta_data || %s where id = %s",
        [json.dumps({"role": "finance"}), account],
    )
    assert role_of(database, account) == "finance"


def test_profile_follows_the_address_of_its_account(database: Database) -> None:
    account = add_account(database, role="viewer")
    new = f"new-{account}@cast.example"
    database.execute("update auth.users set email = %s where id = %s", [new, account])
    row = database.execute("select email from profiles where id = %s", [account]).fetchone()
    assert row == {"email": new}


def test_admin_adds_somebody_whose_address_is_confirmed(
    as_staff: Callable[[str], Client], database: Database
) -> None:
    account = add_account(database)
    row = {"id": account, "role": "viewer", "full_name": "Asha", "email": "made-up@example.com"}
    (added,) = as_staff(ADMIN).table("profiles").insert(row).execute().data
    assert added["email"] == email_of(database, account)


def test_admin_cannot_add_somebody_whose_address_nobody_confirmed(
    as_staff: Callable[[str], Client], database: Database
) -> None:
    account = add_account(database, confirmed=False)
    row = {"id": account, "role": "viewer", "email": email_of(database, account)}
    with pytest.raises(APIError, match="needs an account whose e-mail address is confirmed") as refused:
        as_staff(ADMIN).table("profiles").insert(row).execute()
    assert refused.value.code == "22023"
    assert database.execute("select from auth.users where id = %s", [account]).rowcount == 1
    assert role_of(database, account) is None


def test_stranger_reads_nothing_at_all(people: People, database: Database) -> None:
    stranger = people.staff(email_of(database, add_account(database)))
    for table in ("profiles", "clients", "bookings", "tasks", "audit_logs", "booking_rows", "task_rows"):
        assert stranger.table(table).select("*").limit(1).execute().data == []
    assert stranger.rpc("booking_summary", {}).execute().data == []


def role_of(database: Database, account: str) -> str | None:
    row = database.execute("select role::text from profiles where id = %s", [account]).fetchone()
    return row["role"] if row else None


@pytest.mark.parametrize("role", ["viewer", None])
def test_person_who_calls_themselves_an_admin_stays_what_they_are(
    role: str | None, people: People, database: Database
) -> None:
    account = add_account(database, role=role)
    client = people.visitor()
    client.auth.sign_in_with_password({"email": email_of(database, account), "password": PASSWORD})
    client.auth.update_user({"data": {"role": "admin", "full_name": "The Boss"}})
    fresh = client.auth.refresh_session().session
    assert fresh is not None
    them = people.holder(fresh.access_token)
    kept = database.execute("select * from profiles where id = %s", [account]).fetchall()
    assert them.table("bookings").select("id").execute().data == []
    them.table("bookings").update({"status": "cancelled"}, returning="minimal").neq(
        "status", "cancelled"
    ).execute()
    assert database.execute("select from bookings where status = 'pending'").rowcount > 0
    for attempt in (
        them.table("profiles").insert({"id": account, "role": "admin", "email": "me@x.example"}),
        them.table("profiles").upsert({"id": account, "role": "admin", "email": "me@x.example"}),
    ):
        with pytest.raises(APIError) as refused:
            attempt.execute()
        assert refused.value.code == "42501"
    assert them.table("profiles").update({"role": "admin"}).eq("id", account).execute().data == []
    assert database.execute("select * from profiles where id = %s", [account]).fetchall() == kept
