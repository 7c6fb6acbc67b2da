"""What the API knows of the schema, and how soon it knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from roamio_web.embedded.rest.view_columns import direct_origins, table_origin
from tests.support.rest import Project, until

Database = psycopg.Connection[dict[str, Any]]


@pytest.fixture
def scratch(project: Project, database: Database) -> Iterator[Database]:
    """A table that the test may do anything to, and that the API knows of."""
    database.execute("create table scratch (id int primary key, word text)")
    database.execute("insert into scratch values (1, 'one')")
    database.execute("grant all on scratch to anon")
    until(lambda: project.send("GET", "scratch").status_code == 200)
    yield database
    database.execute("drop table if exists scratch cascade")


@pytest.mark.usefixtures("scratch")
def test_new_table_is_there_at_once(project: Project) -> None:
    assert project.send("GET", "scratch").json() == [{"id": 1, "word": "one"}]


def test_new_column_and_key_are_there_at_once(project: Project, scratch: Database) -> None:
    scratch.execute("alter table scratch add label_id int references labels")
    until(lambda: project.send("GET", "scratch?select=id,labels(name)").status_code == 200)
    written = project.send("PATCH", "scratch?id=eq.1", json={"label_id": 2})
    assert written.status_code == 204
    assert project.send("GET", "scratch?select=labels(name)").json() == [{"labels": {"name": "hills"}}]


def test_changed_type_does_not_confuse_what_was_prepared(project: Project, scratch: Database) -> None:
    def read(word: str) -> list[Any]:
        return [project.send("GET", f"scratch?word=eq.{word}").json() for _ in range(20)]

    assert read("one") == [[{"id": 1, "word": "one"}]] * 20
    scratch.execute("update scratch set word = '7'")
    scratch.execute("alter table scratch alter word type int using word::int")
    until(lambda: read("7") == [[{"id": 1, "word": 7}]] * 20)


def test_dropped_table_is_gone(project: Project, scratch: Database) -> None:
    scratch.execute("drop table scratch")
    until(lambda: project.send("GET", "scratch").json()["code"] == "PGRST205")


def test_new_function_is_there_at_once(project: Project, scratch: Database) -> None:
    assert project.send("POST", "rpc/fresh").status_code == 404
    scratch.execute("create function fresh() returns int language sql as 'select 1'")
    try:
        until(lambda: project.send("POST", "rpc/fresh").status_code == 200)
        scratch.execute("create function fresh(a int) returns int language sql as 'select $1'")
        until(lambda: project.send("POST", "rpc/fresh", json={"a": 5}).json() == 5)
    finally:
        scratch.execute("drop function fresh()")
        scratch.execute("drop function if exists fresh(int)")


def test_notice_makes_the_api_look_again(project: Project, scratch: Database) -> None:
    """A role's own settings change without any table changing: only a notice tells."""

    def limit() -> str:
        body = {"name": "statement_timeout"}
        return str(project.send("POST", "rpc/request_setting", json=body).json())

    assert limit() == "3s"
    with psycopg.connect(project.settings.dsn("supabase_admin"), autocommit=True) as admin:
        admin.execute("alter role anon set statement_timeout = '150ms'")
        try:
            scratch.execute("notify pgrst, 'reload config'")
            until(lambda: limit() == "150ms")
            answer = project.send("POST", "rpc/slow")
            assert (answer.status_code, answer.json()["code"]) == (500, "57014")
        finally:
            admin.execute("alter role anon set statement_timeout = '3s'")
            scratch.execute("notify pgrst, 'reload config'")
            until(lambda: limit() == "3s")


