"""Tokens, roles, schemas, media types, preferences: what every request says about itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from postgrest import APIError

from roamio_web.embedded import tokens
from tests.support.rest import Project, until

Database = psycopg.Connection[dict[str, Any]]
OTHER_SECRET = "another secret that is long enough to sign with"


def test_role_comes_from_the_token(project: Project) -> None:
    for role in ("anon", "authenticated", "service_role"):
        assert project.client(project.token(role)).rpc("who", {}).execute().data == role


def test_public_key_and_no_token_make_a_stranger(project: Project) -> None:
    assert project.send("POST", "rpc/who").json() == "anon"
    assert project.http.post(f"{project.address}/rest/v1/rpc/who").json() == "anon"
    assert project.send("POST", "rpc/who", headers={"Authorization": "Basic eDp5"}).json() == "anon"


@pytest.mark.parametrize(
    ("token", "code", "message"),
    [
        ("nonsense", "PGRST301", "Expected 3 parts in JWT; got 1"),
        ("a.b", "PGRST301", "Expected 3 parts in JWT; got 2"),
        ("a.b.c", "PGRST301", None),
    ],
)
def test_broken_token_is_refused(project: Project, token: str, code: str, message: str | None) -> None:
    answer = project.send("GET", "trips", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.json()["message"] == message or message is None
    assert answer.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')


def test_expired_token_is_refused_with_its_own_code(project: Project) -> None:
    answer = project.send("GET", "trips", project.token(seconds=-60))
    assert (answer.status_code, answer.json()) == (
        401,
        {"code": "PGRST303", "message": "JWT expired", "details": None, "hint": None},
    )
    with pytest.raises(APIError, match="JWT expired"):
        project.client(project.token(seconds=-60)).table("trips").select("*").execute()


def test_token_is_good_until_it_expires_and_no_longer(project: Project) -> None:
    token = project.token(seconds=1)
    assert project.send("POST", "rpc/who", token).json() == "authenticated"
    until(lambda: project.send("POST", "rpc/who", token).status_code == 401)
    assert project.send("POST", "rpc/who", token).json()["code"] == "PGRST303"


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [
        ("postgres", 403, "42501"),
        ("supabase_admin", 403, "42501"),
        ("supabase_auth_admin", 403, "42501"),
        ("no such role", 401, "22023"),
        ('anon"; reset role; --', 401, "22023"),
    ],
)
def test_token_for_a_role_that_is_not_for_tokens_is_refused(
    project: Project, role: str, status: int, code: str
) -> None:
    answer = project.send("GET", "trips", project.token(role))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_refused_requests_leave_connections_in_order(project: Project) -> None:
    """A refusal in the middle of a flight must not spoil what the connection remembers."""
    good, bad = project.token(), project.token("postgres")

    def ask(number: int) -> int:
        path = f"trips?select=id&id=eq.{number}&price=gte.{'x' if number % 5 == 0 else 0}"
        return project.send("GET", path, bad if number % 3 == 0 else good).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(ask, range(1, 121)))
    expected = [403 if n % 3 == 0 else 400 if n % 5 == 0 else 200 for n in range(1, 121)]
    assert statuses == expected


def test_people_at_the_same_time_stay_themselves(project: Project) -> None:
    def who(number: int) -> bool:
        token = project.token(sub=f"person {number}")
        claims = project.send(
            "POST", "rpc/request_setting", token, json={"name": "request.jwt.claims"}
        ).json()
        return f'"person {number}"' in claims

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(who, range(100)))


def test_schema_is_chosen_by_profile(project: Project) -> None:
    answer = project.send("GET", "offers", headers={"Accept-Profile": "partner"})
    assert answer.json() == [{"id": 1, "name": "Two for one"}]
    assert answer.headers["Content-Profile"] == "partner"
    assert project.send("GET", "offers").status_code == 404
    assert project.client().schema("partner").table("offers").select("id").execute().data == [{"id": 1}]


@pytest.mark.parametrize("schema", ["hidden", "auth", "pg_catalog", "information_schema", "Public", ""])
@pytest.mark.parametrize(("method", "header"), [("GET", "Accept-Profile"), ("POST", "Content-Profile")])
def test_other_schemas_are_refused(project: Project, method: str, header: str, schema: str) -> None:
    answer = project.send(method, "secrets", headers={header: schema}, json={"id": 2})
    assert answer.status_code == 406
    assert answer.json() == {
        "code": "PGRST106",
        "message": f"Invalid schema: {schema}",
        "details": None,
        "hint": "Only the following schemas are exposed: public, partner",
    }


def test_missing_table_is_named_with_one_like_it(project: Project) -> None:
    answer = project.send("GET", "trip")
    assert (answer.status_code, answer.json()) == (
        404,
        {
            "code": "PGRST205",
            "message": "Could not find the table 'public.trip' in the schema cache",
            "details": None,
            "hint": "Perhaps you meant the table 'public.trips'",
        },
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "a/b", 404, "PGRST125"),
        ("GET", "rpc/a/b", 404, "PGRST125"),
        ("TRACE", "trips", 405, "PGRST117"),
        ("POST", "", 405, "PGRST117"),
    ],
)
def test_paths_and_methods_that_lead_nowhere(
    project: Project, method: str, path: str, status: int, code: str
) -> None:
    answer = project.send(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        ("text/html, application/json;q=0.5", "application/json; charset=utf-8"),
        ("application/json;q=0.5, text/csv", "text/csv; charset=utf-8"),
        ("application/vnd.pgrst.object+json", "application/vnd.pgrst.object+json; charset=utf-8"),
        ("application/vnd.pgrst.array+json", "application/json; charset=utf-8"),
        (
            "application/vnd.pgrst.array+json;nulls=stripped",
            "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8",
        ),
    ],
)
def test_answer_takes_the_form_that_is_accepted(
    project: Project, accept: str | None, content_type: str
) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = project.send("GET", "labels", headers=headers, params={"id": "eq.1"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/vnd.pgrst.plan+json", "application/geo+json", "application/json;q=0"],
)
def test_forms_that_can_not_be_had_are_refused(project: Project, accept: str) -> None:
    answer = project.send("GET", "trips", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (406, "PGRST107")


def test_plan_is_refused(project: Project) -> None:
    with pytest.raises(APIError, match="PGRST107"):
        project.client().table("trips").select("*").explain().execute()


def test_wrong_preference_is_refused_only_when_that_is_asked_for(project: Project) -> None:
    assert project.send("GET", "trips", prefer="anything, count=many").status_code == 200
    assert project.send("GET", "trips", prefer="anything, handling=lenient").status_code == 200
    answer = project.send("GET", "trips", prefer="anything, count=many, handling=strict")
    assert answer.status_code == 400
    assert answer.json() == {
        "code": "PGRST122",
        "message": "Invalid preferences given with handling=strict",
        "details": "Invalid preferences: anything, count=many",
        "hint": None,
    }


def test_nobody_is_given_a_rollback(project: Project, tidy: Database) -> None:
    answer = project.send(
        "POST", "labels", json={"id": 9, "name": "kept"}, prefer="tx=rollback, return=minimal"
    )
    assert answer.headers["Preference-Applied"] == "return=minimal"
    assert tidy.execute("select name from labels where id = 9").fetchone() == {"name": "kept"}


def test_error_of_a_head_request_is_in_its_headers(project: Project) -> None:
    answer = project.send("HEAD", "trip")
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["Proxy-Status"] == "PostgREST; error=PGRST205"
    with pytest.raises(APIError) as refused:
        project.client().table("trip").select("*", head=True).execute()
    assert refused.value.code == "PGRST205"


def test_root_says_what_this_is(project: Project) -> None:
    answer = project.send("GET", "")
    assert answer.headers["Content-Type"] == "application/openapi+json"
    assert answer.json()["info"]["title"] == "public schema"


def test_methods_of_a_table_are_listed(project: Project) -> None:
    answer = project.send("OPTIONS", "trips")
    assert answer.headers["Allow"] == "OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE"
    assert project.send("OPTIONS", "rpc/who").headers["Allow"] == "OPTIONS,GET,HEAD,POST"
    assert project.send("OPTIONS", "trip").status_code == 404
    assert project.send("OPTIONS", "rpc/whom").status_code == 404


def test_key_of_another_project_is_nobody(project: Project) -> None:
    token = tokens.encode({"role": "anon"}, OTHER_SECRET)
    assert project.send("GET", "trips", token).json()["code"] == "PGRST301"
