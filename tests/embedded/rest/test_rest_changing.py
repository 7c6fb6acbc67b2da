"""Changing and deleting rows, and what the database refuses."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from postgrest import APIError, CountMethod, ReturnMethod
from supabase import Client

from tests.support.rest import LABELS, Project, labels

Database = psycopg.Connection[dict[str, Any]]

pytestmark = pytest.mark.usefixtures("tidy")


def test_person_changes_rows(stranger: Client, database: Database) -> None:
    rows = (
        stranger.table("trips").update({"paid": True, "notes": None}).eq("status", "planned").execute().data
    )
    assert [(row["id"], row["paid"], row["notes"]) for row in rows] == [(1, True, None), (3, True, None)]
    assert database.execute("select count(*) from trips where paid").fetchone() == {"count": 3}


def test_change_that_meets_no_row_changes_none(stranger: Client, database: Database) -> None:
    before = database.execute("select * from trips order by id").fetchall()
    assert stranger.table("trips").update({"title": "x"}).eq("id", 1).eq("price", 5).execute().data == []
    assert database.execute("select * from trips order by id").fetchall() == before


def test_change_of_nothing_gives_no_rows(project: Project) -> None:
    answer = project.send("PATCH", "trips", params={"id": "eq.1"}, json={}, prefer="return=representation")
    assert (answer.status_code, answer.json()) == (200, [])


def test_changed_row_comes_back_with_what_belongs_to_it(project: Project) -> None:
    answer = project.send(
        "PATCH",
        "trips",
        params={"id": "in.(1,2)", "select": "id,stops(place)", "stops.place": "like.A*", "order": "id.desc"},
        json={"paid": True},
        prefer="return=representation",
    )
    assert answer.json() == [{"id": 2, "stops": []}, {"id": 1, "stops": [{"place": "Agra"}]}]
    assert answer.headers["Content-Range"] == "0-1/*"


def test_person_deletes_rows(stranger: Client, database: Database) -> None:
    rows = stranger.table("labels").delete(count=CountMethod.exact).eq("id", 3).execute()
    assert (rows.data, rows.count) == ([{"id": 3, "name": "unused"}], 1)
    assert labels(database) == LABELS[:2]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_nobody_writes_every_row_by_forgetting_a_filter(
    project: Project, database: Database, method: str
) -> None:
    answer = project.send(method, "labels", json={"name": "x"})
    verb = "UPDATE" if method == "PATCH" else "DELETE"
    assert (answer.status_code, answer.json()["message"]) == (400, f"{verb} requires a WHERE clause")
    assert labels(database) == LABELS


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_limit_on_a_write_is_refused(project: Project, database: Database, method: str) -> None:
    answer = project.send(method, "labels", params={"id": "lt.3", "limit": "1"}, json={"id": 9, "name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST127")
    assert labels(database) == LABELS


def test_write_of_too_many_rows_is_undone(stranger: Client, database: Database) -> None:
    with pytest.raises(APIError) as refused:
        stranger.table("labels").update({"name": "x"}).gt("id", 0).max_affected(2).execute()
    assert (refused.value.code, refused.value.details) == ("PGRST124", "The query affects 3 rows")
    assert labels(database) == LABELS
    assert len(stranger.table("labels").update({"name": "x"}).gt("id", 1).max_affected(2).execute().data) == 2


def test_write_for_one_row_that_meets_more_is_undone(project: Project, database: Database) -> None:
    answer = project.send(
        "PATCH",
        "labels",
        params={"id": "gt.1"},
        json={"name": "x"},
        headers={"Accept": "application/vnd.pgrst.object+json"},
        prefer="return=representation",
    )
    assert (answer.status_code, answer.json()["code"]) == (406, "PGRST116")
    assert labels(database) == LABELS


def test_person_puts_a_row(project: Project, database: Database) -> None:
    put = {"params": {"id": "eq.9"}, "json": {"id": 9, "name": "nine"}}
    assert project.send("PUT", "labels", prefer="return=representation", **put).status_code == 201
    answer = project.send("PUT", "labels", prefer="return=representation", **put)
    assert (answer.status_code, answer.json()) == (200, [{"id": 9, "name": "nine"}])
    assert project.send("PUT", "labels", **put).status_code == 204
    assert labels(database) == [*LABELS, (9, "nine")]


@pytest.mark.parametrize(
    ("params", "row", "status", "code"),
    [
        ({"id": "eq.1"}, {"id": 2, "name": "x"}, 400, "PGRST115"),
        ({"id": "gt.1"}, {"id": 2, "name": "x"}, 405, "PGRST105"),
        ({"id": "not.eq.1"}, {"id": 2, "name": "x"}, 405, "PGRST105"),
        ({"id": "eq.1", "name": "eq.x"}, {"id": 1, "name": "x"}, 405, "PGRST105"),
        ({}, {"id": 1, "name": "x"}, 405, "PGRST105"),
        ({"id": "eq.1", "limit": "1"}, {"id": 1, "name": "x"}, 400, "PGRST114"),
    ],
)
def test_put_that_does_not_name_its_row_is_refused(
    project: Project,
    database: Database,
    params: dict[str, str],
    row: dict[str, Any],
    status: int,
    code: str,
) -> None:
    answer = project.send("PUT", "labels", params=params, json=row)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert labels(database) == LABELS


def test_put_replaces_all_that_a_body_says(project: Project, database: Database) -> None:
    project.send(
        "PUT",
        "stops",
        params={"trip_id": "eq.1", "position": "eq.2"},
        json={"trip_id": 1, "position": 2, "place": "Mathura"},
    )
    assert database.execute("select place from stops where trip_id = 1 and position = 2").fetchone() == {
        "place": "Mathura"
    }


BAD_BODIES: list[tuple[Any, str]] = [
    (b"", "Empty or invalid json"),
    (b"{", "Empty or invalid json"),
    (b'{"id": NaN}', "Empty or invalid json"),
    (b"\xff", "Empty or invalid json"),
    (b'[{"id": 9}, {"name": "x"}]', "All object keys must match"),
    (b"[1, 2]", "All object keys must match"),
    (b'[{"id": 9}, 5]', "All object keys must match"),
]


@pytest.mark.parametrize(("body", "message"), BAD_BODIES)
def test_body_that_makes_no_sense_is_refused(
    project: Project, database: Database, body: bytes, message: str
) -> None:
    answer = project.send("POST", "labels", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (400, "PGRST102", message)
    assert labels(database) == LABELS


ERRORS: list[tuple[str, dict[str, Any], int, str]] = [
    ("labels", {"id": 1, "name": "x"}, 409, "23505"),
    ("stops", {"trip_id": 99, "position": 1, "place": "x"}, 409, "23503"),
    ("labels", {"id": 9, "name": None}, 400, "23502"),
    ("labels", {"id": "nine", "name": "x"}, 400, "22P02"),
    ("labels", {"id": 9, "name": "x", "colour": "red"}, 400, "PGRST204"),
    ("trips", {"title": "x" * 81}, 400, "22001"),
    ("trips", {"title": "x", "status": "lost"}, 400, "22P02"),
    ("trips", {"title": "x", "words": "y"}, 400, "428C9"),
    ("letters", {"text": "x" * 1000}, 400, "23514"),
    ("letters", {"text": "x", "read": True}, 401, "42501"),
    ("notes", {"id": 5}, 400, "428C9"),
    ("full_trips", {"id": 5}, 404, "PGRST205"),
    ("secrets", {"id": 5}, 404, "PGRST205"),
    ("labels", {"id": 9, "name": "zero \u0000 byte"}, 400, "22P05"),
]


@pytest.mark.parametrize(("table", "row", "status", "code"), ERRORS)
def test_row_that_the_database_refuses(
    project: Project, table: str, row: dict[str, Any], status: int, code: str
) -> None:
    answer = project.send("POST", table, json=row)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json().keys() == {"code", "message", "details", "hint"}


def test_error_of_a_deferred_constraint_undoes_the_write(project: Project, tidy: Database) -> None:
    tidy.execute("alter table labels add constraint later unique (name) deferrable initially deferred")
    try:
        answer = project.send("POST", "labels", json={"id": 9, "name": "hills"})
        assert (answer.status_code, answer.json()["code"]) == (409, "23505")
        assert labels(tidy) == LABELS
    finally:
        tidy.execute("alter table labels drop constraint later")


def test_update_of_a_column_without_the_grant_changes_nothing(
    project: Project, asha: Client, database: Database
) -> None:
    with pytest.raises(APIError) as refused:
        asha.table("diaries").update({"owner": "bala"}, returning=ReturnMethod.minimal).eq("id", 1).execute()
    assert refused.value.code == "42501"
    assert database.execute("select owner from diaries where id = 1").fetchone() == {"owner": "asha"}


def test_person_changes_their_own_row_and_nobody_else_s(asha: Client, database: Database) -> None:
    def change(number: int) -> Any:
        changed = asha.table("diaries").update({"entry": "rewritten"}).eq("id", number)
        return changed.select("id,entry").execute().data

    assert change(1) == [{"id": 1, "entry": "rewritten"}]
    assert change(2) == []
    kept = database.execute("select entry from diaries where id = 2").fetchone()
    assert kept == {"entry": "Nobody reads this"}
