-- What `roamio doctor` did not see: who owns a function, what Auth itself was granted, and whether the questions that a
-- website booking has to answer are still there. Emptied, that table lets every booking in.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.asked_questions() returns table (
    purpose public.booking_purpose, key text, only_when jsonb, line text
  )
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  select
    purpose,
    key,
    only_when,
    string_agg(
      concat_ws(' ', kind, case when needed then 'needed' end, 'from ' || lowest, 'to ' || highest), '; '
      order by kind, needed, lowest, highest
    )
  from private.questions
  group by purpose, key, only_when
$$;
comment on function private.asked_questions() is 'What the forms ask, a line for each question; for the report.';
revoke all on function private.asked_questions() from public;
grant execute on function private.asked_questions() to service_role;

create or replace function public.project_report() returns jsonb
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with ours as (
    select oid, nspname from pg_namespace where nspname in ('public', 'private')
  ),
  relations as (
    select pg_class.*, nspname || '.' || relname as name
    from pg_class
    join ours on ours.oid = relnamespace
    where relkind in ('r', 'v', 'm', 'p', 'f', 'S')
  ),
  report (kind, name, line) as (
    select 'extension', extname::text, 'in schema ' || extnamespace::regnamespace
    from pg_extension

    union all
    select 'enum', nspname || '.' || typname, string_agg(enumlabel, ', ' order by enumsortorder)
    from pg_type
    join ours on ours.oid = typnamespace
    join pg_enum on enumtypid = pg_type.oid
    group by 1, 2

    union all
    select 'table', name, 'row level security ' || case when relrowsecurity then 'on' else 'off' end
    from relations
    where relkind in ('r', 'p', 'f')

    union all
    select 'view', name, concat_ws(' ', array_to_string(reloptions, ', '), md5(pg_get_viewdef(oid)))
    from relations
    where relkind in ('v', 'm')

    union all
    select 'column', name || '.' || attname, concat_ws(
      ' ',
      format_type(atttypid, atttypmod),
      case when attnotnull then 'not null' end,
      case when attgenerated <> '' then 'generated' end,
      pg_get_expr(adbin, adrelid)
    )
    from relations
    join pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relkind in ('r', 'p', 'v')

    union all
    select 'constraint', relations.name || '.' || conname, pg_get_constraintdef(pg_constraint.oid)
    from relations
    join pg_constraint on conrelid = relations.oid and contype <> 'n'

    union all
    select 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    from relations
    join pg_index on indrelid = relations.oid

    union all
    select 'function', pg_proc.oid::regprocedure::text, concat_ws(
      ' ',
      case when prosecdef then 'security definer' else 'security invoker' end,
      -- A definer function may do what its owner may.
      'owned by ' || proowner::regrole,
      array_to_string(proconfig, ' '),
      md5(pg_get_functiondef(pg_proc.oid))
    )
    from pg_proc
    join ours on ours.oid = pronamespace
    where prokind in ('f', 'p')

    union all
    select 'trigger', tgrelid::regclass || '.' || tgname, concat_ws(
      ' ',
      pg_get_triggerdef(pg_trigger.oid),
      case when tgenabled <> 'O' then 'disabled' end
    )
    from pg_trigger
    join pg_proc on pg_proc.oid = tgfoid
    join ours on ours.oid = pronamespace
    where not tgisinternal

    union all
    select 'policy', schemaname || '.' || tablename || ': ' || policyname, concat_ws(
      ' ',
      permissive, 'for', cmd, 'to', array_to_string(roles, ', '), 'using', qual, 'check', with_check
    )
    from pg_policies
    where schemaname in ('public', 'private') or (schemaname, tablename) = ('realtime', 'messages')

    union all
    select 'grant', name || ' to ' || grantee, string_agg(privilege, ', ' order by privilege collate "C")
    from (
      select relations.name, acl.grantee, acl.privilege_type as privilege
      from relations
      cross join aclexplode(relacl) as acl
      union all
      select relations.name, acl.grantee, acl.privilege_type || ' (' || attname || ')'
      from relations
      join pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
      cross join aclexplode(attacl) as acl
      union all
      select 'function ' || pg_proc.oid::regprocedure, acl.grantee, acl.privilege_type
      from pg_proc
      join ours on ours.oid = pronamespace
      cross join aclexplode(coalesce(proacl, acldefault('f', proowner))) as acl
      union all
      select 'schema ' || pg_namespace.nspname, acl.grantee, acl.privilege_type
      from pg_namespace
      join ours on ours.oid = pg_namespace.oid
      cross join aclexplode(nspacl) as acl
    ) as granted (name, grantee_id, privilege)
    cross join lateral (
      select coalesce((select rolname::text from pg_roles where oid = grantee_id), 'everybody') as grantee
    ) as named
    -- The owner and the service key may do everything on some projects and what was granted on others.
    where grantee in ('anon', 'authenticated', 'everybody', 'supabase_auth_admin')
    group by 2

    union all
    select 'question', concat_ws(' ', purpose, key, only_when), line
    from private.asked_questions()

    union all
    select 'publication', pubname::text || ' of ' || schemaname || '.' || tablename, 'published'
    from pg_publication_tables
    where pubname = 'supabase_realtime' and schemaname = 'public'

    union all
    select 'migration', key, value
    from jsonb_each_text(private.applied_migrations())
  )
  select jsonb_object_agg(kind, lines)
  from (
    select kind, jsonb_object_agg(name, coalesce(line, '')) as lines
    from report
    group by kind
  ) as kinds
$$;
