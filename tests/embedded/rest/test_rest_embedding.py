"""Reading what belongs to a row along with it."""

from __future__ import annotations

from typing import Any

import pytest
from postgrest import APIError, CountMethod
from supabase import Client

from tests.support.rest import Project

EMBEDS: list[tuple[str, dict[str, str], list[dict[str, Any]]]] = [
    (
        "trips",
        {"select": "id,cars!car_id(plate)", "id": "lte.2", "order": "id"},
        [{"id": 1, "cars": {"plate": "DL 1"}}, {"id": 2, "cars": {"plate": "TN 3"}}],
    ),
    (
        "trips",
        {"select": "id,spare:cars!trips_backup_car_id_fkey(plate)", "id": "lte.2", "order": "id"},
        [{"id": 1, "spare": {"plate": "DL 2"}}, {"id": 2, "spare": None}],
    ),
    ("trips", {"select": "id,car_id(plate)", "id": "eq.3"}, [{"id": 3, "car_id": {"plate": "DL 2"}}]),
    (
        "trips",
        {"select": "id,trips_car_id_fkey(plate)", "id": "eq.3"},
        [{"id": 3, "trips_car_id_fkey": {"plate": "DL 2"}}],
    ),
    (
        "trips",
        {"select": "id,stops(place)", "stops.order": "position.desc", "stops.limit": "2", "id": "eq.2"},
        [{"id": 2, "stops": [{"place": "Ooty"}, {"place": "Coonoor"}]}],
    ),
    (
        "trips",
        {"select": "id,stops(place)", "stops.offset": "1", "stops.order": "position", "id": "eq.2"},
        [{"id": 2, "stops": [{"place": "Coonoor"}, {"place": "Ooty"}]}],
    ),
    (
        "trips",
        {"select": "id,ends:stops(place)", "ends.place": "like.O*", "id": "in.(2,3)", "order": "id"},
        [{"id": 2, "ends": [{"place": "Ooty"}]}, {"id": 3, "ends": []}],
    ),
    (
        "trips",
        {"select": "id,stops!inner(place)", "stops.place": "eq.Ooty"},
        [{"id": 2, "stops": [{"place": "Ooty"}]}],
    ),
    (
        "trips",
        {"select": "id,stops(place)", "stops.or": "(place.eq.Agra,position.eq.3)", "id": "eq.2"},
        [{"id": 2, "stops": [{"place": "Ooty"}]}],
    ),
    ("trips", {"select": "id,stops()", "stops": "is.null", "order": "id"}, [{"id": 3}, {"id": 4}]),
    ("trips", {"select": "id,permits()", "permits": "not.is.null"}, [{"id": 2}]),
    (
        "trips",
        {"select": "id,permits()", "or": "(permits.not.is.null,id.eq.4)", "order": "id"},
        [{"id": 2}, {"id": 4}],
    ),
    ("trips", {"select": "id,permits(number)", "id": "eq.2"}, [{"id": 2, "permits": {"number": "TN-77"}}]),
    ("permits", {"select": "trips(title)"}, [{"trips": {"title": "Ooty hills"}}]),
    (
        "trips",
        {"select": "id,labels(name)", "labels.order": "name", "id": "lte.2", "order": "id"},
        [
            {"id": 1, "labels": [{"name": "family"}]},
            {"id": 2, "labels": [{"name": "family"}, {"name": "hills"}]},
        ],
    ),
    ("labels", {"select": "name,trips!trip_labels()", "trips": "is.null"}, [{"name": "unused"}]),
    (
        "drivers",
        {
            "select": "name,cars(plate,trips!car_id(title,stops(place)))",
            "id": "eq.2",
            "cars.trips.stops.limit": "1",
        },
        [
            {
                "name": "Bala",
                "cars": [
                    {
                        "plate": "TN 3",
                        "trips": [{"title": "Ooty hills", "stops": [{"place": "Mettupalayam"}]}],
                    }
                ],
            }
        ],
    ),
    (
        "staff",
        {"select": "name,team:staff(name),boss:manager_id(name)", "id": "eq.2", "team.order": "name"},
        [{"name": "Middle", "team": [{"name": "Hand"}, {"name": "Other hand"}], "boss": {"name": "Head"}}],
    ),
    (
        "staff",
        {"select": "name,staff!manager_id(name)", "id": "eq.1"},
        [{"name": "Head", "staff": [{"name": "Middle"}]}],
    ),
    (
        "trips",
        {"select": "id,...cars!car_id(plate,seats)", "id": "in.(1,4)", "order": "id"},
        [{"id": 1, "plate": "DL 1", "seats": 4}, {"id": 4, "plate": None, "seats": None}],
    ),
    (
        "trips",
        {
            "select": "id,...stops(places:place)",
            "stops.order": "position.desc",
            "id": "in.(1,4)",
            "order": "id",
        },
        [{"id": 1, "places": ["Agra", "Delhi"]}, {"id": 4, "places": []}],
    ),
    (
        "trips",
        {"select": "id,...cars!car_id(...drivers(name))", "id": "eq.2"},
        [{"id": 2, "name": "Bala"}],
    ),
    (
        "trips",
        {"select": "id,...permits(*)", "id": "eq.2"},
        [{"id": 2, "trip_id": 2, "number": "TN-77"}],
    ),
    (
        "trips",
        {"select": "id,car:cars!car_id(plate)", "order": "car(plate).desc.nullslast,id"},
        [
            {"id": 2, "car": {"plate": "TN 3"}},
            {"id": 3, "car": {"plate": "DL 2"}},
            {"id": 1, "car": {"plate": "DL 1"}},
            {"id": 4, "car": None},
        ],
    ),
    (
        "trip_cards",
        {"select": "headline,cars(plate)", "id": "eq.2"},
        [{"headline": "Ooty hills", "cars": {"plate": "TN 3"}}],
    ),
    (
        "card_titles",
        {"select": "headline,cars(drivers(name))", "card_id": "eq.2"},
        [{"headline": "Ooty hills", "cars": {"drivers": {"name": "Bala"}}}],
    ),
    (
        "stops",
        {"select": "place,trip_cards(plate)", "trip_id": "eq.1", "position": "eq.1"},
        [{"place": "Delhi", "trip_cards": {"plate": "DL 1"}}],
    ),
    (
        "trip_cards",
        {"select": "headline,stops(place)", "id": "eq.1", "stops.order": "position"},
        [{"headline": "Agra by day", "stops": [{"place": "Delhi"}, {"place": "Agra"}]}],
    ),
    (
        "trips",
        {"select": "id,stops(count)", "order": "id", "id": "in.(2,3)"},
        [{"id": 2, "stops": [{"count": 3}]}, {"id": 3, "stops": [{"count": 0}]}],
    ),
    (
        "trips",
        {"select": "id,cars!car_id(features->make->>name,full:plate)", "id": "eq.1"},
        [{"id": 1, "cars": {"name": "Maruti", "full": "DL 1"}}],
    ),
]


