"""The session: what its cookie looks like, how it goes on, and how it ends."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask
from supabase_auth.types import Session

from roamio_web.backend import Backend
from roamio_web.ways_back import safe_next
from tests.support.accounts import make_account
from tests.support.backend import PASSWORD, TestBackend
from tests.support.factories import Database
from tests.support.people import ADMIN, AGENT, People
from tests.support.staff import HTMX, StaffBrowser

ENDED = "Your session has ended."


@pytest.fixture
def agent(app: Flask) -> StaffBrowser:
    return StaffBrowser(app.test_client())


@pytest.fixture
def fresh(backend: TestBackend) -> Callable[[], Session]:
    """A session of the agent's own, straight from Supabase Auth."""

    def make() -> Session:
        door = Backend(backend.url, backend.anon_key)
        session = door.visitor().auth.sign_in_with_password({"email": AGENT, "password": PASSWORD}).session
        door.close()
        assert session is not None
        return session

    return make


def test_production_s_cookie_is_bound_to_the_host_and_hidden_from_scripts(
    app_with: Callable[..., Flask],
) -> None:
    app = app_with(
        environment="production",
        supabase_url="https://project.supabase.example",
        secret_key="0123456789abcdef" * 4,
    )
    (cookie,) = (
        app.test_client().get("/staff/sign-in", base_url="https://localhost").headers.getlist("Set-Cookie")
    )
    name, *attributes = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-roamio=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert not any(attribute.startswith("Domain") for attribute in attributes)


def test_page_that_changes_nothing_sets_no_cookie(agent: StaffBrowser, people: People) -> None:
    agent.holds(people.token(AGENT))
    agent.opens("/staff/")
    assert agent.opens("/staff/").headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("seconds_left", [-3600, 30])
def test_session_that_is_about_to_end_goes_on_by_itself(
    agent: StaffBrowser, fresh: Callable[[], Session], seconds_left: int
) -> None:
    old = fresh()
    agent.holds(old.access_token, refresh=old.refresh_token, expires_at=int(time.time()) + seconds_left)
    assert agent.opens("/staff/").status_code == 200
    assert agent.tokens is not None
    assert agent.tokens["refresh"] != old.refresh_token
    assert agent.tokens["expires_at"] > time.time() + 600


def test_two_tabs_that_come_back_at_once_both_go_on(app: Flask, fresh: Callable[[], Session]) -> None:
    old = fresh()
    tabs = [
        StaffBrowser(app.test_client()).holds(old.access_token, refresh=old.refresh_token, expires_at=1)
        for _ in "ab"
    ]
    assert [tab.opens("/staff/").status_code for tab in tabs] == [200, 200]
    assert [tab.opens("/staff/bookings").status_code for tab in tabs] == [200, 200]


def test_revoked_session_ends_with_a_sentence_and_the_way_back(
    agent: StaffBrowser, fresh: Callable[[], Session], people: People
) -> None:
    old = fresh()
    people.operator().auth.admin.sign_out(old.access_token, "local")
    agent.holds(old.access_token, refresh=old.refresh_token, expires_at=1)
    response = agent.opens("/staff/bookings?status=pending")
    assert response.status_code == 303
    assert response.location == "/staff/sign-in?next=/staff/bookings?status%3Dpending"
    assert agent.tokens is None
    page = agent.opens(response.location).text
    assert ENDED in page
    assert 'value="/staff/bookings?status=pending"' in page


def test_token_that_supabase_does_not_take_ends_the_session(agent: StaffBrowser, people: People) -> None:
    head, _, signature = people.token(AGENT).rpartition(".")
    other = "A" if signature[0] != "A" else "B"
    agent.holds(f"{head}.{other}{signature[1:]}")
    assert agent.opens("/staff/").status_code == 303
    assert agent.tokens is None


def test_cookie_of_another_version_counts_as_none(agent: StaffBrowser) -> None:
    with agent.client.session_transaction("/staff/") as session:
        session["tokens"] = {"access_token": "from before"}
    assert agent.opens("/staff/").status_code == 303


def test_cookie_that_somebody_wrote_themselves_counts_as_none(agent: StaffBrowser) -> None:
    agent.client.set_cookie("roamio", "eyJ0b2tlbnMiOnt9fQ.forged.signature")
    assert agent.opens("/staff/").status_code == 303


