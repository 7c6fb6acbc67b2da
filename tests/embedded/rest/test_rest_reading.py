"""Reading tables and views."""

from __future__ import annotations

from typing import Any

import pytest
from postgrest import APIError
from supabase import Client

from tests.support.rest import Project

FILTERS: list[tuple[str, str, str, str, list[int]]] = [
    ("trips", "id", "eq", "2", [2]),
    ("trips", "id", "neq", "2", [1, 3, 4]),
    ("trips", "id", "not.eq", "2", [1, 3, 4]),
    ("trips", "price", "gt", "99.5", [1, 2]),
    ("trips", "price", "gte", "99.50", [1, 2, 3]),
    ("trips", "price", "lt", "99.5", [4]),
    ("trips", "price", "lte", "99.5", [3, 4]),
    ("trips", "starts_at", "gte", "2027-02-02T02:30:00Z", [2]),
    ("trips", "status", "eq", "planned", [1, 3]),
    ("trips", "status", "gt", "planned", [2, 4]),
    ("trips", "title", "like", "*oty*", [2]),
    ("trips", "title", "like", "%wice", [3]),
    ("trips", "title", "not.like", "*o*", [1]),
    ("trips", "title", "ilike", "AGRA*", [1]),
    ("trips", "title", "match", "^[AG]", [1, 3]),
    ("trips", "title", "imatch", "^no", [4]),
    ("trips", "title", "like(any)", "{A*,O*}", [1, 2]),
    ("trips", "title", "ilike(all)", "{*a*,*d*}", [1]),
    ("trips", "id", "gt(any)", "{3,2}", [3, 4]),
    ("trips", "id", "eq(any)", "{1,4}", [1, 4]),
    ("trips", "id", "lt(all)", "{3,2}", [1]),
    ("trips", "id", "in", "(1,3,77)", [1, 3]),
    ("trips", "id", "not.in", "(1,3)", [2, 4]),
    ("trips", "title", "in", '("Goa, twice",Nowhere)', [3, 4]),
    ("trips", "title", "in", '("say ""x""","\\"")', []),
    ("trips", "title", "in", "()", []),
    ("trips", "paid", "is", "null", [3]),
    ("trips", "paid", "is", "NULL", [3]),
    ("trips", "paid", "is", "not_null", [1, 2, 4]),
    ("trips", "paid", "is", "true", [1, 4]),
    ("trips", "paid", "is", "false", [2]),
    ("trips", "paid", "not.is", "true", [2, 3]),
    ("trips", "paid", "is", "unknown", [3]),
    ("trips", "paid", "isdistinct", "true", [2, 3]),
    ("trips", "paid", "not.isdistinct", "true", [1, 4]),
    ("trips", "notes", "eq", "100% of (nothing)", [4]),
    ("trips", "words", "fts", "tea & train", [2]),
    ("trips", "words", "fts(english)", "gardening", [2]),
    ("trips", "words", "not.fts", "tea", [1, 3, 4]),
    ("trips", "words", "plfts", "the train and tea", [2]),
    ("trips", "words", "phfts(english)", "toy train", [2]),
    ("trips", "words", "wfts", "marble or train", [1, 2]),
    ("trips", "notes", "plfts(english)", "tombs", [1]),
    ("trips", "details->>guests", "eq", "5", [2]),
    ("trips", "details->guests", "gt", "2", [2]),
    ("trips", "details->contact->>name", "eq", 'Sita, "Queen"', [2]),
    ("trips", "details->meals->>0", "eq", "lunch", [1]),
    ("trips", "details->meals->>-1", "eq", "lunch", [1]),
    ("trips", "details->>guests", "is", "null", [3, 4]),
    ("trips", "full_title", "eq", "Nowhere (done)", [4]),
    ("cars", "features", "cs", '{"ac": true}', [1]),
    ("cars", "features", "cd", '{"ac": false, "more": 1}', [2, 3]),
    ("cars", "features->make->>name", "eq", "Maruti", [1]),
    ("drivers", "languages", "cs", "{english}", [1, 2]),
    ("drivers", "languages", "cd", "{english,tamil}", [2, 3]),
    ("drivers", "languages", "ov", "{hindi,french}", [1]),
    ("drivers", "languages", "eq", "{tamil,english}", [2]),
    ("cars", "prices", "cs", "[12,15)", [1]),
    ("cars", "prices", "ov", "[22,40)", [2, 3]),
    ("cars", "prices", "sl", "[20,30)", [1]),
    ("cars", "prices", "sr", "[10,20)", [2]),
    ("cars", "prices", "nxr", "[15,25)", [1, 3]),
    ("cars", "prices", "nxl", "[15,25)", [2, 3]),
    ("cars", "prices", "adj", "[20,30)", [1]),
    ("cars", "rented", "cs", "[2027-01-03,2027-01-04]", [1]),
]


