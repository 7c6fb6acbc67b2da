"""Second factors: setting one up, being asked for it, and what tokens say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pyotp
import pytest
from supabase import AuthApiError, Client

from roamio_web.embedded import tokens
from tests.support.accounts import Account, make_account
from tests.support.backend import TestBackend

Browser = Callable[[], Client]
Database = psycopg.Connection[dict[str, object]]


def code_of(refusal: pytest.ExceptionInfo[AuthApiError]) -> tuple[int, str | None]:
    return refusal.value.status, refusal.value.code


def signed_in(browser: Browser, account: Account) -> Client:
    client = browser()
    client.auth.sign_in_with_password(account.credentials)
    return client


def enrolled(client: Client, name: str = "Phone") -> tuple[str, str]:
    """Begin to set up an authenticator app; the factor's id and secret."""
    answer = client.auth.mfa.enroll({"factor_type": "totp", "friendly_name": name, "issuer": "Roamio"})
    assert answer.totp
    return answer.id, answer.totp.secret


def shows(client: Client, factor: str, secret: str) -> Any:
    code = pyotp.TOTP(secret).now()
    return client.auth.mfa.challenge_and_verify({"factor_id": factor, "code": code})


def protected(browser: Browser, account: Account) -> tuple[Client, str, str]:
    """Somebody who has set up an authenticator app and shown its code; the factor's id and secret."""
    client = signed_in(browser, account)
    factor, secret = enrolled(client)
    shows(client, factor, secret)
    return client, factor, secret


def claims(client: Client, project: TestBackend) -> dict[str, Any]:
    session = client.auth.get_session()
    assert session
    return tokens.verify(session.access_token, project.jwt_secret).raw


def test_person_sets_up_an_app_and_shows_its_code(
    browser: Browser, account: Account, project: TestBackend
) -> None:
    client = signed_in(browser, account)
    answer = client.auth.mfa.enroll({"factor_type": "totp", "friendly_name": "Phone", "issuer": "Roamio"})
    assert (answer.type, answer.friendly_name) == ("totp", "Phone")
    assert answer.totp
    parsed = pyotp.parse_uri(answer.totp.uri)
    assert (parsed.secret, parsed.issuer, parsed.name) == (answer.totp.secret, "Roamio", account.email)
    assert "<svg" in answer.totp.qr_code
    assert client.auth.mfa.list_factors().totp == []
    assert [factor.status for factor in client.auth.mfa.list_factors().all] == ["unverified"]
    assert claims(client, project)["aal"] == "aal1"
    shows(client, answer.id, answer.totp.secret)
    said = claims(client, project)
    assert said["aal"] == "aal2"
    assert sorted(method["method"] for method in said["amr"]) == ["password", "totp"]
    assert [factor.id for factor in client.auth.mfa.list_factors().totp] == [answer.id]


def test_next_sign_in_is_told_that_a_factor_is_wanted(
    browser: Browser, account: Account, project: TestBackend
) -> None:
    _client, factor, secret = protected(browser, account)
    client = browser()
    session = client.auth.sign_in_with_password(account.credentials).session
    assert session
    assert [(owned.id, owned.status) for owned in session.user.factors or []] == [(factor, "verified")]
    level = client.auth.mfa.get_authenticator_assurance_level()
    assert (level.current_level, level.next_level) == ("aal1", "aal2")
    shows(client, factor, secret)
    assert client.auth.mfa.get_authenticator_assurance_level().current_level == "aal2"
    client.auth.refresh_session()
    said = claims(client, project)
    assert said["aal"] == "aal2"
    assert {method["method"] for method in said["amr"]} == {"password", "totp"}


def test_refresh_token_from_before_the_factor_is_worth_nothing_after_it(
    browser: Browser, account: Account
) -> None:
    client = signed_in(browser, account)
    before = client.auth.get_session()
    assert before
    shows(client, *enrolled(client))
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.refresh_session(before.refresh_token)
    assert refusal.value.code == "refresh_token_not_found"
    assert client.auth.refresh_session().session


