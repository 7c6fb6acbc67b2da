"""Rows and columns that the role may not see stay unseen, and unchanged, however they are asked for."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.support.rest import Project

Database = psycopg.Connection[dict[str, Any]]

HIDDEN = "Nobody reads this"


@pytest.mark.parametrize(
    "query",
    [
        "select=*&id=eq.2",
        "select=id,entry",
        "select=id,entry&id=eq.2",
        "select=id&entry=like.Nobody*",
        "select=id,entry&or=(id.eq.1,id.eq.2)",
        "select=id,entry&order=entry.desc",
        "select=entry::int",
        "select=id&entry=match.(",
        "select=id&entry=gt.A",
        "select=id,pages(words)",
        "select=id,entry&owner=neq.asha",
        "select=entry&limit=1&offset=1",
        "select=count",
    ],
)
def test_filters_show_nobody_else_s_rows(project: Project, database: Database, query: str) -> None:
    token = project.token(sub="asha")
    answer = project.send("GET", f"diaries?{query}", token, prefer="count=exact")
    assert HIDDEN not in answer.text
    assert '"bala"' not in answer.text
    total = answer.headers.get("Content-Range", "/").rpartition("/")[2]
    assert total in ("", "0", "1")
    kept = database.execute("select owner, entry from diaries where id = 2").fetchone()
    assert kept == {"owner": "bala", "entry": HIDDEN}


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (
            "select=id,diaries(entry)&order=id",
            [{"id": 1, "diaries": {"entry": "Dear diary"}}, {"id": 2, "diaries": None}],
        ),
        ("select=id,diaries!inner(entry)", [{"id": 1, "diaries": {"entry": "Dear diary"}}]),
        ("select=id,diaries!inner(entry)&diaries.entry=like.Nobody*", []),
        ("select=id,d:diaries(id)&d=not.is.null", [{"id": 1, "d": {"id": 1}}]),
        ("select=id,...diaries(entry)&id=eq.2", [{"id": 2, "entry": None}]),
        (
            "select=id,diaries(entry)&order=diaries(entry).desc.nullslast&limit=1",
            [{"id": 1, "diaries": {"entry": "Dear diary"}}],
        ),
    ],
)
def test_embeds_show_nobody_else_s_rows(project: Project, query: str, rows: list[dict[str, Any]]) -> None:
    assert project.send("GET", f"pages?{query}", project.token(sub="asha")).json() == rows


@pytest.mark.parametrize(
    "query",
    [
        "select=*",
        "select=mood",
        "select=id&mood=eq.sad",
        "select=id&order=mood",
        "select=row_to_json",
        "select=to_jsonb",
        "select=id&or=(mood.eq.sad)",
        "select=m:mood::text",
    ],
)
def test_column_without_the_grant_is_never_read(project: Project, database: Database, query: str) -> None:
    answer = project.send("GET", f"diaries?{query}", project.token(sub="asha"))
    assert (answer.status_code, answer.json()["code"]) == (403, "42501")
    assert "glad" not in answer.text
    assert database.execute("select mood from diaries where id = 1").fetchone() == {"mood": "glad"}


@pytest.mark.usefixtures("unchanged")
def test_nobody_writes_to_other_people_s_rows(project: Project) -> None:
    token = project.token(sub="asha")

    def send(method: str, path: str, body: Any, prefer: str = "return=minimal") -> int:
        return project.send(method, path, token, json=body, prefer=prefer).status_code

    assert send("PATCH", "diaries?id=eq.2", {"entry": "x"}) == 204
    assert send("PATCH", "diaries?or=(id.eq.2,id.eq.3)", {"entry": "x"}) == 204
    assert send("DELETE", "diaries?id=eq.2", None) == 204
    assert send("POST", "diaries", {"id": 3, "owner": "bala", "entry": "x"}) == 403
    replacing = "resolution=merge-duplicates"
    assert send("POST", "diaries", {"id": 2, "owner": "asha", "entry": "x"}, replacing) == 403
    assert send("PUT", "diaries?id=eq.2", {"id": 2, "owner": "asha", "entry": "x"}) == 403
    assert send("POST", "diaries", {"id": 2, "owner": "asha", "entry": "x"}) == 409


@pytest.mark.usefixtures("unchanged")
def test_stranger_with_a_letter_box_can_not_look_in(project: Project, database: Database) -> None:
    first = database.execute("select id from letters").fetchone()
    assert first is not None
    row = {"id": str(first["id"]), "text": "Forged"}
    for prefer, status in (
        ("return=representation", 401),
        ("return=headers-only", 401),
        ("resolution=merge-duplicates", 401),
        ("resolution=ignore-duplicates", 401),
        ("return=minimal", 409),
    ):
        assert project.send("POST", "letters", json=row, prefer=prefer).status_code == status
    assert project.send("GET", "letters").status_code == 401
    assert project.send("HEAD", "letters", prefer="count=exact").status_code == 401
    assert project.send("PATCH", "letters?read=is.false", json={"read": True}).status_code == 401
    assert project.send("DELETE", "letters?read=is.false").status_code == 401
