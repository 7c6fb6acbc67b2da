"""Refresh tokens: each works once, and a stolen one ends the session."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from supabase import AuthApiError, Client
from supabase_auth.types import Session

from tests.support.accounts import Account
from tests.support.people import People

Browser = Callable[[], Client]
Database = psycopg.Connection[dict[str, object]]


@pytest.fixture
def session(browser: Browser, account: Account) -> Session:
    """Somebody has just signed in."""
    session = browser().auth.sign_in_with_password(account.credentials).session
    assert session
    return session


def refresh(browser: Browser, token: str) -> Session:
    session = browser().auth.refresh_session(token).session
    assert session
    return session


def refusal_of(browser: Browser, token: str) -> str | None:
    with pytest.raises(AuthApiError) as refusal:
        browser().auth.refresh_session(token)
    assert refusal.value.status == 400
    return refusal.value.code


def make_all_old(database: Database, account: Account) -> None:
    """Turn the clock back behind the interval in which a token may come twice."""
    database.execute(
        "update auth.refresh_tokens set updated_at = updated_at - interval '1 minute' where user_id = %s",
        [account.id],
    )


def usable(database: Database, account: Account) -> int:
    tokens = database.execute(
        "select id from auth.refresh_tokens where user_id = %s and not revoked", [account.id]
    )
    return len(tokens.fetchall())


def test_person_stays_signed_in_with_a_new_token_each_time(
    browser: Browser, session: Session, database: Database, account: Account
) -> None:
    second = refresh(browser, session.refresh_token)
    third = refresh(browser, second.refresh_token)
    assert len({session.refresh_token, second.refresh_token, third.refresh_token}) == 3
    assert third.user.id == account.id
    assert usable(database, account) == 1


def test_person_whose_connection_broke_gets_the_answer_again(
    browser: Browser, session: Session, database: Database, account: Account
) -> None:
    lost = refresh(browser, session.refresh_token)
    make_all_old(database, account)
    assert refresh(browser, session.refresh_token).refresh_token == lost.refresh_token


def test_two_tabs_may_refresh_at_once(browser: Browser, session: Session) -> None:
    with ThreadPoolExecutor(4) as tabs:
        answers = list(tabs.map(lambda _tab: refresh(browser, session.refresh_token), range(4)))
    assert all(refresh(browser, answer.refresh_token) for answer in answers)


def test_thief_with_an_old_token_ends_the_session_for_both(
    browser: Browser, session: Session, database: Database, account: Account
) -> None:
    second = refresh(browser, session.refresh_token)
    third = refresh(browser, second.refresh_token)
    make_all_old(database, account)
    assert refusal_of(browser, session.refresh_token) == "refresh_token_already_used"
    assert usable(database, account) == 0
    assert refusal_of(browser, third.refresh_token) == "refresh_token_already_used"


def test_thief_of_one_session_does_not_end_the_others(
    browser: Browser, session: Session, database: Database, account: Account
) -> None:
    elsewhere = browser().auth.sign_in_with_password(account.credentials).session
    assert elsewhere
    refresh(browser, refresh(browser, session.refresh_token).refresh_token)
    make_all_old(database, account)
    refusal_of(browser, session.refresh_token)
    assert refresh(browser, elsewhere.refresh_token)


def test_made_up_token_is_refused(browser: Browser) -> None:
    assert refusal_of(browser, "made-up") == "refresh_token_not_found"


def test_person_who_signed_out_cannot_refresh(browser: Browser, session: Session, people: People) -> None:
    people.holder(session.access_token).auth.admin.sign_out(session.access_token, "local")
    assert refusal_of(browser, session.refresh_token) == "refresh_token_not_found"