@pytest.mark.parametrize(("table", "column", "operator", "value", "ids"), FILTERS)
def test_person_finds_rows_with_every_operator(
    project: Project, table: str, column: str, operator: str, value: str, ids: list[int]
) -> None:
    answer = project.send("GET", table, params={"select": "id", column: f"{operator}.{value}", "order": "id"})
    assert answer.status_code == 200, answer.text
    assert [row["id"] for row in answer.json()] == ids


LOGIC = [
    ("or", "(id.eq.1,status.eq.done)", [1, 4]),
    ("and", "(id.gt.1,id.lt.4)", [2, 3]),
    ("not.or", "(id.eq.1,id.eq.2)", [3, 4]),
    ("not.and", "(id.gt.1,id.lt.4)", [1, 4]),
    ("or", "(id.eq.1,and(status.eq.running,paid.not.is.true))", [1, 2]),
    ("or", '(title.eq."Goa, twice",notes.eq."100% of (nothing)")', [3, 4]),
    ("or", "(id.in.(1,2),not.and(id.gte.1,id.lte.3))", [1, 2, 4]),
    ("or", "(id.eq(any).{1,3},title.like.Now*)", [1, 3, 4]),
    ("or", "( id.eq.1 , id.not.lt.4 )", [1, 4]),
    ("or", "(details->>guests.eq.2,details->contact->>name.like.Sita*)", [1, 2]),
    ("and", "(or(id.eq.1,id.eq.2),or(id.eq.2,id.eq.3))", [2]),
    ("or", "(paid.is.null,words.fts(english).tomb)", [1, 3]),
]


@pytest.mark.parametrize(("key", "tree", "ids"), LOGIC)
def test_person_joins_conditions(project: Project, key: str, tree: str, ids: list[int]) -> None:
    answer = project.send("GET", "trips", params={"select": "id", key: tree, "order": "id"})
    assert answer.status_code == 200, answer.text
    assert [row["id"] for row in answer.json()] == ids


ORDERS = [
    ("price", [4, 3, 1, 2]),
    ("price.desc", [2, 1, 3, 4]),
    ("starts_at", [4, 1, 2, 3]),
    ("starts_at.desc", [3, 2, 1, 4]),
    ("starts_at.nullsfirst", [3, 4, 1, 2]),
    ("starts_at.desc.nullslast", [2, 1, 4, 3]),
    ("status.desc,id.desc", [4, 2, 3, 1]),
    ("details->guests.desc.nullslast,id", [2, 1, 3, 4]),
    ("full_title", [1, 3, 4, 2]),
]


@pytest.mark.parametrize(("order", "ids"), ORDERS)
def test_person_sorts_rows(project: Project, order: str, ids: list[int]) -> None:
    rows = project.send("GET", "trips", params={"select": "id", "order": order}).json()
    assert [row["id"] for row in rows] == ids