@pytest.mark.parametrize(("table", "params", "rows"), EMBEDS)
def test_person_reads_what_belongs_to_a_row(
    project: Project, table: str, params: dict[str, str], rows: list[dict[str, Any]]
) -> None:
    answer = project.send("GET", table, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.json() == rows


def test_client_embeds_filters_sorts_and_limits(stranger: Client) -> None:
    rows = (
        stranger.table("trips")
        .select("title", "stops!inner(place)")
        .gte("stops.position", 2)
        .order("position", desc=True, foreign_table="stops")
        .limit(1, foreign_table="stops")
        .or_("place.eq.Ooty,place.eq.Agra", reference_table="stops")
        .order("id")
        .execute()
        .data
    )
    assert rows == [
        {"title": "Agra by day", "stops": [{"place": "Agra"}]},
        {"title": "Ooty hills", "stops": [{"place": "Ooty"}]},
    ]


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"select": "id,stops!inner(place)", "stops.place": "in.(Agra,Ooty)"}, 2),
        ({"select": "id,cars!car_id!inner(drivers!inner(name))", "cars.drivers.name": "eq.Asha"}, 2),
        ({"select": "id,permits()", "permits": "is.null"}, 3),
        ({"select": "id,permits()", "not.or": "(permits.is.null,id.eq.9)"}, 1),
        ({"select": "id,labels!inner(name)"}, 2),
    ],
)
def test_count_knows_what_embeds_leave_out(project: Project, params: dict[str, str], count: int) -> None:
    answer = project.send("GET", "trips", prefer="count=exact", params=params | {"limit": "1"})
    assert answer.headers["Content-Range"] == f"0-0/{count}"


