"""What Supabase warns project owners of, beside what the rules of the schema ask for.

Every question finds offenders; the failure names them and says how to mend it.
"""

from __future__ import annotations

import pytest

from tests.support.factories import Database

# What a policy must not ask once a row: who is asking, or one of our own helpers, unless inside a select.
ASKED_FOR_EACH_ROW = r"""
select tablename || ': ' || policyname as name
from pg_policies
where (schemaname = 'public' or (schemaname, tablename) = ('realtime', 'messages'))
  and regexp_replace(
    coalesce(qual, '') || ' ' || coalesce(with_check, ''),
    -- How Postgres writes down (select private.staff_role()) and its like.
    '\( SELECT (auth|private|realtime)\.\w+\(\)( AS \w+)?\)', '', 'g'
  ) ~ '\m(auth|private|realtime|current_setting)\M\s*[.(]'
"""
WITHOUT_POLICY = """
select relname as name from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity
  and not exists (select from pg_policy where polrelid = pg_class.oid)
"""
POLICY_WITHOUT_EFFECT = """
select polrelid::regclass || ': ' || polname as name
from pg_policy
join pg_class on pg_class.oid = polrelid and relnamespace = 'public'::regnamespace
where not relrowsecurity
"""
ALWAYS_TRUE = r"""
select tablename || ': ' || policyname as name from pg_policies
where schemaname = 'public' and cmd <> 'SELECT' and (
  regexp_replace(qual, '[\s()]', '', 'g') = any (array['true', '1=1'])
  or regexp_replace(with_check, '[\s()]', '', 'g') = any (array['true', '1=1'])
  -- Without a condition a new row is let in, whatever it says.
  or cmd = 'INSERT' and with_check is null
)
"""
# Every column of the key, in the key's order, before any other.
KEYS_WITHOUT_INDEX = """
select conrelid::regclass || ': ' || conname as name from pg_constraint
where contype = 'f' and connamespace in ('public'::regnamespace, 'private'::regnamespace)
  and not exists (
    select from pg_index
    where indrelid = conrelid and indisvalid
      and conkey = (string_to_array(indkey::text, ' ')::smallint[])[1:cardinality(conkey)]
  )
"""
BY_WHAT_PEOPLE_SAY_OF_THEMSELVES = """
select tablename || ': ' || policyname as name from pg_policies
where schemaname in ('public', 'realtime') and concat(qual, with_check) ~* 'user_?metadata'
"""
WITHOUT_KEY = """
select oid::regclass::text as name from pg_class
where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relkind in ('r', 'p')
  and not exists (select from pg_index where indrelid = pg_class.oid and indisprimary)
"""
# Two indexes over the same columns in the same order, under the same condition.
TWICE_INDEXED = r"""
select string_agg(indexrelid::regclass::text, ' = ') as name
from pg_index
join pg_class on pg_class.oid = indrelid
  and relnamespace in ('public'::regnamespace, 'private'::regnamespace)
group by indrelid, regexp_replace(pg_get_indexdef(indexrelid), '^CREATE (UNIQUE )?INDEX \S+ ON', '')
having count(*) > 1
"""
PAST_ROW_LEVEL_SECURITY = """
select oid::regclass::text as name from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('m', 'f')
  and (
    has_table_privilege('anon', oid, 'select') or has_table_privilege('authenticated', oid, 'select')
  )
"""
ACCOUNTS_IN_VIEW = """
select distinct view.oid::regclass::text as name
from pg_class as view
join pg_rewrite on ev_class = view.oid
join pg_depend on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
where view.relnamespace = 'public'::regnamespace and refobjid = 'auth.users'::regclass
"""
# Of accounts only the primary key is sure to stay: any other unique index may go with an upgrade of Supabase.
BY_ANOTHER_KEY_OF_ACCOUNTS = """
select conrelid::regclass || ': ' || conname as name from pg_constraint
where contype = 'f' and confrelid = 'auth.users'::regclass
  and confkey <> (select conkey from pg_constraint where conrelid = 'auth.users'::regclass and contype = 'p')
"""
EXTENSIONS_IN_PUBLIC = """
select extname as name from pg_extension where extnamespace = 'public'::regnamespace
"""
# They name things by numbers that a dump does not bring along.
NUMBERED_TYPES = """
select attrelid::regclass || '.' || attname as name
from pg_attribute
join pg_class on pg_class.oid = attrelid and relkind in ('r', 'p')
  and relnamespace in ('public'::regnamespace, 'private'::regnamespace)
where attnum > 0 and not attisdropped
  and atttypid::regtype::text like 'reg%' and atttypid <> 'regclass'::regtype
"""
VIEWS_OF_THEIR_OWNER = """
select oid::regclass::text as name from pg_class
where relnamespace = 'public'::regnamespace and relkind = 'v'
  and not coalesce(reloptions::text[] && array['security_invoker=true', 'security_invoker=on'], false)
"""
UNPROTECTED = """
select oid::regclass::text as name from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity
"""


