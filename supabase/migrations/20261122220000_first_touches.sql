-- When a person first did something with a booking, kept so that the charts need not search the audit log.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table private.first_touches (
  booking_id uuid primary key references public.bookings on delete cascade,
  touched_at timestamptz not null
);
comment on table private.first_touches is 'When a person first changed a booking or one of its tasks.';

insert into private.first_touches (booking_id, touched_at)
select bookings.id, min(audit_logs.created_at)
from public.audit_logs
join public.bookings on bookings.id = coalesce(audit_logs.metadata ->> 'booking_id', audit_logs.record_id::text)::uuid
where audit_logs.actor <> 'system'
  and (audit_logs.table_name = 'tasks' or (audit_logs.table_name = 'bookings' and audit_logs.action = 'UPDATE'))
group by bookings.id;

create function private.note_first_touch() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  insert into private.first_touches (booking_id, touched_at)
  select bookings.id, new.created_at
  from bookings
  where bookings.id = coalesce((new.metadata ->> 'booking_id')::uuid, new.record_id)
  on conflict (booking_id) do nothing;
  return null;
end
$$;
comment on function private.note_first_touch() is 'Keeps when a person first changed a booking or one of its tasks.';
revoke all on function private.note_first_touch() from public;

create trigger after_1_note_first_touch
  after insert on public.audit_logs
  for each row
  when (
    new.actor <> 'system'
    and (new.table_name = 'tasks' or (new.table_name = 'bookings' and new.action = 'UPDATE'))
  )
  execute function private.note_first_touch();

create or replace function private.measure_waiting(days integer)
  returns table (purpose public.booking_purpose, bookings bigint, waiting bigint, median interval, slowest_tenth interval)
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  -- Two questions, so that each can be answered from an index.
  with recent as (
    select id, purpose, created_at from bookings
    where (select private.staff_role()) = 'admin' and created_at >= now() - days * interval '1 day'
    union all
    select id, purpose, created_at from bookings
    where (select private.staff_role()) = 'operations'
      and assigned_agent = (select auth.uid())
      and created_at >= now() - days * interval '1 day'
  )
  select
    recent.purpose,
    count(*),
    count(*) filter (where first_touches.touched_at is null),
    percentile_cont(0.5) within group (order by first_touches.touched_at - recent.created_at),
    percentile_cont(0.9) within group (order by first_touches.touched_at - recent.created_at)
  from recent
  left join private.first_touches on first_touches.booking_id = recent.id
  group by recent.purpose
$$;
