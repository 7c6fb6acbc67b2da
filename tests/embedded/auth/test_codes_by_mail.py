"""Codes and links by mail: forgotten passwords, invitations, sign-in links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest
from supabase import AuthApiError, Client, ClientOptions, create_client

from tests.support.accounts import Account, make_account, new_address
from tests.support.backend import TestBackend
from tests.support.mailbox import last_mail_to, mail_to

Browser = Callable[[], Client]
Database = psycopg.Connection[dict[str, object]]
SITE = "http://127.0.0.1:8000/staff/sign-in"


@pytest.fixture
def careful_browser(project: TestBackend) -> Iterator[Client]:
    """A client that uses PKCE."""
    with httpx.Client() as http:
        options = ClientOptions(flow_type="pkce", auto_refresh_token=False, httpx_client=http)
        yield create_client(project.url, project.anon_key, options)


def invited_address(operator: Client) -> str:
    """The address of somebody whom an admin has invited as a viewer."""
    email = new_address()
    operator.table("invitations").insert({"email": email, "role": "viewer"}, returning="minimal").execute()  # type: ignore[arg-type]
    return email


def project_accounts(database: Database, email: str) -> list[dict[str, object]]:
    return database.execute("select id from auth.users where email = %s", [email]).fetchall()


def role_of(database: Database, email: str) -> object:
    found = database.execute("select role from profiles where email = %s", [email]).fetchone()
    return found and found["role"]


def expired(refusal: pytest.ExceptionInfo[AuthApiError]) -> bool:
    return (refusal.value.status, refusal.value.code) == (403, "otp_expired")


def where(link: str) -> tuple[str, dict[str, list[str]]]:
    """Where a link leads, and what it brings along."""
    answer = httpx.get(link)
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["location"])
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.fragment or parts.query)


def spending_link(project: TestBackend, account: Account) -> str:
    """Supabase Auth's own link, which opening spends; the project's mail leads to a page of ours instead."""
    (token_hash,) = parse_qs(urlsplit(last_mail_to(project, account.email).link).query)["token_hash"]
    return f"{project.url}/auth/v1/verify?token={token_hash}&type=recovery"


def recovery_code(operator: Client, account: Account) -> str:
    """A code for a new password; the project's own mail brings a link alone."""
    link = operator.auth.admin.generate_link({"type": "recovery", "email": account.email})
    return link.properties.email_otp


def test_person_who_forgot_their_password_types_the_code_and_chooses_another(
    browser: Browser, operator: Client, account: Account
) -> None:
    client = browser()
    code = recovery_code(operator, account)
    client.auth.verify_otp({"email": account.email, "token": code, "type": "recovery"})
    client.auth.update_user({"password": "not forgotten this time"})
    assert (
        browser()
        .auth.sign_in_with_password({"email": account.email, "password": "not forgotten this time"})
        .user
    )


def test_code_works_once(browser: Browser, operator: Client, account: Account) -> None:
    typed = {"email": account.email, "token": recovery_code(operator, account), "type": "recovery"}
    assert browser().auth.verify_otp(typed).session
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.verify_otp(typed)
    assert expired(refusal)


def test_old_code_and_wrong_code_and_another_persons_code_are_refused_alike(
    browser: Browser, operator: Client, account: Account, database: Database
) -> None:
    somebody_else = make_account(operator)
    code = recovery_code(operator, account)
    database.execute(
        "update auth.one_time_tokens set created_at = created_at - interval '2 hours' where user_id = %s",
        [account.id],
    )
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for email, typed in [(somebody_else.email, code), (account.email, wrong), (account.email, code)]:
        with pytest.raises(AuthApiError) as refusal:
            browser().auth.verify_otp({"email": email, "token": typed, "type": "recovery"})
        assert expired(refusal)


def test_address_that_nobody_has_gets_the_same_answer_and_no_mail(
    browser: Browser, account: Account, project: TestBackend
) -> None:
    stranger = new_address()
    browser().auth.reset_password_for_email(stranger)
    browser().auth.reset_password_for_email(account.email)
    assert last_mail_to(project, account.email)
    assert mail_to(project, stranger) == []


def test_person_who_asks_twice_at_once_is_told_to_wait(
    browser: Browser, account: Account, project: TestBackend
) -> None:
    browser().auth.reset_password_for_email(account.email)
    with pytest.raises(AuthApiError, match="you can only request this after") as refusal:
        browser().auth.reset_password_for_email(account.email)
    assert (refusal.value.status, refusal.value.code) == (429, "over_email_send_rate_limit")
    assert len(mail_to(project, account.email)) == 1


def test_person_who_follows_the_link_comes_back_signed_in(
    browser: Browser, operator: Client, account: Account
) -> None:
    link = operator.auth.admin.generate_link({"type": "recovery", "email": account.email})
    there, brought = where(link.properties.action_link)
    assert there == SITE
    assert brought["type"] == ["recovery"]
    user = browser().auth.get_user(brought["access_token"][0])
    assert user
    assert user.user.id == account.id
    assert where(link.properties.action_link)[1]["error_code"] == ["otp_expired"]