@pytest.mark.parametrize(
    ("offenders", "mend"),
    [
        pytest.param(UNPROTECTED, "alter table … enable row level security", id="unprotected table"),
        pytest.param(WITHOUT_POLICY, "write the policies, or move it to schema private", id="no policy"),
        pytest.param(POLICY_WITHOUT_EFFECT, "enable row level security", id="policy without effect"),
        pytest.param(ASKED_FOR_EACH_ROW, "write (select …) around the call", id="asked for each row"),
        pytest.param(ALWAYS_TRUE, "say under which condition", id="policy that lets everything through"),
        pytest.param(BY_WHAT_PEOPLE_SAY_OF_THEMSELVES, "ask private.staff_role()", id="user metadata"),
        pytest.param(VIEWS_OF_THEIR_OWNER, "with (security_invoker = true)", id="view of its owner"),
        pytest.param(PAST_ROW_LEVEL_SECURITY, "revoke it, or use a view", id="past row level security"),
        pytest.param(ACCOUNTS_IN_VIEW, "read profiles instead", id="accounts in a view"),
        pytest.param(KEYS_WITHOUT_INDEX, "create index … on all its columns", id="key without an index"),
        pytest.param(WITHOUT_KEY, "give it a primary key", id="no primary key"),
        pytest.param(TWICE_INDEXED, "drop one of them", id="indexed twice"),
        pytest.param(BY_ANOTHER_KEY_OF_ACCOUNTS, "reference auth.users (id)", id="another key of accounts"),
        pytest.param(EXTENSIONS_IN_PUBLIC, "create extension … with schema extensions", id="extension"),
        pytest.param(NUMBERED_TYPES, "keep the name as text", id="numbered types"),
    ],
)
def test_operator_would_not_be_warned(offenders: str, mend: str, database: Database) -> None:
    found = [row["name"] for row in database.execute(offenders.encode()).fetchall()]
    assert found == [], mend


@pytest.mark.parametrize(
    ("mistake", "offenders", "named"),
    [
        (
            'create policy "Made in haste" on tasks for select to anon using (assigned_to = auth.uid())',
            ASKED_FOR_EACH_ROW,
            "tasks: Made in haste",
        ),
        (
            'create policy "Made in haste" on tasks for select to anon using (private.staff_role() is null)',
            ASKED_FOR_EACH_ROW,
            "tasks: Made in haste",
        ),
        (
            'create policy "Made in haste" on tasks for insert to anon with check (true)',
            ALWAYS_TRUE,
            "tasks: Made in haste",
        ),
        (
            'create policy "Made in haste" on tasks for delete to anon using (1 = 1)',
            ALWAYS_TRUE,
            "tasks: Made in haste",
        ),
        (
            'create policy "Made in haste" on tasks for insert to anon',
            ALWAYS_TRUE,
            "tasks: Made in haste",
        ),
        (
            'create policy "Made in haste" on tasks for select to authenticated'
            " using (auth.jwt() -> 'user_metadata' ->> 'role' = 'admin')",
            BY_WHAT_PEOPLE_SAY_OF_THEMSELVES,
            "tasks: Made in haste",
        ),
        (
            "create table visits (to_client uuid, person uuid);"
            " alter table clients add constraint known unique (id, name);"
            " alter table visits add column name text, add constraint of_client foreign key (to_client, name)"
            " references clients (id, name); create index on visits (to_client)",
            KEYS_WITHOUT_INDEX,
            "visits: of_client",
        ),
        (
            "create table visits (phone text references auth.users (phone))",
            BY_ANOTHER_KEY_OF_ACCOUNTS,
            "visits: visits_phone_fkey",
        ),
        ("create extension btree_gin with schema public", EXTENSIONS_IN_PUBLIC, "btree_gin"),
        ("create table visits (by regprocedure)", NUMBERED_TYPES, "visits.by"),
        ("create table visits (at timestamptz)", UNPROTECTED, "visits"),
        ("create table visits (at timestamptz)", WITHOUT_KEY, "visits"),
        (
            "create table visits (at timestamptz); alter table visits enable row level security",
            WITHOUT_POLICY,
            "visits",
        ),
        ("create view staff as select email from auth.users", ACCOUNTS_IN_VIEW, "staff"),
        ("create view staff as select 1 as one", VIEWS_OF_THEIR_OWNER, "staff"),
        (
            "create materialized view staff as select 1 as one; grant select on staff to anon",
            PAST_ROW_LEVEL_SECURITY,
            "staff",
        ),
        ("create index again on clients (email)", TWICE_INDEXED, "again"),
        ("alter table tasks disable row level security", POLICY_WITHOUT_EFFECT, "tasks: "),
    ],
)
def test_mistake_would_be_named(mistake: str, offenders: str, named: str, database: Database) -> None:
    with database.transaction(force_rollback=True):
        database.execute(mistake.encode())
        found = [row["name"] for row in database.execute(offenders.encode()).fetchall()]
    assert [name for name in found if named in name]
