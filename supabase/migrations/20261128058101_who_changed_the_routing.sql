-- Of two admins at one routing rule, whoever was second is told by whom it was changed, as with a client or a task.

set lock_timeout = '5s';
set statement_timeout = '60s';

create or replace function public.change_routing(
  routed public.booking_purpose, seen jsonb, turned_on boolean, agents uuid[]
) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  written constant boolean := set_routing(routed, seen, turned_on, agents);
begin
  return jsonb_build_object(
    'written', written,
    'rule', (select to_jsonb(routing_rows) from routing_rows where purpose = routed),
    'latest', case
      when not written then (
        -- A rule has a row an agent, and the one that changed last may be gone. Few changes are of rules: those first.
        with changes as materialized (
          select id, record_id, action, actor, created_at
          from audit_logs
          where table_name = 'assignment_rules' and metadata ->> 'purpose' = routed::text
        )
        select jsonb_build_object(
          'table_name', 'assignment_rules',
          'record_id', changes.record_id,
          'action', changes.action,
          'actor', changes.actor,
          'actor_name', profiles.full_name,
          'created_at', changes.created_at
        )
        from changes
        left join profiles on profiles.id = case when changes.actor <> 'system' then changes.actor::uuid end
        order by changes.created_at desc, changes.id desc
        limit 1
      )
    end
  );
end
$$;
comment on function public.change_routing(public.booking_purpose, jsonb, boolean, uuid[]) is
  'Sets a purpose''s rule as set_routing does: {written, rule, latest}, the rule as it is now, latest who was faster.';
