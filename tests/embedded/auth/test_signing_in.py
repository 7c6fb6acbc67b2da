"""Signing in with a password, signing out, and one's own account."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from supabase import AuthApiError, Client
from supabase_auth.errors import AuthWeakPasswordError

from roamio_web.embedded import tokens
from tests.support.accounts import PASSWORD, Account, make_account, new_address
from tests.support.backend import TestBackend

Browser = Callable[[], Client]
Database = psycopg.Connection[dict[str, object]]


def code_of(refusal: pytest.ExceptionInfo[AuthApiError]) -> tuple[int, str | None]:
    return refusal.value.status, refusal.value.code


def sessions_of(database: Database, account: Account) -> int:
    found = database.execute("select id from auth.sessions where user_id = %s", [account.id])
    return len(found.fetchall())


def test_person_signs_in_and_their_token_says_who_they_are(
    browser: Browser, account: Account, project: TestBackend
) -> None:
    session = browser().auth.sign_in_with_password(account.credentials).session
    assert session
    claims = tokens.verify(session.access_token, project.jwt_secret)
    assert (claims.sub, claims.role) == (account.id, "authenticated")
    assert claims.raw["email"] == account.email
    assert claims.raw["iss"] == f"{project.url}/auth/v1"
    assert claims.raw["aud"] == "authenticated"
    assert claims.raw["exp"] - claims.raw["iat"] == session.expires_in == 900
    assert [method["method"] for method in claims.raw["amr"]] == ["password"]
    assert claims.raw["session_id"]
    assert (claims.raw["aal"], claims.raw["is_anonymous"]) == ("aal1", False)


def test_person_may_type_their_address_in_capitals_and_with_a_space(
    browser: Browser, account: Account
) -> None:
    credentials = {"email": f" {account.email.upper()}", "password": account.password}
    assert browser().auth.sign_in_with_password(credentials).user


def test_guesser_cannot_tell_a_wrong_address_from_a_wrong_password(
    browser: Browser, account: Account
) -> None:
    answers = []
    for email, password in [(account.email, "wrong"), (new_address(), PASSWORD), (account.email, "x" * 100)]:
        with pytest.raises(AuthApiError) as refusal:
            browser().auth.sign_in_with_password({"email": email, "password": password})
        answers.append(refusal.value.to_dict())
    assert answers == [answers[0]] * 3
    assert answers[0]["code"] == "invalid_credentials"


def test_person_who_did_not_confirm_their_address_waits_outside(browser: Browser, operator: Client) -> None:
    account = make_account(operator, email_confirm=False)
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.sign_in_with_password(account.credentials)
    assert code_of(refusal) == (400, "email_not_confirmed")


def test_banned_person_is_refused_until_the_ban_is_lifted(
    browser: Browser, operator: Client, account: Account
) -> None:
    signed_in_before = browser()
    signed_in_before.auth.sign_in_with_password(account.credentials)
    operator.auth.admin.update_user_by_id(account.id, {"ban_duration": "24h"})
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.sign_in_with_password(account.credentials)
    assert code_of(refusal) == (400, "user_banned")
    with pytest.raises(AuthApiError) as refusal:
        signed_in_before.auth.refresh_session()
    assert code_of(refusal) == (400, "user_banned")
    operator.auth.admin.update_user_by_id(account.id, {"ban_duration": "none"})
    assert browser().auth.sign_in_with_password(account.credentials).user


def test_deleted_person_is_nobody(browser: Browser, operator: Client, account: Account) -> None:
    session = browser().auth.sign_in_with_password(account.credentials).session
    assert session
    operator.auth.admin.delete_user(account.id)
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.sign_in_with_password(account.credentials)
    assert code_of(refusal) == (400, "invalid_credentials")
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.refresh_session(session.refresh_token)
    assert code_of(refusal) == (400, "refresh_token_not_found")
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.get_user(session.access_token)
    assert code_of(refusal) == (403, "user_not_found")


def test_stranger_cannot_sign_up(browser: Browser, database: Database) -> None:
    email = new_address()
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.sign_up({"email": email, "password": PASSWORD})
    assert code_of(refusal) == (403, "unknown")
    assert database.execute("select from auth.users where email = %s", [email]).fetchone() is None


@pytest.mark.parametrize(("scope", "left"), [("global", 0), ("local", 1), ("others", 1)])
def test_person_signs_out_here_there_or_everywhere(
    browser: Browser, account: Account, database: Database, scope: str, left: int
) -> None:
    here, there = browser(), browser()
    for client in (here, there):
        client.auth.sign_in_with_password(account.credentials)
    here_session, there_session = here.auth.get_session(), there.auth.get_session()
    assert here_session
    assert there_session
    here.auth.admin.sign_out(here_session.access_token, scope)
    assert sessions_of(database, account) == left
    survivors = {"global": [], "local": [there_session], "others": [here_session]}[scope]
    for session in (here_session, there_session):
        if session in survivors:
            assert browser().auth.get_user(session.access_token)
            continue
        with pytest.raises(AuthApiError) as refusal:
            browser().auth.get_user(session.access_token)
        assert code_of(refusal) == (403, "session_not_found")


def test_person_who_changes_their_password_signs_out_every_other_device(
    browser: Browser, account: Account, database: Database
) -> None:
    here, there = browser(), browser()
    for client in (here, there):
        client.auth.sign_in_with_password(account.credentials)
    here.auth.update_user({"password": "a better password of one's own"})
    assert sessions_of(database, account) == 1
    with pytest.raises(AuthApiError):
        there.auth.refresh_session()
    with pytest.raises(AuthApiError):
        browser().auth.sign_in_with_password(account.credentials)
    assert (
        browser()
        .auth.sign_in_with_password({"email": account.email, "password": "a better password of one's own"})
        .user
    )


def test_person_cannot_choose_a_weak_password_or_the_same_one(browser: Browser, account: Account) -> None:
    client = browser()
    client.auth.sign_in_with_password(account.credentials)
    with pytest.raises(AuthWeakPasswordError):
        client.auth.update_user({"password": "short"})
    with pytest.raises(AuthApiError) as refusal:
        client.auth.update_user({"password": account.password})
    assert code_of(refusal) == (422, "same_password")
    assert browser().auth.sign_in_with_password(account.credentials).user


def test_person_changes_what_they_may_and_not_their_role(
    browser: Browser, account: Account, database: Database
) -> None:
    client = browser()
    client.auth.sign_in_with_password(account.credentials)
    attributes = {
        "data": {"full_name": "Asha Rao"},
        "app_metadata": {"role": "admin"},
        "role": "service_role",
    }
    user = client.auth.update_user(attributes).user  # type: ignore[typeddict-unknown-key]
    assert user.user_metadata == {"full_name": "Asha Rao"}
    kept = database.execute(
        "select role, raw_app_meta_data from auth.users where id = %s", [account.id]
    ).fetchone()
    assert kept == {
        "role": "authenticated",
        "raw_app_meta_data": {"provider": "email", "providers": ["email"]},
    }


def test_postgres_and_auth_agree_on_what_a_password_is(
    browser: Browser, account: Account, database: Database
) -> None:
    by_auth = database.execute(
        "select encrypted_password = extensions.crypt(%s, encrypted_password) as agreed"
        " from auth.users where id = %s",
        [account.password, account.id],
    ).fetchone()
    assert by_auth == {"agreed": True}
    database.execute(
        "update auth.users set encrypted_password = extensions.crypt(%s, extensions.gen_salt('bf'))"
        " where id = %s",
        ["set by Postgres", account.id],
    )
    assert browser().auth.sign_in_with_password({"email": account.email, "password": "set by Postgres"}).user
