-- Routing, off until an admin switches a rule on: a new website booking goes to the agent with the fewest open ones.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table public.assignment_rules (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  purpose public.booking_purpose not null,
  agent uuid not null references public.profiles on delete cascade,
  enabled boolean not null default false,
  constraint assignment_rules_name_an_agent_once unique (purpose, agent)
);
comment on table public.assignment_rules is 'Who takes new website bookings of a purpose. A rule counts once it is enabled.';

create index assignment_rules_agent_idx on public.assignment_rules (agent);

revoke all on table public.assignment_rules from anon, authenticated;
grant select, delete on table public.assignment_rules to authenticated;
grant insert (purpose, agent, enabled) on table public.assignment_rules to authenticated;
grant update (enabled) on table public.assignment_rules to authenticated;
grant select, insert, update, delete on table public.assignment_rules to service_role;

alter table public.assignment_rules enable row level security;

create policy "An admin reads the routing"
  on public.assignment_rules for select to authenticated
  using ((select private.staff_role()) = 'admin');

create policy "An admin adds to the routing"
  on public.assignment_rules for insert to authenticated
  with check ((select private.staff_role()) = 'admin');

create policy "An admin switches routing on and off"
  on public.assignment_rules for update to authenticated
  using ((select private.staff_role()) = 'admin')
  with check ((select private.staff_role()) = 'admin');

create policy "An admin takes out of the routing"
  on public.assignment_rules for delete to authenticated
  using ((select private.staff_role()) = 'admin');

create trigger after_1_audit
  after insert or update or delete on public.assignment_rules
  for each row execute function private.record_change();

create function private.route_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  chosen uuid;
begin
  if not exists (select from assignment_rules where purpose = new.purpose and enabled) then
    return null;
  end if;
  -- One after the other: whoever counts now must see what was given out a moment ago.
  perform pg_advisory_xact_lock(hashtext('roamio: routing'));
  select assignment_rules.agent into chosen
  from assignment_rules
  where assignment_rules.purpose = new.purpose
    and assignment_rules.enabled
    and private.can_be_assigned(assignment_rules.agent)
  order by
    (
      select count(*) from bookings
      where bookings.assigned_agent = assignment_rules.agent
        and bookings.status in ('pending', 'confirmed', 'in_progress')
    ),
    assignment_rules.agent
  limit 1;
  if found then
    update bookings set assigned_agent = chosen where id = new.id;
  end if;
  return null;
end
$$;
comment on function private.route_booking() is 'Gives a new website booking to the agent of its purpose who has the fewest open ones.';
revoke all on function private.route_booking() from public;

-- After the policy has seen the row unassigned, and before its review task is made.
create trigger after_3_route
  after insert on public.bookings
  for each row when (current_user = 'anon')
  execute function private.route_booking();
