"""Pages of rows, and how many rows there are."""

from __future__ import annotations

import pytest
from postgrest import CountMethod
from supabase import Client

from tests.support.rest import Project


def test_person_turns_pages_and_learns_how_many_there_are(stranger: Client) -> None:
    page = stranger.table("trips").select("id", count=CountMethod.exact).order("id").range(1, 2).execute()
    assert [row["id"] for row in page.data] == [2, 3]
    assert page.count == 4


def test_person_counts_without_reading(stranger: Client) -> None:
    counted = stranger.table("trips").select("*", count=CountMethod.exact, head=True).eq("paid", True)
    assert counted.execute().count == 2


def test_planner_guesses_the_count(stranger: Client) -> None:
    page = stranger.table("trips").select("id", count=CountMethod.planned).limit(1).execute()
    assert page.count is not None
    assert page.count > 0


def test_estimate_of_few_rows_is_exact(stranger: Client) -> None:
    assert stranger.table("trips").select("id", count=CountMethod.estimated).limit(1).execute().count == 4


@pytest.mark.parametrize(
    ("headers", "params", "status", "content_range", "ids"),
    [
        ({}, {}, 200, "0-3/*", [1, 2, 3, 4]),
        ({"Prefer": "count=exact"}, {}, 200, "0-3/4", [1, 2, 3, 4]),
        ({"Range": "1-2"}, {}, 200, "1-2/*", [2, 3]),
        ({"Range": "2-"}, {}, 200, "2-3/*", [3, 4]),
        ({"Range": "1-2", "Prefer": "count=exact"}, {}, 206, "1-2/4", [2, 3]),
        ({"Range": "0-1"}, {"offset": "1"}, 200, "1-1/*", [2]),
        ({"Prefer": "count=exact"}, {"limit": "2", "offset": "3"}, 206, "3-3/4", [4]),
        ({"Prefer": "count=exact"}, {"offset": "4"}, 206, "*/4", []),
        ({"Prefer": "count=exact"}, {"limit": "0"}, 206, "*/4", []),
        ({"Prefer": "count=exact"}, {"id": "eq.9"}, 200, "*/0", []),
        ({"Range": "nonsense"}, {}, 200, "0-3/*", [1, 2, 3, 4]),
    ],
)
def test_pages_say_where_they_are(
    project: Project,
    headers: dict[str, str],
    params: dict[str, str],
    status: int,
    content_range: str,
    ids: list[int],
) -> None:
    answer = project.send("GET", "trips", headers=headers, params={"select": "id", "order": "id"} | params)
    assert answer.status_code == status
    assert answer.headers["Content-Range"] == content_range
    assert [row["id"] for row in answer.json()] == ids


@pytest.mark.parametrize(
    ("headers", "params", "details"),
    [
        (
            {"Prefer": "count=exact"},
            {"offset": "5"},
            "An offset of 5 was requested, but there are only 4 rows.",
        ),
        (
            {"Range": "3-1"},
            {},
            "The lower boundary must be lower than or equal to the upper boundary in the Range header.",
        ),
        ({}, {"limit": "-1"}, "Limit should be greater than or equal to zero."),
        ({}, {"offset": "-1"}, "Offset should be greater than or equal to zero."),
    ],
)
def test_page_that_can_not_be_is_refused(
    project: Project, headers: dict[str, str], params: dict[str, str], details: str
) -> None:
    answer = project.send("GET", "trips", headers=headers, params=params)
    assert answer.status_code == 416
    assert answer.json() == {
        "code": "PGRST103",
        "message": "Requested range not satisfiable",
        "details": details,
        "hint": None,
    }


def test_head_has_the_headers_and_no_body(project: Project) -> None:
    answer = project.send("HEAD", "trips", prefer="count=exact", params={"id": "lt.3"})
    assert (answer.status_code, answer.headers["Content-Range"], answer.content) == (200, "0-1/2", b"")
