-- The routing as an admin reads and sets it: purpose by purpose, whole.

set lock_timeout = '5s';
set statement_timeout = '60s';

create view public.routing_rows with (security_invoker = true) as
select
  purposes.purpose,
  coalesce(bool_or(assignment_rules.enabled), false) as enabled,
  coalesce(
    jsonb_agg(
      jsonb_build_object('id', assignment_rules.agent, 'enabled', assignment_rules.enabled) order by assignment_rules.agent
    ) filter (where assignment_rules.id is not null),
    '[]'
  ) as agents
from unnest(enum_range(null::public.booking_purpose)) as purposes (purpose)
left join public.assignment_rules on assignment_rules.purpose = purposes.purpose
group by purposes.purpose;
comment on view public.routing_rows is 'One row for each purpose: whether its new website bookings are given out, and to whom.';

revoke all on table public.routing_rows from anon, authenticated, service_role;
grant select on table public.routing_rows to authenticated, service_role;

create function private.guard_assignment_rule() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if not private.can_be_assigned(new.agent) then
    perform private.refuse('Bookings can only be routed to operations staff or an admin (agent).', 'agent', '22023');
  end if;
  return new;
end
$$;
comment on function private.guard_assignment_rule() is 'Work is routed to those who can do it.';
revoke all on function private.guard_assignment_rule() from public;

create trigger before_1_guard
  before insert on public.assignment_rules
  for each row execute function private.guard_assignment_rule();

-- Runs as its caller, as change_staff does.
create function public.set_routing(
  routed public.booking_purpose, seen jsonb, turned_on boolean, agents uuid[]
) returns boolean
  language plpgsql
  set search_path = public, pg_temp
as $$
begin
  -- Of two admins at once, the second one sees what the first one set.
  perform pg_advisory_xact_lock(hashtext('roamio: routing rules'));
  if not exists (
    select from routing_rows
    where purpose = routed
      and enabled = (seen ->> 'enabled')::boolean
      and (
        select coalesce(jsonb_agg(agent -> 'id' order by agent ->> 'id'), '[]')
        from jsonb_array_elements(routing_rows.agents) as agent
        where (agent ->> 'enabled')::boolean = routing_rows.enabled
      ) = seen -> 'agents'
  ) then
    return false;
  end if;
  delete from assignment_rules where purpose = routed and agent <> all (agents);
  update assignment_rules set enabled = turned_on where purpose = routed and enabled <> turned_on;
  insert into assignment_rules (purpose, agent, enabled)
  select routed, chosen, turned_on
  from unnest(agents) as chosen
  where not exists (select from assignment_rules where purpose = routed and agent = chosen);
  return true;
end
$$;
comment on function public.set_routing(public.booking_purpose, jsonb, boolean, uuid[]) is
  'Sets who gets the new website bookings of a purpose and whether anybody does, if {enabled, agents} still is as it was seen; agents are in the order of their ids.';
revoke all on function public.set_routing(public.booking_purpose, jsonb, boolean, uuid[]) from public, anon;
grant execute on function public.set_routing(public.booking_purpose, jsonb, boolean, uuid[]) to authenticated;
