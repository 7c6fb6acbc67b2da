"""Inserting rows, and replacing those that are there."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from postgrest import APIError, CountMethod, ReturnMethod
from supabase import Client

from tests.support.rest import LABELS, Project, labels

Database = psycopg.Connection[dict[str, Any]]

pytestmark = pytest.mark.usefixtures("tidy")


def test_person_adds_a_row_and_gets_it_back(stranger: Client, database: Database) -> None:
    rows = stranger.table("trips").insert({"title": "Hampi", "details": {"guests": 3}}).execute().data
    assert rows[0] | {"id": 0} == {
        "id": 0,
        "title": "Hampi",
        "status": "planned",
        "starts_at": None,
        "car_id": None,
        "backup_car_id": None,
        "price": 99.5,
        "paid": None,
        "notes": None,
        "details": {"guests": 3},
        "words": "",
    }
    kept = database.execute("select title, details from trips where id = %s", [rows[0]["id"]]).fetchone()
    assert kept == {"title": "Hampi", "details": {"guests": 3}}


def test_person_adds_many_rows_at_once(stranger: Client, database: Database) -> None:
    answer = (
        stranger.table("labels")
        .insert([{"id": 7, "name": "beach"}, {"id": 8, "name": "desert"}], count=CountMethod.exact)
        .execute()
    )
    assert answer.count == 2
    assert labels(database) == [*LABELS, (7, "beach"), (8, "desert")]


def test_one_bad_row_keeps_all_out(stranger: Client, database: Database) -> None:
    with pytest.raises(APIError) as refused:
        stranger.table("labels").insert([{"id": 7, "name": "beach"}, {"id": 1, "name": "again"}]).execute()
    assert refused.value.code == "23505"
    assert labels(database) == LABELS


def test_missing_columns_are_null_or_their_default_as_asked(stranger: Client, database: Database) -> None:
    rows: list[dict[str, Any]] = [{"title": "Both", "price": 5}, {"title": "Half"}]
    with pytest.raises(APIError, match="null value in column"):
        stranger.table("trips").insert(rows).execute()
    stranger.table("trips").insert(rows, default_to_null=False).execute()
    kept = database.execute("select title, price::text from trips where id > 4 order by title").fetchall()
    assert kept == [{"title": "Both", "price": "5.00"}, {"title": "Half", "price": "99.50"}]


def test_default_of_one_row_is_used_too(project: Project, database: Database) -> None:
    answer = project.send(
        "POST",
        "trips",
        params={"columns": "title,price"},
        json={"title": "Alone"},
        prefer="missing=default,return=representation",
    )
    assert answer.json()[0]["price"] == 99.5
    assert answer.headers["Preference-Applied"] == "missing=default, return=representation"


def test_only_the_named_columns_are_written(project: Project) -> None:
    answer = project.send(
        "POST",
        "labels",
        params={"columns": "id,name", "select": "id,name"},
        json=[{"id": 7, "name": "beach", "nonsense": 1}, {"id": 8, "name": "desert"}],
        prefer="return=representation",
    )
    assert answer.json() == [{"id": 7, "name": "beach"}, {"id": 8, "name": "desert"}]


def test_row_of_defaults(project: Project, database: Database) -> None:
    answer = project.send("POST", "notes", json={}, prefer="return=representation")
    assert (answer.status_code, answer.json()) == (201, [{"id": 1, "body": None}])
    assert project.send("POST", "notes", json=[{}, {}]).status_code == 201
    assert project.send("POST", "notes", json=[]).status_code == 201
    assert database.execute("select count(*) from notes").fetchone() == {"count": 3}


def test_new_row_comes_back_with_what_belongs_to_it(stranger: Client) -> None:
    rows = (
        stranger.table("trips")
        .insert({"title": "Again", "car_id": 3})
        .select("title", "full_title", "cars!car_id(plate,drivers(name))", "stops(place)")
        .execute()
        .data
    )
    assert rows == [
        {
            "title": "Again",
            "full_title": "Again (planned)",
            "cars": {"plate": "TN 3", "drivers": {"name": "Bala"}},
            "stops": [],
        }
    ]


def test_nothing_comes_back_when_nothing_is_wanted(stranger: Client, database: Database) -> None:
    answer = stranger.table("letters").insert({"text": "Hello"}, returning=ReturnMethod.minimal).execute()
    assert answer.data == []
    assert database.execute("select read from letters where text = 'Hello'").fetchone() == {"read": False}


def test_letter_box_gives_nothing_back(stranger: Client, database: Database) -> None:
    with pytest.raises(APIError) as refused:
        stranger.table("letters").insert({"text": "Hello"}).execute()
    assert refused.value.code == "42501"
    assert database.execute("select count(*) from letters").fetchone() == {"count": 1}


@pytest.mark.parametrize(
    ("prefer", "status", "body", "headers"),
    [
        (None, 201, "", {}),
        ("return=minimal", 201, "", {"Preference-Applied": "return=minimal"}),
        ("return=headers-only", 201, "", {"Location": "/labels?id=eq.9"}),
        ("return=representation", 201, '[{"id":9,"name":"x"}]', {}),
        ("count=exact", 201, "", {"Content-Range": "*/1"}),
    ],
)
def test_answer_to_an_insert(
    project: Project, prefer: str | None, status: int, body: str, headers: dict[str, str]
) -> None:
    answer = project.send("POST", "labels", json={"id": 9, "name": "x"}, prefer=prefer)
    assert (answer.status_code, answer.text) == (status, body)
    assert dict(answer.headers) | {key.lower(): value for key, value in headers.items()} == dict(
        answer.headers
    )


def test_person_inserts_a_table_of_text(project: Project, database: Database) -> None:
    answer = project.send(
        "POST",
        "labels",
        content='id,name\n7,"a ""quoted"", word"\n8,NULL-ish\n',
        headers={"Content-Type": "text/csv"},
    )
    assert answer.status_code == 201
    assert labels(database)[3:] == [(7, 'a "quoted", word'), (8, "NULL-ish")]


def test_person_replaces_or_adds(stranger: Client, database: Database) -> None:
    rows = (
        stranger.table("labels")
        .upsert([{"id": 1, "name": "friends"}, {"id": 9, "name": "new"}])
        .execute()
        .data
    )
    assert rows == [{"id": 1, "name": "friends"}, {"id": 9, "name": "new"}]
    assert labels(database) == [(1, "friends"), (2, "hills"), (3, "unused"), (9, "new")]


def test_person_adds_only_what_is_new(stranger: Client, database: Database) -> None:
    rows = (
        stranger.table("labels")
        .upsert([{"id": 1, "name": "friends"}, {"id": 9, "name": "new"}], ignore_duplicates=True)
        .execute()
        .data
    )
    assert rows == [{"id": 9, "name": "new"}]
    assert labels(database) == [*LABELS, (9, "new")]


def test_person_replaces_by_another_key(stranger: Client, database: Database) -> None:
    stranger.table("cars").upsert({"plate": "DL 1", "seats": 5}, on_conflict="plate").execute()
    assert database.execute("select id, seats from cars where plate = 'DL 1'").fetchone() == {
        "id": 1,
        "seats": 5,
    }


@pytest.mark.parametrize(("row", "status"), [({"id": 1, "name": "x"}, 200), ({"id": 9, "name": "x"}, 201)])
def test_status_tells_new_from_replaced(project: Project, row: dict[str, Any], status: int) -> None:
    assert (
        project.send("POST", "labels", json=row, prefer="resolution=merge-duplicates").status_code == status
    )
