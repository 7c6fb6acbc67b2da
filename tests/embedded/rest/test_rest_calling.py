"""Calling functions."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from postgrest import APIError, CountMethod
from supabase import Client

from tests.support.rest import Project

Database = psycopg.Connection[dict[str, Any]]


@pytest.mark.parametrize("get", [False, True])
@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("add_numbers", {"a": 1}, 11),
        ("add_numbers", {"a": 1, "b": 2}, 3),
        ("add_numbers", {"a": 1, "b": 2, "c": 3}, 6),
        ("even_numbers", {"until": 6}, [2, 4, 6]),
        ("even_numbers", {"until": 1}, []),
        ("who", {}, "anon"),
        (
            "status_counts",
            {},
            [
                {"status": "planned", "trips": 2},
                {"status": "running", "trips": 1},
                {"status": "done", "trips": 1},
            ],
        ),
    ],
)
def test_person_calls_a_function(
    stranger: Client, get: bool, name: str, arguments: dict[str, Any], result: Any
) -> None:
    assert stranger.rpc(name, arguments, get=get).execute().data == result


def test_rows_of_a_function_are_filtered_sorted_and_embedded(stranger: Client) -> None:
    rows = (
        stranger.rpc("trips_with", {"wanted": "planned"})
        .select("title", "full_title", "stops(place)", "cars!car_id(plate)")
        .gt("price", 50)
        .neq("full_title", "x")
        .order("title", desc=True)
        .limit(1)
        .execute()
        .data
    )
    assert rows == [
        {"title": "Goa, twice", "full_title": "Goa, twice (planned)", "stops": [], "cars": {"plate": "DL 2"}}
    ]


def test_rows_of_a_function_are_counted(stranger: Client) -> None:
    page = stranger.rpc("trips_with", {"wanted": "planned"}, count=CountMethod.exact).limit(1).execute()
    assert (len(page.data), page.count) == (1, 2)
    assert (
        stranger.rpc("trips_with", {"wanted": "planned"}, count=CountMethod.exact, head=True).execute().count
        == 2
    )


def test_function_of_one_row_gives_one_row(stranger: Client) -> None:
    assert stranger.rpc("one_trip", {"wanted": 2}).select("id", "title").execute().data == {
        "id": 2,
        "title": "Ooty hills",
    }


def test_function_of_rows_gives_a_single_one_where_that_is_wanted(stranger: Client) -> None:
    found = stranger.rpc("trips_with", {"wanted": "running"}).select("id").single().execute().data
    assert found == {"id": 2}
    with pytest.raises(APIError, match="PGRST116"):
        stranger.rpc("trips_with", {"wanted": "planned"}).single().execute()


def test_function_that_returns_nothing(project: Project) -> None:
    answer = project.send("POST", "rpc/nothing")
    assert (answer.status_code, answer.content) == (204, b"")


def test_function_takes_a_whole_body(project: Project) -> None:
    assert project.send("POST", "rpc/echo", json={"a": [1, {"b": None}]}).json() == {"a": [1, {"b": None}]}
    shouted = project.send(
        "POST", "rpc/shout", content="hi 'there' ; --", headers={"Content-Type": "text/plain"}
    )
    assert shouted.json() == "HI 'THERE' ; --"


def test_function_takes_any_number_of_words(project: Project) -> None:
    query = "rpc/join_words?separator=%2B&words=a&words=b,c&words=d"
    assert project.send("GET", query).json() == "a+b,c+d"
    body = {"separator": " ", "words": ["x", "y"]}
    assert project.send("POST", "rpc/join_words", json=body).json() == "x y"


def test_form_calls_a_function(project: Project) -> None:
    assert project.send("POST", "rpc/add_numbers", data={"a": "1", "b": "5"}).json() == 6


def test_function_that_writes_is_called_by_post_only(project: Project, tidy: Database) -> None:
    refused = project.send("GET", "rpc/add_note", params={"body": "x"})
    assert (refused.status_code, refused.json()["code"]) == (405, "25006")
    assert tidy.execute("select count(*) from notes").fetchone() == {"count": 0}
    assert project.send("POST", "rpc/add_note", json={"body": "x"}).status_code == 200
    assert tidy.execute("select body from notes").fetchone() == {"body": "x"}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_function_is_not_called_by_other_methods(project: Project, method: str) -> None:
    answer = project.send(method, "rpc/who")
    assert (answer.status_code, answer.json()["code"]) == (405, "PGRST101")


def test_missing_function_is_named(project: Project) -> None:
    answer = project.send("POST", "rpc/add_number", json={"x": 1, "a": 2})
    assert answer.status_code == 404
    assert answer.json() == {
        "code": "PGRST202",
        "message": "Could not find the function public.add_number(a, x) in the schema cache",
        "details": "Searched for the function public.add_number with parameters a, x or with a single "
        "unnamed json/jsonb parameter, but no matches were found in the schema cache.",
        "hint": "Perhaps you meant to call the function public.add_numbers",
    }
    answer = project.send("GET", "rpc/add_numbers", params={"a": "1", "bb": "2"})
    assert answer.json()["hint"] == "Perhaps you meant to call the function public.add_numbers(a, b)"


def test_two_functions_that_fit_are_one_too_many(project: Project) -> None:
    answer = project.send("POST", "rpc/either", json={"a": 1})
    assert (answer.status_code, answer.json()["code"]) == (300, "PGRST203")


def test_function_outside_the_exposed_schemas_is_not_there(project: Project, database: Database) -> None:
    assert project.send("POST", "rpc/reveal").json()["code"] == "PGRST202"
    assert project.send("POST", "rpc/pg_sleep", json={"seconds": 1}).json()["code"] == "PGRST202"
    assert database.execute("select hidden.reveal()").fetchone() == {"reveal": "secret"}


@pytest.mark.parametrize(
    ("state", "status", "stranger_status"),
    [
        ("P0001", 400, 400),
        ("22023", 400, 400),
        ("23505", 409, 409),
        ("42501", 403, 401),
        ("42883", 404, 404),
        ("42P01", 404, 404),
        ("57014", 500, 500),
        ("53300", 503, 503),
        ("08006", 503, 503),
        ("40001", 500, 500),
        ("28000", 403, 403),
        ("P0002", 500, 500),
        ("XX000", 500, 500),
        ("AB123", 400, 400),
        ("PT429", 429, 429),
        ("PT999", 500, 500),
        ("PTABC", 500, 500),
    ],
)
def test_errors_of_functions_have_their_status(
    project: Project, state: str, status: int, stranger_status: int
) -> None:
    call = {"json": {"state": state, "message": "too many letters"}}
    assert project.send("POST", "rpc/fail", **call).status_code == stranger_status
    answer = project.send("POST", "rpc/fail", project.token(), **call)
    assert answer.status_code == status
    assert answer.headers["Proxy-Status"] == f"PostgREST; error={state}"
    assert answer.json() == {
        "code": state,
        "message": "too many letters",
        "details": "the detail",
        "hint": "the hint",
    }


def test_function_says_the_answer_s_status_and_headers(project: Project) -> None:
    answer = project.send("POST", "rpc/answer_myself")
    assert (answer.status_code, answer.headers["X-Kettle"], answer.json()) == (418, "boiling", "tea")
    answer = project.send("POST", "rpc/full_answer")
    assert (answer.status_code, answer.headers["X-Kettle"]) == (402, "cold")
    assert answer.json() == {"code": "tea", "message": "no coffee", "details": "d", "hint": "h"}


def test_function_knows_the_request(project: Project) -> None:
    token = project.token(sub="asha", app_metadata={"staff": True})

    def setting(name: str, **request: Any) -> Any:
        return project.send("POST", "rpc/request_setting", token, json={"name": name}, **request).json()

    assert '"staff":true' in setting("request.jwt.claims")
    assert setting("request.method") == "POST"
    assert setting("request.path") == "/rpc/request_setting"
    assert '"x-colour": "red"' in setting("request.headers", headers={"X-Colour": "red"})
    assert setting("request.cookies", headers={"Cookie": "biscuit=ginger"}) == '{"biscuit": "ginger"}'
    assert "biscuit" not in setting("request.headers", headers={"Cookie": "biscuit=ginger"})
    assert setting("search_path") == '"public", "extensions"'
    assert setting("timezone", prefer="timezone=Asia/Kolkata") == "Asia/Kolkata"


def test_result_of_too_many_rows_is_refused(project: Project) -> None:
    strict = "handling=strict,max-affected=1"
    answer = project.send("POST", "rpc/even_numbers", json={"until": 6}, prefer=strict)
    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST124")
    answer = project.send("POST", "rpc/who", prefer=strict)
    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST128")
