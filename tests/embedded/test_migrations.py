"""Migrations and seed, applied and recorded as the Supabase CLI does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from roamio_web.embedded import migrations
from roamio_web.embedded.bootstrap import bootstrap
from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.postgres import Cluster
from roamio_web.embedded.state import DataFolder

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def cluster(shared_dir: Path) -> Iterator[Cluster]:
    """A new project without any migration."""
    DataFolder(shared_dir).create()
    cluster = Cluster(shared_dir, durable=False, say=lambda _line: None)
    cluster.start()
    bootstrap(cluster)
    yield cluster
    cluster.stop()


@pytest.fixture
def folder(cluster: Cluster, tmp_path: Path) -> Iterator[Path]:
    """An empty folder of migrations; what they left behind is undone."""
    yield tmp_path
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        connection.execute("truncate supabase_migrations.schema_migrations, supabase_migrations.seed_files")
        connection.execute("drop table if exists public.trips")


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def query(cluster: Cluster, question: str) -> Rows:
    with psycopg.connect(cluster.dsn("postgres"), row_factory=dict_row) as connection:
        return connection.execute(question.encode()).fetchall()


def recorded(cluster: Cluster) -> Rows:
    return query(cluster, "select version, name from supabase_migrations.schema_migrations order by version")


def apply(cluster: Cluster, folder: Path) -> list[str]:
    return migrations.apply(cluster, folder, say=lambda _line: None)


def test_developer_finds_each_migration_applied_once_and_in_order(cluster: Cluster, folder: Path) -> None:
    write(folder, "20260102000000_second.sql", "alter table trips add column price int default 100 % 7;")
    write(folder, "20260101000000_first.sql", "create table trips (id int); insert into trips values (1);")
    write(folder, "notes.sql", "this is no migration")
    assert apply(cluster, folder) == ["20260101000000_first.sql", "20260102000000_second.sql"]
    assert apply(cluster, folder) == []
    assert query(cluster, "select * from trips") == [{"id": 1, "price": 2}]


def test_supabase_cli_finds_the_migrations_where_it_records_them(cluster: Cluster, folder: Path) -> None:
    text = "create table trips (id int);\n"
    write(folder, "20260101000000_first_trips.sql", text)
    apply(cluster, folder)
    assert query(cluster, "select * from supabase_migrations.schema_migrations") == [
        {"version": "20260101000000", "statements": [text], "name": "first_trips"}
    ]


def test_developer_whose_migration_fails_is_told_where_and_finds_nothing_of_it(
    cluster: Cluster, folder: Path
) -> None:
    write(folder, "20260101000000_good.sql", "create table trips (id int);")
    write(folder, "20260102000000_bad.sql", "insert into trips values (1);\n\nselect * from missing;\n")
    with pytest.raises(
        BackendError, match=r'20260102000000_bad\.sql, line 3 failed: relation "missing" does not'
    ):
        apply(cluster, folder)
    assert recorded(cluster) == [{"version": "20260101000000", "name": "good"}]
    assert query(cluster, "select * from trips") == []


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("create role boss superuser", "permission denied to create role"),
        ("copy (select 1) to '/tmp/out'", "permission denied to COPY to a file"),
        ("create extension file_fdw", 'permission denied to create extension "file_fdw"'),
        ("create table auth.more ()", "permission denied for schema auth"),
        ("create table realtime.more ()", "permission denied for schema realtime"),
        ("alter table realtime.messages add column more int", "must be owner of realtime.messages"),
        ("drop table realtime.messages", "must be owner of realtime.messages"),
        ("alter table auth.users add column more int", "must be owner of table users"),
        ("set role supabase_auth_admin", "permission denied to set role"),
    ],
)
def test_developer_learns_here_what_a_hosted_project_would_refuse(
    cluster: Cluster, folder: Path, statement: str, complaint: str
) -> None:
    write(folder, "20260101000000_too_much.sql", f"create table trips (id int);\n{statement};")
    with pytest.raises(BackendError, match=f"20260101000000_too_much.sql.* failed: .*{complaint}"):
        apply(cluster, folder)
    assert recorded(cluster) == []
    assert query(cluster, "select to_regclass('public.trips') as trips") == [{"trips": None}]


def test_developer_may_do_here_what_a_hosted_project_allows(cluster: Cluster, folder: Path) -> None:
    write(
        folder,
        "20260101000000_allowed.sql",
        """
        create extension if not exists pg_trgm with schema extensions;
        create table trips (id uuid primary key default gen_random_uuid(), owner uuid references auth.users);
        create trigger touch after insert on auth.users
          for each row execute function suppress_redundant_updates_trigger();
        create policy "Everybody listens" on realtime.messages for select to authenticated using (true);
        alter publication supabase_realtime add table trips;
        select realtime.send('{"kilometres": 12}', 'trip', 'trips');
        drop policy "Everybody listens" on realtime.messages;
        """,
    )
    assert apply(cluster, folder) == ["20260101000000_allowed.sql"]
    sent = query(
        cluster, "select topic, event, payload ->> 'kilometres' as kilometres from realtime.messages"
    )
    assert sent == [{"topic": "trips", "event": "trip", "kilometres": "12"}]


def test_developers_who_chose_the_same_version_are_told_so(cluster: Cluster, folder: Path) -> None:
    write(folder, "20260101000000_mine.sql", "create table trips (id int);")
    write(folder, "20260101000000_yours.sql", "create table trips (id int);")
    with pytest.raises(BackendError, match=r"0_mine\.sql and 20260101000000_yours\.sql have one version"):
        apply(cluster, folder)
    assert recorded(cluster) == []


def test_new_table_is_closed_until_a_grant_opens_it(cluster: Cluster, folder: Path) -> None:
    write(folder, "20260101000000_trips.sql", "create table trips (id int);")
    apply(cluster, folder)
    roles = query(
        cluster,
        "select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')"
        " and has_table_privilege(oid, 'public.trips', 'select, insert, update, delete')",
    )
    assert roles == []


def test_setting_made_by_one_migration_does_not_reach_the_next(cluster: Cluster, folder: Path) -> None:
    write(folder, "20260101000000_first.sql", "set search_path = ''; set role anon;")
    write(folder, "20260102000000_second.sql", "create table trips (id int);")
    apply(cluster, folder)
    assert query(cluster, "select tableowner from pg_tables where tablename = 'trips'") == [
        {"tableowner": "postgres"}
    ]


def test_demo_data_comes_once(cluster: Cluster, folder: Path) -> None:
    write(folder, "20260101000000_trips.sql", "create table trips (id int);")
    apply(cluster, folder)
    file = write(folder, "seed.sql", "insert into trips values (1);")
    assert migrations.seed(cluster, file, say=lambda _line: None)
    assert not migrations.seed(cluster, file, say=lambda _line: None)
    assert query(cluster, "select * from trips") == [{"id": 1}]


def test_failed_demo_data_leaves_nothing_and_may_come_again(cluster: Cluster, folder: Path) -> None:
    write(folder, "20260101000000_trips.sql", "create table trips (id int);")
    apply(cluster, folder)
    file = write(folder, "seed.sql", "insert into trips values (1); select 1 / 0;")
    with pytest.raises(BackendError, match=r"seed.sql failed: division by zero"):
        migrations.seed(cluster, file, say=lambda _line: None)
    assert query(cluster, "select * from trips") == []
    write(folder, "seed.sql", "insert into trips values (1);")
    assert migrations.seed(cluster, file, say=lambda _line: None)
