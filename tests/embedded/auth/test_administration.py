"""What the service key may do to accounts, and that nobody else may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from supabase import AuthApiError, Client

from tests.support.accounts import Account, make_account, new_address
from tests.support.backend import TestBackend
from tests.support.people import ADMIN, People

Browser = Callable[[], Client]
Database = psycopg.Connection[dict[str, object]]

DOORS: list[Callable[[Client, Account], Any]] = [
    lambda client, _account: client.auth.admin.create_user({"email": new_address(), "email_confirm": True}),
    lambda client, _account: client.auth.admin.list_users(),
    lambda client, account: client.auth.admin.get_user_by_id(account.id),
    lambda client, account: client.auth.admin.update_user_by_id(
        account.id, {"app_metadata": {"role": "admin"}}
    ),
    lambda client, account: client.auth.admin.delete_user(account.id),
    lambda client, account: client.auth.admin.generate_link({"type": "recovery", "email": account.email}),
    lambda client, _account: client.auth.admin.invite_user_by_email(new_address()),
    lambda client, account: client.auth.admin.mfa.list_factors({"user_id": account.id}),
    lambda client, account: client.auth.admin.mfa.delete_factor({"user_id": account.id, "id": account.id}),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["visitor", "admin of the company"])
def test_nobody_administers_accounts_without_the_service_key(
    people: People, account: Account, database: Database, door: Callable[[Client, Account], Any], who: str
) -> None:
    client = people.visitor() if who == "visitor" else people.staff(ADMIN)
    everybody = "select id, email, raw_app_meta_data from auth.users order by id"
    before = database.execute(everybody).fetchall()
    with pytest.raises(AuthApiError) as refusal:
        door(client, account)
    assert (refusal.value.status, refusal.value.code) == (403, "not_admin")
    assert database.execute(everybody).fetchall() == before


def test_operator_gives_a_role_and_the_database_makes_the_profile(
    operator: Client, database: Database
) -> None:
    account = make_account(
        operator, app_metadata={"role": "finance"}, user_metadata={"full_name": "Farah Ali"}
    )
    profile = database.execute(
        "select role, full_name, email from profiles where id = %s", [account.id]
    ).fetchone()
    assert profile == {"role": "finance", "full_name": "Farah Ali", "email": account.email}


def test_operator_cannot_add_an_address_twice(operator: Client, account: Account) -> None:
    with pytest.raises(AuthApiError) as refusal:
        make_account(operator, email=account.email.upper())
    assert (refusal.value.status, refusal.value.code) == (422, "email_exists")


def test_operator_chooses_the_id(operator: Client) -> None:
    chosen = str(uuid4())
    assert make_account(operator, id=chosen).id == chosen


def test_operator_finds_everybody_page_by_page(operator: Client, account: Account) -> None:
    found: list[str] = []
    page = 1
    while batch := operator.auth.admin.list_users(page=page, per_page=3):
        assert len(batch) <= 3
        found += [user.id for user in batch]
        page += 1
    assert account.id in found
    assert len(found) == len(set(found))
    assert operator.auth.admin.get_user_by_id(account.id).user.email == account.email


def test_operator_changes_address_metadata_and_password(
    browser: Browser, operator: Client, account: Account
) -> None:
    email = new_address()
    operator.auth.admin.update_user_by_id(
        account.id, {"email": email, "user_metadata": {"a": 1, "b": 2}, "password": "set by the operator"}
    )
    user = operator.auth.admin.update_user_by_id(account.id, {"user_metadata": {"a": None}}).user
    assert (user.email, user.user_metadata) == (email, {"b": 2})
    assert browser().auth.sign_in_with_password({"email": email, "password": "set by the operator"}).user


def test_operator_deletes_somebody_softly_and_the_address_is_free_again(
    operator: Client, account: Account
) -> None:
    operator.auth.admin.delete_user(account.id, should_soft_delete=True)
    with pytest.raises(AuthApiError) as refusal:
        operator.auth.admin.get_user_by_id(account.id)
    assert (refusal.value.status, refusal.value.code) == (404, "user_not_found")
    assert make_account(operator, email=account.email).id != account.id


def test_old_clients_get_errors_in_their_own_shape(project: TestBackend) -> None:
    answer = httpx.post(
        f"{project.url}/auth/v1/token?grant_type=password",
        headers={"apikey": project.anon_key},
        json={"email": new_address(), "password": "wrong"},
    )
    assert answer.status_code == 400
    assert answer.json() == {
        "code": 400,
        "error_code": "invalid_credentials",
        "msg": "Invalid login credentials",
    }


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("token?grant_type=password", "[]", 400),
        ("token?grant_type=password", "{not json", 400),
        ("token?grant_type=password", '{"email": 1, "password": {}}', 400),
        ("token?grant_type=password", '{"email": "a\\u0000@example.com", "password": "x"}', 400),
        ("token?grant_type=magic", "{}", 400),
        ("token", "{}", 400),
        ("verify", '{"type": "sms", "token": "1", "email": "a@example.com"}', 400),
        ("recover", '{"email": "no address"}', 400),
        ("sso", "{}", 501),
    ],
)
def test_nonsense_is_refused_with_a_sentence(project: TestBackend, path: str, body: str, status: int) -> None:
    answer = httpx.post(f"{project.url}/auth/v1/{path}", headers={"apikey": project.anon_key}, content=body)
    assert answer.status_code == status
    assert answer.json()["msg"]