def test_project_s_own_check_runs_before_every_request(project: Project, scratch: Database) -> None:
    scratch.execute(
        """
        create function check_request() returns void language plpgsql as $$
        begin
          if current_setting('request.headers')::json ->> 'x-colour' = 'red' then
            raise sqlstate 'PT403' using message = 'No red requests, ' || current_user;
          end if;
        end $$
        """
    )
    with psycopg.connect(project.settings.dsn("supabase_admin"), autocommit=True) as admin:
        admin.execute("alter role authenticator set pgrst.db_pre_request = 'public.check_request'")
        try:
            scratch.execute("notify pgrst, 'reload config'")
            red = {"X-Colour": "red"}
            until(lambda: project.send("GET", "labels", headers=red).status_code == 403)
            answer = project.send("POST", "scratch", headers=red, json={"id": 2})
            assert (answer.status_code, answer.json()["message"]) == (403, "No red requests, anon")
            assert scratch.execute("select count(*) from scratch").fetchone() == {"count": 1}
            assert project.send("POST", "rpc/who", headers=red).status_code == 403
            assert project.send("GET", "labels").status_code == 200
        finally:
            admin.execute("alter role authenticator reset pgrst.db_pre_request")
            scratch.execute("notify pgrst, 'reload config'")
            until(lambda: project.send("GET", "labels", headers=red).status_code == 200)
            scratch.execute("drop function check_request()")


def test_api_recovers_when_its_connections_are_cut(project: Project, database: Database) -> None:
    with psycopg.connect(project.settings.dsn("supabase_admin"), autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'"
        )
    until(lambda: project.send("GET", "labels").status_code == 200)
    database.execute("create table later (id int)")
    try:
        database.execute("grant select on later to anon")
        until(lambda: project.send("GET", "later").status_code == 200)
    finally:
        database.execute("drop table later")


@pytest.mark.parametrize(
    ("query", "embed", "works"),
    [
        ("select id as number, car_id as machine from trips", "cars(plate)", True),
        ("select distinct id, car_id from trips where id > 0", "cars(plate)", True),
        ("select t.id, t.car_id from (select * from trips) t", "cars(plate)", True),
        ("with x as (select id, car_id from trips) select * from x", "cars(plate)", True),
        ("select id, car_id + 0 as car_id from trips", "cars(plate)", False),
        ("select id as trip_number from trips", "stops(place)", True),
        ("select id + 0 as id from trips", "stops(place)", False),
        ("select id, car_id from trips union all select id, null from labels", "cars(plate)", False),
    ],
)
def test_view_has_the_relationships_that_it_shows(
    project: Project, database: Database, query: str, embed: str, works: bool
) -> None:
    view = f"shown_{abs(hash(query))}"
    database.execute(f"create view {view} with (security_invoker = on) as {query}")
    try:
        database.execute(f"grant select on {view} to anon")
        until(lambda: project.send("GET", view).status_code == 200)
        answer = project.send("GET", f"{view}?select={embed}")
        assert answer.status_code == (200 if works else 400), answer.text
    finally:
        database.execute(f"drop view {view}")


def test_view_s_columns_are_traced_to_their_tables() -> None:
    entry = (
        "{{TARGETENTRY :expr {{VAR :varno 1 :list (i 1)}} :resno {} :resname a\\{{b :ressortgroupref 0 "
        ":resorigtbl {} :resorigcol {} :resjunk {}}}"
    )
    inner = "({QUERY :targetList (" + entry.format(9, 77, 7, "false") + ")})"
    targets = " ".join(
        entry.format(*origin)
        for origin in ((1, 500, 3, "false"), (2, 0, 0, "false"), (3, 600, 1, "false"), (4, 500, 4, "true"))
    )
    definition = "({QUERY :commandType 1 :rtable (" + inner + ") :targetList (" + targets + ") :more (x)})"
    assert direct_origins(definition) == {1: (500, 3), 3: (600, 1)}
    views = {600: {1: (601, 2)}, 601: {2: (700, 5)}, 800: {1: (801, 1)}, 801: {1: (800, 1)}}
    assert table_origin((500, 3), views) == (500, 3)
    assert table_origin((600, 1), views) == (700, 5)
    assert table_origin((600, 2), views) is None
    assert table_origin((800, 1), views) is None
