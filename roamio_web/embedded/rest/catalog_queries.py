"""The questions that are put to the system catalogs.

All run with an empty search path, so that every name they give back is qualified unless it is built in.
"""

from __future__ import annotations

RELATIONS = """
select c.oid, n.nspname as schema, c.relname as name, c.relkind in ('v', 'm') as is_view
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f')
  and not c.relispartition
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
"""

COLUMNS = """
with recursive base (oid, base) as (
  select oid, oid from pg_type where typtype <> 'd'
  union all
  select t.oid, b.base from pg_type t join base b on b.oid = t.typbasetype where t.typtype = 'd'
)
select a.attrelid as relation, a.attnum as number, a.attname as name,
  format_type(a.atttypid, a.atttypmod) as type,
  format_type(b.base, null) as base,
  case
    when a.attidentity = 'd' then
      format('nextval(%%L)', pg_get_serial_sequence(a.attrelid::regclass::text, a.attname))
    when a.attgenerated = '' and a.attidentity = '' then pg_get_expr(d.adbin, d.adrelid)
  end as default_value
from pg_attribute a
join base b on b.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = any (%(relations)s) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
"""

CONSTRAINTS = """
select conname as name, contype as kind, conrelid as relation, conkey as columns,
  confrelid as target, confkey as target_columns
from pg_constraint
where contype in ('p', 'u', 'f') and conparentid = 0 and conrelid = any (%(relations)s)
order by conrelid, conname
"""

VIEWS = """
select r.ev_class as relation, r.ev_action::text as definition
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
where r.rulename = '_RETURN' and c.relkind in ('v', 'm') and r.ev_class = any (%(relations)s)
"""

ROUTINES = """
with recursive base (oid, base) as (
  select oid, oid from pg_type where typtype <> 'd'
  union all
  select t.oid, b.base from pg_type t join base b on b.oid = t.typbasetype where t.typtype = 'd'
)
select n.nspname as schema, p.proname as name, p.proretset as returns_set, p.provolatile = 'v' as volatile,
  p.pronargs - p.pronargdefaults as required,
  t.typtype = 'c' or coalesce(p.proargmodes::text[] && '{t,b,o}', false) as composite,
  t.oid = 'void'::regtype as returns_void,
  rn.nspname as relation_schema, rc.relname as relation_name,
  coalesce(
    (
      select json_agg(
        json_build_array(coalesce(p.proargnames[a.position], ''), format_type(a.type, null),
                         coalesce(p.proargmodes[a.position], 'i') = 'v')
        order by a.position
      )
      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality a (type, position)
      where coalesce(p.proargmodes[a.position], 'i') in ('i', 'b', 'v')
    ),
    '[]'
  ) as parameters
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join base b on b.oid = p.prorettype
join pg_type t on t.oid = b.base
left join pg_class rc on rc.oid = t.typrelid and rc.relkind in ('r', 'p', 'v', 'm', 'f')
left join pg_namespace rn on rn.oid = rc.relnamespace
where p.prokind = 'f' and n.nspname = any (%(schemas)s)
  and t.oid not in ('trigger'::regtype, 'event_trigger'::regtype)
"""

# A login role's own settings hold in each of its sessions: this one is PostgREST's `db-pre-request`.
PRE_REQUEST = """
select nullif(current_setting('pgrst.db_pre_request', true), '') as function
"""

ROLE_SETTINGS = """
select r.rolname as role, split_part(s.setting, '=', 1) as name,
  substr(s.setting, strpos(s.setting, '=') + 1) as value
from pg_db_role_setting d
join pg_roles r on r.oid = d.setrole
cross join unnest(d.setconfig) s (setting)
join pg_settings known on known.name = split_part(s.setting, '=', 1) and known.context = 'user'
where d.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  and r.rolname <> session_user
  and pg_has_role(session_user, r.oid, 'member')
order by d.setdatabase
"""
