-- What the dashboard asks for in one round trip: the counts, who can take a booking, one booking whole.
-- The functions in public run as their caller, so Row Level Security decides what each of them finds.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- Counts are for every member of staff, also for those who may not read a single booking.
create function private.count_bookings()
  returns table (purpose public.booking_purpose, status public.booking_status, bookings bigint)
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  select purpose, status, count(*)
  from bookings
  where (select private.staff_role()) is not null
  group by purpose, status
$$;
comment on function private.count_bookings() is 'How many bookings there are of each purpose in each status; nothing for anybody who is not staff.';
revoke all on function private.count_bookings() from public;
grant execute on function private.count_bookings() to authenticated;

create function public.booking_summary()
  returns table (purpose public.booking_purpose, status public.booking_status, bookings bigint)
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select * from private.count_bookings() order by purpose, status
$$;
comment on function public.booking_summary() is 'How many bookings there are of each purpose in each status.';
revoke all on function public.booking_summary() from public, anon;
grant execute on function public.booking_summary() to authenticated;

create function public.staff_agents()
  returns table (id uuid, full_name text, role public.staff_role, open_bookings bigint)
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select
    profiles.id,
    profiles.full_name,
    profiles.role,
    (
      select count(*) from bookings
      where bookings.assigned_agent = profiles.id and bookings.status in ('pending', 'confirmed', 'in_progress')
    )
  from profiles
  where (select private.staff_role()) = 'admin' and profiles.role in ('operations', 'admin')
  order by profiles.role = 'admin', profiles.full_name, profiles.id
$$;
comment on function public.staff_agents() is 'Those who can be given a booking, and how many open ones each has; for an admin.';
revoke all on function public.staff_agents() from public, anon;
grant execute on function public.staff_agents() to authenticated;

create function public.booking_timeline(booking uuid)
  returns table (
    id uuid,
    created_at timestamptz,
    table_name text,
    record_id uuid,
    action public.audit_action,
    actor text,
    actor_name text,
    metadata jsonb
  )
  language sql
  stable
  set search_path = public, pg_temp
as $$
  with changes as (
    select * from audit_logs where table_name = 'bookings' and record_id = booking
    union all
    select * from audit_logs where table_name = 'tasks' and metadata ->> 'booking_id' = booking::text
  )
  select
    changes.id,
    changes.created_at,
    changes.table_name,
    changes.record_id,
    changes.action,
    changes.actor,
    profiles.full_name,
    changes.metadata
  from changes
  left join profiles on profiles.id = case when changes.actor <> 'system' then changes.actor::uuid end
  order by changes.created_at, changes.id
$$;
comment on function public.booking_timeline(uuid) is 'Everything that happened to a booking and its tasks, first to last; for those who may read the audit log.';
revoke all on function public.booking_timeline(uuid) from public, anon;
grant execute on function public.booking_timeline(uuid) to authenticated;

create function public.booking_page(booking uuid) returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'row', to_jsonb(booking_rows),
    'details', bookings.details,
    'client', (select to_jsonb(clients) from clients where clients.id = bookings.client_id),
    'tasks', coalesce(
      (
        select jsonb_agg(to_jsonb(task_rows) order by task_rows.status = 'done', task_rows.due_date, task_rows.id)
        from task_rows where task_rows.booking_id = bookings.id
      ),
      '[]'
    ),
    'history', coalesce(
      (
        select jsonb_agg(to_jsonb(timeline) order by timeline.created_at, timeline.id)
        from booking_timeline(bookings.id) as timeline
      ),
      '[]'
    ),
    'agents', coalesce((select jsonb_agg(to_jsonb(agents)) from staff_agents() as agents), '[]')
  )
  from bookings
  join booking_rows on booking_rows.id = bookings.id
  where bookings.id = booking
$$;
comment on function public.booking_page(uuid) is
  '{row, details, client, tasks, history, agents} of one booking, as far as the caller may see them; null when not at all.';
revoke all on function public.booking_page(uuid) from public, anon;
grant execute on function public.booking_page(uuid) to authenticated;