@pytest.mark.parametrize("headers", [HTMX, {"Accept": "text/event-stream"}])
@pytest.mark.parametrize("path", ["/staff/", "/staff/bookings", "/staff/live?view=bookings"])
def test_signed_out_fragment_gets_a_bare_401_that_reloads_the_page(
    agent: StaffBrowser, path: str, headers: dict[str, str]
) -> None:
    response = agent.client.get(path, headers=headers)
    assert (response.status_code, response.text) == (401, "")
    assert response.headers["HX-Refresh"] == "true"


def test_signed_out_form_comes_back_to_its_page(agent: StaffBrowser) -> None:
    agent.opens("/staff/sign-in")
    for referrer, expected in (
        ("http://localhost/staff/bookings?status=pending", "?next=/staff/bookings?status%3Dpending"),
        ("https://evil.example/staff/bookings", ""),
    ):
        response = agent.client.post(
            "/staff/bookings/d0000000-0000-4000-8000-000000000009/status",
            data={"csrf_token": agent._csrf_token},
            headers={"Referer": referrer},
        )
        assert (response.status_code, response.location) == (303, f"/staff/sign-in{expected}")


def test_taken_away_role_is_gone_in_the_next_request(
    agent: StaffBrowser, people: People, database: Database
) -> None:
    email = "leaving@roamio.example"
    people.operator().auth.admin.create_user(
        {"email": email, "password": PASSWORD, "email_confirm": True, "app_metadata": {"role": "finance"}}
    )
    agent.signs_in(email)
    assert agent.opens("/staff/bookings").status_code == 200
    database.execute("update profiles set role = 'viewer' where email = %s", [email])
    assert agent.opens("/staff/bookings").status_code == 403
    database.execute("delete from profiles where email = %s", [email])
    assert agent.opens("/staff/").status_code == 303
    assert "This account has no access" in agent.opens("/staff/sign-in").text


def test_taken_away_access_is_gone_in_the_next_request(
    agent: StaffBrowser, people: People, database: Database
) -> None:
    account = make_account(people.operator(), app_metadata={"role": "admin"})
    agent.signs_in(account.email, account.password)
    assert agent.opens("/staff/bookings").status_code == 200
    database.execute("update profiles set deactivated_at = now() where id = %s", [account.id])
    assert agent.opens("/staff/bookings").status_code == 303
    assert agent.tokens is None
    assert "This account has no access" in agent.opens("/staff/sign-in").text
    agent.signs_in(account.email, account.password)
    assert agent.tokens is None


def test_whose_access_was_taken_away_is_no_colleague_any_more(
    agent: StaffBrowser, people: People, database: Database
) -> None:
    account = make_account(people.operator(), app_metadata={"role": "operations", "full_name": "Gone Gabor"})
    agent.holds(people.token(ADMIN))
    assert "Gone Gabor" in agent.opens("/staff/bookings").text
    database.execute("update profiles set deactivated_at = now() where id = %s", [account.id])
    assert "Gone Gabor" not in agent.opens("/staff/bookings").text


def test_nobody_is_signed_out_while_supabase_is_away(app_with: Callable[..., Flask], people: People) -> None:
    away = app_with(supabase_url="http://127.0.0.1:9")
    agent = StaffBrowser(away.test_client()).holds(people.token(AGENT))
    response = agent.opens("/staff/")
    assert response.status_code == 503
    assert agent.tokens is not None
    agent.opens("/staff/sign-in")


def test_agent_can_sign_out_while_supabase_is_away(app_with: Callable[..., Flask], people: People) -> None:
    away = app_with(supabase_url="http://127.0.0.1:9")
    agent = StaffBrowser(away.test_client())
    agent.opens("/staff/sign-in")
    agent.holds(people.token(AGENT))
    assert agent.sends("/staff/sign-out").status_code == 303
    assert agent.tokens is None


@pytest.mark.parametrize(
    "address", ["/staff/", "/staff/bookings?search=a%20b&status=pending", "/staff/tasks#mine"]
)
def test_page_of_the_dashboard_is_a_safe_place_to_go(address: str) -> None:
    assert safe_next(address) == address