def test_showing_a_factor_ends_the_sessions_without_it(browser: Browser, account: Account) -> None:
    elsewhere = signed_in(browser, account)
    protected(browser, account)
    with pytest.raises(AuthApiError) as refusal:
        elsewhere.auth.get_user()
    assert code_of(refusal) == (403, "session_not_found")


@pytest.mark.parametrize("code", ["000000", "12345", "1234567", "abcdef", "१२३४५६"])
def test_wrong_code_is_refused(browser: Browser, account: Account, project: TestBackend, code: str) -> None:
    client, factor, secret = protected(browser, account)
    client = signed_in(browser, account)
    if code == pyotp.TOTP(secret).now():  # one in a million
        code = "111111"
    with pytest.raises(AuthApiError) as refusal:
        client.auth.mfa.challenge_and_verify({"factor_id": factor, "code": code})
    assert code_of(refusal) == (422, "mfa_verification_failed")
    assert claims(client, project)["aal"] == "aal1"


def test_code_of_an_hour_ago_is_refused(browser: Browser, account: Account) -> None:
    client, factor, secret = protected(browser, account)
    old = pyotp.TOTP(secret).at(datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(AuthApiError) as refusal:
        client.auth.mfa.challenge_and_verify({"factor_id": factor, "code": old})
    assert refusal.value.code == "mfa_verification_failed"


def test_challenge_is_good_once_and_for_five_minutes(
    browser: Browser, account: Account, database: Database
) -> None:
    client, factor, secret = protected(browser, account)
    code = pyotp.TOTP(secret).now()
    asked = client.auth.mfa.challenge({"factor_id": factor})
    answer = {"factor_id": factor, "challenge_id": asked.id, "code": code}
    client.auth.mfa.verify(answer)  # type: ignore[arg-type]
    with pytest.raises(AuthApiError) as refusal:
        client.auth.mfa.verify(answer)  # type: ignore[arg-type]
    assert code_of(refusal) == (422, "mfa_ip_address_mismatch")
    late = client.auth.mfa.challenge({"factor_id": factor})
    database.execute(
        "update auth.mfa_challenges set created_at = created_at - interval '6 minutes' where id = %s",
        [late.id],
    )
    with pytest.raises(AuthApiError) as refusal:
        client.auth.mfa.verify({"factor_id": factor, "challenge_id": late.id, "code": code})
    assert code_of(refusal) == (422, "mfa_challenge_expired")
    with pytest.raises(AuthApiError) as refusal:
        client.auth.mfa.verify({"factor_id": factor, "challenge_id": late.id, "code": code})
    assert code_of(refusal) == (422, "mfa_factor_not_found")


def test_factor_is_its_owner_s_alone(browser: Browser, operator: Client, account: Account) -> None:
    _owner, factor, secret = protected(browser, account)
    somebody_else, *_ = protected(browser, make_account(operator))
    with pytest.raises(AuthApiError) as refusal:
        shows(somebody_else, factor, secret)
    assert code_of(refusal) == (404, "mfa_factor_not_found")
    with pytest.raises(AuthApiError) as refusal:
        somebody_else.auth.mfa.unenroll({"factor_id": factor})
    assert code_of(refusal) == (404, "mfa_factor_not_found")
    with pytest.raises(AuthApiError) as refusal:
        somebody_else.auth.mfa.unenroll({"factor_id": "1"})
    assert code_of(refusal) == (404, "validation_failed")


def test_two_factors_have_two_names(browser: Browser, account: Account) -> None:
    client, *_ = protected(browser, account)
    with pytest.raises(AuthApiError) as refusal:
        enrolled(client, "Phone")
    assert code_of(refusal) == (422, "mfa_factor_name_conflict")
    assert enrolled(client, "Tablet")


def test_thief_of_the_password_can_neither_add_nor_remove_a_factor_nor_change_the_password(
    browser: Browser, account: Account, database: Database
) -> None:
    _client, factor, _secret = protected(browser, account)
    thief = signed_in(browser, account)
    with pytest.raises(AuthApiError) as refusal:
        enrolled(thief, "Thief's phone")
    assert code_of(refusal) == (403, "insufficient_aal")
    with pytest.raises(AuthApiError) as refusal:
        thief.auth.mfa.unenroll({"factor_id": factor})
    assert code_of(refusal) == (422, "insufficient_aal")
    with pytest.raises(AuthApiError) as refusal:
        thief.auth.update_user({"password": "the thief's own words"})
    assert code_of(refusal) == (401, "insufficient_aal")
    kept = database.execute(
        "select id::text, status from auth.mfa_factors where user_id = %s", [account.id]
    ).fetchall()
    assert kept == [{"id": factor, "status": "verified"}]


def test_removing_a_factor_lowers_the_level_at_the_next_refresh(
    browser: Browser, account: Account, project: TestBackend
) -> None:
    client, factor, _secret = protected(browser, account)
    assert client.auth.mfa.unenroll({"factor_id": factor}).id == factor
    client.auth.refresh_session()
    said = claims(client, project)
    assert (said["aal"], [method["method"] for method in said["amr"]]) == ("aal1", ["password"])
    session = browser().auth.sign_in_with_password(account.credentials).session
    assert session
    assert session.user.factors is None


def test_operator_takes_a_lost_factor_away(
    browser: Browser, operator: Client, account: Account, project: TestBackend
) -> None:
    client, factor, _secret = protected(browser, account)
    owned = operator.auth.admin.mfa.list_factors({"user_id": account.id})
    assert [(one.id, one.status) for one in owned] == [(factor, "verified")]
    operator.auth.admin.mfa.delete_factor({"user_id": account.id, "id": factor})
    client.auth.refresh_session()
    assert claims(client, project)["aal"] == "aal1"
    with pytest.raises(AuthApiError) as refusal:
        operator.auth.admin.mfa.delete_factor({"user_id": account.id, "id": factor})
    assert code_of(refusal) == (404, "mfa_factor_not_found")


def test_unfinished_factors_are_forgotten(browser: Browser, account: Account, database: Database) -> None:
    client = signed_in(browser, account)
    first, _ = enrolled(client, "First")
    database.execute(
        "update auth.mfa_factors set created_at = created_at - interval '6 minutes' where id = %s", [first]
    )
    second, secret = enrolled(client, "Second")
    enrolled(client, "Third")
    assert len(client.auth.mfa.list_factors().all) == 2
    shows(client, second, secret)
    assert [factor.id for factor in client.auth.mfa.list_factors().all] == [second]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"factor_type": "carrier pigeon"}, 400, "validation_failed"),
        ({}, 400, "validation_failed"),
        ({"factor_type": "phone", "phone": "+919876543210"}, 501, "not_implemented"),
    ],
)
def test_only_authenticator_apps_can_be_set_up(
    browser: Browser, account: Account, project: TestBackend, body: dict[str, str], status: int, code: str
) -> None:
    session = browser().auth.sign_in_with_password(account.credentials).session
    assert session
    headers = {"apikey": project.anon_key, "Authorization": f"Bearer {session.access_token}"}
    answer = httpx.post(f"{project.url}/auth/v1/factors", json=body, headers=headers)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


def test_nobody_sets_up_a_factor_without_signing_in(project: TestBackend) -> None:
    headers = {"apikey": project.anon_key, "Authorization": f"Bearer {project.anon_key}"}
    answer = httpx.post(f"{project.url}/auth/v1/factors", json={"factor_type": "totp"}, headers=headers)
    assert (answer.status_code, answer.json()["error_code"]) == (403, "bad_jwt")
