-- What the charts show: bookings by day, how long people waited for the first answer, what is overdue.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.count_by_day(days integer, zone text)
  returns table (day date, purpose public.booking_purpose, status public.booking_status, bookings bigint)
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  select (created_at at time zone zone)::date, purpose, status, count(*)
  from bookings
  where (select private.staff_role()) is not null
    and created_at >= (date_trunc('day', now() at time zone zone) - (days - 1) * interval '1 day') at time zone zone
  group by 1, 2, 3
$$;
comment on function private.count_by_day(integer, text) is 'Bookings of the last days by day, purpose and status; nothing for anybody who is not staff.';
revoke all on function private.count_by_day(integer, text) from public;
grant execute on function private.count_by_day(integer, text) to authenticated;

create function public.bookings_by_day(days integer default 30, time_zone text default 'Asia/Kolkata')
  returns table (day date, purpose public.booking_purpose, status public.booking_status, bookings bigint)
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select * from private.count_by_day(least(greatest(days, 1), 366), time_zone) order by day, purpose, status
$$;
comment on function public.bookings_by_day(integer, text) is 'Bookings of the last days, today included, by day, purpose and status; days without any are left out.';
revoke all on function public.bookings_by_day(integer, text) from public, anon;
grant execute on function public.bookings_by_day(integer, text) to authenticated;

-- The first touch is the first change of the booking or of one of its tasks by a person. Operations staff learn how
-- long those waited who are with them now; finance and viewers learn nothing.
create function private.measure_waiting(days integer)
  returns table (purpose public.booking_purpose, bookings bigint, waiting bigint, median interval, slowest_tenth interval)
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  with recent as (
    select
      bookings.purpose,
      bookings.created_at,
      (
        select min(touch.created_at)
        from (
          (
            select created_at from audit_logs
            where table_name = 'bookings' and record_id = bookings.id and actor <> 'system'
            order by created_at limit 1
          )
          union all
          (
            select created_at from audit_logs
            where table_name = 'tasks' and metadata ->> 'booking_id' = bookings.id::text and actor <> 'system'
            order by created_at limit 1
          )
        ) as touch
      ) as touched_at
    from bookings
    where bookings.created_at >= now() - days * interval '1 day'
      and (
        (select private.staff_role()) = 'admin'
        or ((select private.staff_role()) = 'operations' and bookings.assigned_agent = (select auth.uid()))
      )
  )
  select
    purpose,
    count(*),
    count(*) filter (where touched_at is null),
    percentile_cont(0.5) within group (order by touched_at - created_at),
    percentile_cont(0.9) within group (order by touched_at - created_at)
  from recent
  group by purpose
$$;
comment on function private.measure_waiting(integer) is 'How long bookings waited for the first touch, as far as the caller may know.';
revoke all on function private.measure_waiting(integer) from public;
grant execute on function private.measure_waiting(integer) to authenticated;

create function public.waiting_times(days integer default 30)
  returns table (purpose public.booking_purpose, bookings bigint, waiting bigint, median interval, slowest_tenth interval)
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select * from private.measure_waiting(least(greatest(days, 1), 366)) order by purpose
$$;
comment on function public.waiting_times(integer) is
  'For each purpose: bookings of the last days, those nobody has touched yet, and how long the others waited (median, and what one in ten waited at least).';
revoke all on function public.waiting_times(integer) from public, anon;
grant execute on function public.waiting_times(integer) to authenticated;

create function public.overdue_tasks()
  returns table (purpose public.booking_purpose, tasks bigint, oldest_due timestamptz)
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select task_rows.purpose, count(*), min(task_rows.due_date)
  from task_rows
  where task_rows.status <> 'done' and task_rows.due_date < now()
  group by task_rows.purpose
  order by task_rows.purpose
$$;
comment on function public.overdue_tasks() is 'Unfinished tasks whose time has passed, by purpose: an admin''s count is of all, an agent''s of their own.';
revoke all on function public.overdue_tasks() from public, anon;
grant execute on function public.overdue_tasks() to authenticated;