SELECTS: list[tuple[str, dict[str, Any]]] = [
    ("id,title", {"id": 2, "title": "Ooty hills"}),
    (" id , title ", {"id": 2, "title": "Ooty hills"}),
    ("number:id", {"number": 2}),
    ("price::text", {"price": "240.50"}),
    ("cost:price::int", {"cost": 241}),
    ("details->guests", {"guests": 5}),
    ("details->>guests", {"guests": "5"}),
    ("people:details->guests", {"people": 5}),
    ("details->contact->>name", {"name": 'Sita, "Queen"'}),
    ("details->contact->name::text", {"name": '"Sita, \\"Queen\\""'}),
    ("full_title", {"full_title": "Ooty hills (running)"}),
    ("starts_at::date", {"starts_at": "2027-02-02"}),
    ('"id"', {"id": 2}),
    ("", {}),
]


@pytest.mark.parametrize(("select", "row"), SELECTS)
def test_person_chooses_columns(project: Project, select: str, row: dict[str, Any]) -> None:
    answer = project.send("GET", "trips", params={"select": select, "id": "eq.2"})
    if select:
        assert answer.json() == [row]
    else:
        assert set(answer.json()[0]) >= {"id", "title", "words"}


def test_person_reads_everything_by_default(stranger: Client) -> None:
    rows = stranger.table("drivers").select("*").order("id").execute().data
    assert rows[0] == {"id": 1, "name": "Asha", "languages": ["hindi", "english"], "rating": 4.9}
    assert len(rows) == 3


def test_person_reads_one_row(stranger: Client) -> None:
    row = stranger.table("trips").select("id,title").eq("id", 1).single().execute().data
    assert row == {"id": 1, "title": "Agra by day"}


def test_person_who_wants_one_row_and_would_get_several_gets_none(stranger: Client) -> None:
    with pytest.raises(APIError) as refused:
        stranger.table("trips").select("id").single().execute()
    assert refused.value.code == "PGRST116"
    assert refused.value.details == "The result contains 4 rows"


def test_person_who_may_get_no_row_gets_none(stranger: Client) -> None:
    assert stranger.table("trips").select("id").eq("id", 77).maybe_single().execute() is None
    with pytest.raises(APIError, match="PGRST116"):
        stranger.table("trips").select("id").eq("id", 77).single().execute()


def test_person_reads_csv(stranger: Client) -> None:
    text = stranger.table("trips").select("id,title,notes").order("id").limit(3).csv().execute().data
    assert text.splitlines() == [
        "id,title,notes",
        '1,"Agra by day","Sunrise over the marble tomb"',
        '2,"Ooty hills","Toy train and tea gardens"',
        '3,"Goa, twice",',
    ]


def test_person_leaves_out_what_is_empty(stranger: Client) -> None:
    rows = stranger.table("trips").select("id,notes,paid").eq("id", 3).strip_nulls().execute().data
    assert rows == [{"id": 3}]
    row = stranger.table("trips").select("id,notes").eq("id", 3).strip_nulls().single().execute().data
    assert row == {"id": 3}


def test_names_may_have_any_character(project: Project) -> None:
    answer = project.send(
        "GET",
        "odd%20%22names%22%2C%20all",
        params={"select": '"a column",half:"per%cent","quote\\"d"', '"quote\\"d"': 'eq."'},
    )
    assert answer.json() == [{"a column": 2, "half": None, 'quote"d': '"'}]


def test_views_are_read_like_tables(stranger: Client) -> None:
    rows = stranger.table("trip_cards").select("headline,plate").eq("id", 2).execute().data
    assert rows == [{"headline": "Ooty hills", "plate": "TN 3"}]


def test_project_never_gives_more_rows_than_it_allows(project: Project) -> None:
    answer = project.send("GET", "rpc/even_numbers", params={"until": "4000"})
    assert len(answer.json()) == project.settings.max_rows == 1000


def test_numbers_keep_every_digit(project: Project) -> None:
    answer = project.send("GET", "trips", params={"select": "price", "id": "eq.1"})
    assert answer.text == '[{"price":120.00}]'
