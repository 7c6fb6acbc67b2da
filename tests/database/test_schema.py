"""House rules of the migrations: what breaks one fails here, and the failure says how to mend it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.factories import Database, make_client

SUPABASE = Path(__file__).parents[2] / "supabase"
TABLES = {
    "profiles": "id created_at role full_name email deactivated_at",
    "clients": "id created_at name email phone country",
    "bookings": "id created_at client_id purpose details status assigned_agent updated_at reference",
    "tasks": "id created_at booking_id title status assigned_to due_date",
    "audit_logs": "id created_at table_name record_id action actor metadata",
}
ENUMS = {
    "staff_role": "admin operations finance viewer",
    "booking_purpose": "medical tourism nri hybrid cab hotel logistics service",
    "booking_status": "pending confirmed in_progress completed cancelled",
    "task_status": "open in_progress done blocked",
    "audit_action": "INSERT UPDATE DELETE",
}
OURS = "('public', 'private')"
# A trigger function, and a definer helper, are called by nobody through the API.
FUNCTIONS = f"""
  select n.nspname || '.' || p.proname as name, p.prosecdef as definer, p.proconfig as settings,
    p.prorettype = 'trigger'::regtype as is_trigger, n.nspname as schema, p.oid,
    has_function_privilege('anon', p.oid, 'execute') as anon
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in {OURS}
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
"""


@pytest.mark.parametrize(("table", "columns"), TABLES.items())
def test_table_has_exactly_its_columns(table: str, columns: str, database: Database) -> None:
    found = names(
        database,
        "select column_name as name from information_schema.columns"
        " where table_schema = 'public' and table_name = %s order by ordinal_position",
        table,
    )
    assert found == columns.split()


@pytest.mark.parametrize(("enum", "values"), ENUMS.items())
def test_enum_has_exactly_its_values(enum: str, values: str, database: Database) -> None:
    assert names(database, f"select unnest(enum_range(null::public.{enum}))::text as name") == values.split()


def test_every_primary_key_is_a_uuid_and_every_time_knows_its_zone(database: Database) -> None:
    assert (
        names(
            database,
            "select table_name || '.' || column_name as name from information_schema.columns"
            f" where table_schema in {OURS} and (data_type like 'timestamp without%'"
            " or (column_name = 'id' and data_type <> 'uuid'))",
        )
        == []
    )


def test_every_table_has_a_comment_and_row_level_security(database: Database) -> None:
    tables = database.execute(
        "select relname as name, relrowsecurity as secured, obj_description(oid) as comment from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind = 'r'"
    ).fetchall()
    assert {table["name"] for table in tables} >= set(TABLES)
    for table in tables:
        assert table["secured"], f"{table['name']}: alter table … enable row level security"
        assert table["comment"], f"{table['name']}: comment on table … is '…'"


def test_every_view_runs_as_its_reader(database: Database) -> None:
    views = database.execute(
        "select relname as name, reloptions as options from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')"
    ).fetchall()
    assert {view["name"] for view in views} >= {"booking_rows", "task_rows"}
    for view in views:
        assert "security_invoker=true" in (view["options"] or []), (
            f"{view['name']}: with (security_invoker = true)"
        )


def test_policies_are_sentences_one_for_each_table_operation_and_role(database: Database) -> None:
    policies = database.execute(
        "select tablename, policyname, permissive, roles::text[] as roles, cmd from pg_policies"
        " where schemaname = 'public' or (schemaname, tablename) = ('realtime', 'messages')"
    ).fetchall()
    seen = set()
    for policy in policies:
        name = f"{policy['tablename']}: {policy['policyname']}"
        assert policy["cmd"] != "ALL", f"{name}: one policy for each operation"
        assert policy["roles"] != ["public"], f"{name}: say to which role"
        assert " " in policy["policyname"], f"{name}: a sentence with a subject"
        assert policy["policyname"][0].isupper(), f"{name}: a sentence with a subject"
        for role in policy["roles"]:
            key = (policy["tablename"], policy["cmd"], role)
            assert key not in seen, f"{name}: a second policy for {key}"
            seen.add(key)


def test_nothing_in_public_is_security_definer(database: Database) -> None:
    assert names(database, f"select name from ({FUNCTIONS}) f where definer and schema = 'public'") == []


def test_every_function_pins_its_search_path(database: Database) -> None:
    functions = database.execute(FUNCTIONS).fetchall()
    assert functions
    for function in functions:
        pinned = [each for each in function["settings"] or [] if each.startswith("search_path=")]
        assert pinned, f"{function['name']}: set search_path = public, pg_temp"
        assert pinned[0].endswith("pg_temp"), f"{function['name']}: pg_temp comes last, or it comes first"


def test_every_trigger_function_is_private_and_a_definer(database: Database) -> None:
    for function in database.execute(FUNCTIONS).fetchall():
        if function["is_trigger"]:
            assert function["schema"] == "private", f"{function['name']} belongs in schema private"
            assert function["definer"], f"{function['name']}: security definer"


def test_nobody_executes_a_function_that_was_not_granted(database: Database) -> None:
    """Postgres grants every new function to everybody."""
    functions = database.execute(
        f"select name from ({FUNCTIONS}) f where has_function_privilege('public', oid, 'execute')"
    ).fetchall()
    assert functions == [], "revoke all on function … from public"


def test_a_visitor_executes_only_what_writing_a_booking_needs(database: Database) -> None:
    assert sorted(names(database, f"select name from ({FUNCTIONS}) f where anon")) == [
        "private.booking_headline",
        "private.booking_reference",
        "private.booking_source",
        "private.details_time",
    ]


def test_ids_that_nobody_chooses_follow_the_clock(database: Database) -> None:
    """Each next one stands beside the last in every index."""
    before = datetime.now(UTC) - timedelta(seconds=1)
    ids = [make_client(database) for _ in range(3)]
    made = [datetime.fromtimestamp(int(uuid[:8] + uuid[9:13], 16) / 1000, UTC) for uuid in ids]
    assert {UUID(uuid).version for uuid in ids} == {7}
    assert before < made[0] <= made[1] <= made[2] < datetime.now(UTC) + timedelta(seconds=1)


def test_a_visitor_holds_one_grant(database: Database) -> None:
    tables = database.execute(
        "select table_name, privilege_type from information_schema.role_table_grants"
        f" where grantee in ('anon', 'PUBLIC') and table_schema in {OURS}"
    ).fetchall()
    columns = database.execute(
        "select table_name || '.' || column_name as name, privilege_type"
        " from information_schema.column_privileges"
        f" where grantee in ('anon', 'PUBLIC') and table_schema in {OURS} order by 1"
    ).fetchall()
    assert tables == []
    assert columns == [
        {"name": f"bookings.{column}", "privilege_type": "INSERT"} for column in ("details", "id", "purpose")
    ]


def test_nobody_but_the_owner_touches_what_is_private(database: Database) -> None:
    grants = database.execute(
        "select grantee, table_name from information_schema.role_table_grants"
        " where table_schema = 'private' and grantee <> 'postgres'"
    ).fetchall()
    assert grants == []


def test_every_foreign_key_says_what_a_delete_does_and_has_an_index(database: Database) -> None:
    keys = database.execute(
        "select conrelid::regclass::text || '.' || conname as name, confdeltype::text as on_delete,"
        " exists (select from pg_index where indrelid = conrelid and indkey[0] = conkey[1]) as indexed"
        f" from pg_constraint where contype = 'f' and connamespace::regnamespace::text in {OURS}"
    ).fetchall()
    assert len(keys) >= 6
    for key in keys:
        assert key["on_delete"] != "a", f"{key['name']}: on delete cascade, restrict or set null"
        assert key["indexed"], f"{key['name']}: create index … on that column"


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("clients", "email"),
        ("bookings", "client_id"),
        ("bookings", "status"),
        ("bookings", "assigned_agent"),
        ("tasks", "booking_id"),
        ("tasks", "assigned_to"),
        ("audit_logs", "table_name, record_id, created_at"),
    ],
)
def test_index_is_there(table: str, columns: str, database: Database) -> None:
    definitions = names(database, "select indexdef as name from pg_indexes where tablename = %s", table)
    assert [each for each in definitions if f"USING btree ({columns}" in each]


def test_clients_are_found_by_parts_of_name_email_and_phone(database: Database) -> None:
    definitions = names(database, "select indexdef as name from pg_indexes where tablename = %s", "clients")
    (trigrams,) = [each for each in definitions if "gin_trgm_ops" in each]
    for column in ("name", "email", "phone"):
        assert f"{column} gin_trgm_ops" in trigrams


def test_changes_are_published_to_any_supabase_client(database: Database) -> None:
    published = names(
        database,
        "select tablename as name from pg_publication_tables where pubname = %s",
        "supabase_realtime",
    )
    assert {"bookings", "tasks", "clients"} <= set(published)
    assert not {"profiles", "audit_logs", "health_readings"} & set(published)


def test_extensions_stay_out_of_public(database: Database) -> None:
    extensions = database.execute(
        "select extname as name, extnamespace::regnamespace::text as schema from pg_extension"
        " where extname in ('pgcrypto', 'pg_trgm')"
    ).fetchall()
    assert {each["name"]: each["schema"] for each in extensions} == {
        "pgcrypto": "extensions",
        "pg_trgm": "extensions",
    }


def test_supabase_folder_does_not_shadow_the_package() -> None:
    assert not list(SUPABASE.rglob("__init__.py")), "supabase/ must not become a Python package: delete it"


def names(database: Database, query: str, *values: object) -> list[str]:
    return [str(row["name"]) for row in database.execute(query.encode(), list(values) or None).fetchall()]