def test_link_leads_to_no_site_but_our_own(operator: Client, account: Account) -> None:
    for elsewhere in ("https://evil.example/", "https://127.0.0.1@evil.example/", "javascript:alert(1)"):
        link = operator.auth.admin.generate_link(
            {"type": "recovery", "email": account.email, "options": {"redirect_to": elsewhere}}
        )
        assert link.properties.redirect_to == SITE
        spoiled = link.properties.action_link.split("redirect_to=")[0] + f"redirect_to={elsewhere}"
        assert where(spoiled)[0] == SITE


def test_browser_that_began_with_a_challenge_gets_a_code_that_only_it_can_use(
    careful_browser: Client, account: Account, project: TestBackend
) -> None:
    client = careful_browser
    client.auth.reset_password_for_email(account.email)
    _, brought = where(spending_link(project, account))
    code = brought["code"][0]
    answer = client.auth.exchange_code_for_session({"auth_code": code})  # type: ignore[typeddict-item]
    assert answer.user
    assert answer.user.id == account.id
    with pytest.raises(AuthApiError) as refusal:
        client.auth.exchange_code_for_session({"auth_code": code, "code_verifier": "again"})  # type: ignore[typeddict-item]
    assert refusal.value.code == "flow_state_not_found"


def test_thief_of_the_code_cannot_use_it_without_the_verifier(
    careful_browser: Client, account: Account, project: TestBackend
) -> None:
    client = careful_browser
    client.auth.reset_password_for_email(account.email)
    _, brought = where(spending_link(project, account))
    with pytest.raises(AuthApiError) as refusal:
        client.auth.exchange_code_for_session(
            {"auth_code": brought["code"][0], "code_verifier": "guessed"}  # type: ignore[typeddict-item]
        )
    assert refusal.value.code == "bad_code_verifier"


def test_invited_person_confirms_their_address_and_comes_in(
    browser: Browser, operator: Client, project: TestBackend, database: Database
) -> None:
    email = invited_address(operator)
    invited = operator.auth.admin.invite_user_by_email(email, {"data": {"full_name": "Asha Rao"}}).user
    assert invited.email_confirmed_at is None
    answer = browser().auth.verify_otp(
        {"email": email, "token": last_mail_to(project, email).code, "type": "invite"}
    )
    assert answer.user
    assert answer.user.email_confirmed_at
    assert answer.user.user_metadata == {"full_name": "Asha Rao"}
    assert role_of(database, email) == "viewer"


@pytest.mark.parametrize("kind", ["email", "signup"])
def test_invited_person_signs_up_with_the_code_that_they_were_mailed(
    browser: Browser, operator: Client, project: TestBackend, database: Database, kind: Any
) -> None:
    email = invited_address(operator)
    browser().auth.sign_in_with_otp({"email": email})
    assert role_of(database, email) is None
    code = last_mail_to(project, email).code
    answer = browser().auth.verify_otp({"email": email, "token": code, "type": kind})
    assert answer.session
    assert role_of(database, email) == "viewer"
    assert len(project_accounts(database, email)) == 1


def test_invited_person_asks_for_another_code_before_they_used_the_first(
    browser: Browser, operator: Client, project: TestBackend, database: Database
) -> None:
    email = invited_address(operator)
    browser().auth.sign_in_with_otp({"email": email})
    database.execute("update auth.users set confirmation_sent_at = null where email = %s", [email])
    browser().auth.sign_in_with_otp({"email": email})
    first, second = (mail.code for mail in mail_to(project, email))
    if first != second:
        with pytest.raises(AuthApiError) as refusal:
            browser().auth.verify_otp({"email": email, "token": first, "type": "email"})
        assert expired(refusal)
    assert browser().auth.verify_otp({"email": email, "token": second, "type": "email"}).session
    assert len(project_accounts(database, email)) == 1


def test_person_signs_in_with_a_code_instead_of_a_password(
    browser: Browser, account: Account, project: TestBackend
) -> None:
    browser().auth.sign_in_with_otp({"email": account.email})
    code = last_mail_to(project, account.email).code
    session = browser().auth.verify_otp({"email": account.email, "token": code, "type": "email"}).session
    assert session
    assert session.user.id == account.id


def test_stranger_gets_no_account_by_asking_for_a_code(browser: Browser, database: Database) -> None:
    email = new_address()
    with pytest.raises(AuthApiError, match="Only people who were invited") as refusal:
        browser().auth.sign_in_with_otp({"email": email})
    assert (refusal.value.status, refusal.value.code) == (403, "unknown")
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.sign_in_with_otp({"email": email, "options": {"should_create_user": False}})
    assert (refusal.value.status, refusal.value.code) == (422, "otp_disabled")
    assert project_accounts(database, email) == []


def test_person_asks_for_a_code_with_an_address_or_not_at_all(project: TestBackend) -> None:
    for body in ({}, {"phone": "+919876543210"}, {"email": new_address(), "phone": "+919876543210"}):
        answer = httpx.post(f"{project.url}/auth/v1/otp", json=body, headers={"apikey": project.anon_key})
        assert (answer.status_code, answer.json()["error_code"]) == (400, "validation_failed")


def test_link_by_its_hash_signs_in_too(browser: Browser, operator: Client, account: Account) -> None:
    link = operator.auth.admin.generate_link({"type": "magiclink", "email": account.email}).properties
    answer = browser().auth.verify_otp({"token_hash": link.hashed_token, "type": "magiclink"})
    assert answer.user
    assert answer.user.id == account.id