def test_person_is_told_how_to_choose_between_two_ways(project: Project) -> None:
    answer = project.send("GET", "trips", params={"select": "id,cars(plate)"})
    assert answer.status_code == 300
    body = answer.json()
    assert body["code"] == "PGRST201"
    assert body["hint"] == (
        "Try changing 'cars' to one of the following: 'cars!trips_backup_car_id_fkey', "
        "'cars!trips_car_id_fkey'. Find the desired relationship in the 'details' key."
    )
    assert body["details"][1] == {
        "cardinality": "many-to-one",
        "embedding": "trips with cars",
        "relationship": "trips_car_id_fkey using trips(car_id) and cars(id)",
    }


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"select": "id,offers(name)"}, 400, "PGRST200"),
        ({"select": "id,secrets(word)"}, 400, "PGRST200"),
        ({"select": "id,cars!nonsense(plate)"}, 400, "PGRST200"),
        ({"select": "id,stops(nonsense(id))"}, 400, "PGRST200"),
        ({"select": "id", "stops.place": "eq.Agra"}, 400, "PGRST108"),
        ({"select": "id", "stops.order": "place"}, 400, "PGRST108"),
        ({"select": "id", "stops.limit": "1"}, 400, "PGRST108"),
        ({"select": "id,stops(place)", "order": "stops(place)"}, 400, "PGRST118"),
        ({"select": "id", "order": "cars(plate)"}, 400, "PGRST108"),
        ({"select": "id,stops(place)", "stops": "eq.x"}, 400, "PGRST120"),
        ({"select": "id,stops(nonsense)"}, 400, "42703"),
        ({"select": "id,stops(count())"}, 400, "PGRST123"),
        ({"select": "id,price.sum()"}, 400, "PGRST123"),
        ({"select": "count()"}, 400, "PGRST123"),
    ],
)
def test_embeds_that_can_not_be_are_refused(
    project: Project, params: dict[str, str], status: int, code: str
) -> None:
    answer = project.send("GET", "trips", params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_embedding_a_hidden_table_says_no_more_than_a_missing_one(project: Project) -> None:
    hidden = project.send("GET", "trips", params={"select": "id,secrets(word)"}).json()
    missing = project.send("GET", "trips", params={"select": "id,zecrets(word)"}).json()
    assert hidden == {
        key: value.replace("zecrets", "secrets") if value else value for key, value in missing.items()
    }


def test_inner_count_and_page_agree(stranger: Client) -> None:
    page = stranger.table("trips").select("id,permits!inner(number)", count=CountMethod.exact).execute()
    assert (len(page.data), page.count) == (1, 1)


def test_embedding_by_a_role_without_the_grant_is_refused(
    project: Project, database: Any, stranger: Client
) -> None:
    with pytest.raises(APIError) as refused:
        project.client().table("pages").select("words,diaries(mood)").execute()
    assert refused.value.code == "42501"
    assert database.execute("select mood from diaries where id = 1").fetchone() == {"mood": "glad"}
