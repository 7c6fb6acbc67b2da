-- The team for an admin: everybody with what they have to do, one person, and changing one.

set lock_timeout = '5s';
set statement_timeout = '60s';

create view public.team_rows with (security_invoker = true) as
select
  profiles.id,
  profiles.created_at,
  profiles.role,
  profiles.full_name,
  profiles.email,
  profiles.deactivated_at,
  staff_presence.seen_at,
  (
    select count(*) from public.bookings
    where bookings.assigned_agent = profiles.id and bookings.status in ('pending', 'confirmed', 'in_progress')
  ) as open_bookings,
  (
    select count(*) from public.tasks
    where tasks.assigned_to = profiles.id and tasks.status <> 'done'
  ) as open_tasks
from public.profiles
left join public.staff_presence on staff_presence.id = profiles.id;
comment on view public.team_rows is 'One row of the team''s list: a member of staff, when they were last here, and what they have to do.';

revoke all on table public.team_rows from anon, authenticated, service_role;
grant select on table public.team_rows to authenticated, service_role;

create function public.team_page() returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'people', coalesce(
      (
        select jsonb_agg(to_jsonb(team_rows) order by
          team_rows.deactivated_at is not null, team_rows.role, lower(team_rows.full_name), team_rows.id)
        from team_rows
      ),
      '[]'
    ),
    'invitations', coalesce(
      (
        select jsonb_agg(to_jsonb(invitations) order by invitations.sent_at desc, invitations.id)
        from invitations
        where invitations.accepted_at is null
      ),
      '[]'
    )
  )
$$;
comment on function public.team_page() is
  '{people, invitations}: everybody whom the caller may read, and the invitations that nobody has accepted yet.';
revoke all on function public.team_page() from public, anon;
grant execute on function public.team_page() to authenticated;

create function public.staff_page(person uuid) returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'person', to_jsonb(team_rows),
    'changed', (
      select jsonb_build_object('actor', audit_logs.actor, 'at', audit_logs.created_at)
      from audit_logs
      where audit_logs.table_name = 'profiles' and audit_logs.record_id = team_rows.id
      order by audit_logs.created_at desc, audit_logs.id
      limit 1
    ),
    'agents', (
      select coalesce(jsonb_agg(to_jsonb(agents)), '[]') from staff_agents() as agents where agents.id <> team_rows.id
    )
  )
  from team_rows
  where team_rows.id = person
$$;
comment on function public.staff_page(uuid) is
  '{person, changed, agents}: one member of staff, who changed them last and when, and who could take over their work; null for nobody.';
revoke all on function public.staff_page(uuid) from public, anon;
grant execute on function public.staff_page(uuid) to authenticated;

-- Runs as its caller: grants, policies and guards decide as they do for a plain update. All of it happens or nothing, so
-- no booking is left with somebody who can't open it.
create function public.change_staff(person uuid, seen jsonb, change jsonb, successor uuid default null) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  now_is profiles;
  handed_bookings bigint := 0;
  handed_tasks bigint := 0;
begin
  update profiles set
    full_name = coalesce(change ->> 'full_name', full_name),
    role = coalesce((change ->> 'role')::staff_role, role),
    deactivated_at = case (change ->> 'active')::boolean
      when true then null
      when false then coalesce(deactivated_at, now())
      else deactivated_at
    end
  where id = person
    and full_name = seen ->> 'full_name'
    and role::text = seen ->> 'role'
    and (deactivated_at is null) = (seen ->> 'active')::boolean
  returning * into now_is;
  if not found then
    return null;
  end if;
  if now_is.deactivated_at is not null or now_is.role not in ('operations', 'admin') then
    handed_tasks := (select count(*) from tasks where assigned_to = person and status <> 'done');
    -- The unfinished tasks of a booking go along with it.
    update bookings set assigned_agent = successor
    where assigned_agent = person and status in ('pending', 'confirmed', 'in_progress');
    get diagnostics handed_bookings = row_count;
    update tasks set assigned_to = successor where assigned_to = person and status <> 'done';
  end if;
  return jsonb_build_object('bookings', handed_bookings, 'tasks', handed_tasks);
end
$$;
comment on function public.change_staff(uuid, jsonb, jsonb, uuid) is
  'Changes {full_name, role, active} of somebody who still is as they were seen; who can''t work on bookings any more hands the open ones and the unfinished tasks over, to nobody unless a successor is named. Says how many {bookings, tasks} that were; null when nothing was written.';
revoke all on function public.change_staff(uuid, jsonb, jsonb, uuid) from public, anon;
grant execute on function public.change_staff(uuid, jsonb, jsonb, uuid) to authenticated;
