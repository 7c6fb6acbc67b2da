-- The overview with its charts and today's bookings, still in one round trip.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function public.overview_charts() returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'days', coalesce(
      (select jsonb_agg(to_jsonb(counted)) from bookings_by_day(30) as counted),
      '[]'
    ),
    'waits', coalesce(
      (
        select jsonb_agg(
          jsonb_build_object(
            'purpose', measured.purpose,
            'bookings', measured.bookings,
            'waiting', measured.waiting,
            'median', extract(epoch from measured.median),
            'slowest_tenth', extract(epoch from measured.slowest_tenth)
          )
        )
        from waiting_times(30) as measured
      ),
      '[]'
    )
  )
$$;
comment on function public.overview_charts() is
  '{days, waits} of the last 30 days: bookings by day, purpose and status, and the seconds until the first touch, as far as the caller may know.';
revoke all on function public.overview_charts() from public, anon;
grant execute on function public.overview_charts() to authenticated;

drop function public.overview_page();
create function public.overview_page(with_charts boolean default false) returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'summary', coalesce((select jsonb_agg(to_jsonb(summary)) from booking_summary() as summary), '[]'),
    'unassigned', coalesce(
      (
        select jsonb_agg(to_jsonb(waiting) order by waiting.created_at, waiting.id)
        from (
          select * from booking_rows
          where assigned_agent is null and status in ('pending', 'confirmed', 'in_progress')
          order by created_at, id
          limit 8
        ) as waiting
      ),
      '[]'
    ),
    -- Wherever it is today now, today began and ends within these two days; the reader knows each booking's clock.
    'around_today', coalesce(
      (
        select jsonb_agg(to_jsonb(near) order by near.starts_at, near.id)
        from (
          select * from booking_rows
          where starts_at > now() - interval '1 day' and starts_at < now() + interval '1 day'
            and status <> 'cancelled'
          order by starts_at, id
          limit 100
        ) as near
      ),
      '[]'
    ),
    'starting', coalesce(
      (
        select jsonb_agg(to_jsonb(starting) order by starting.starts_at, starting.id)
        from (
          select * from booking_rows
          where starts_at >= now() and status in ('pending', 'confirmed', 'in_progress')
          order by starts_at, id
          limit 8
        ) as starting
      ),
      '[]'
    ),
    'tasks', coalesce(
      (
        select jsonb_agg(to_jsonb(mine) order by mine.due_date, mine.id)
        from (
          select * from task_rows
          where assigned_to = (select auth.uid()) and status <> 'done'
          order by due_date, id
          limit 8
        ) as mine
      ),
      '[]'
    ),
    'unassigned_count', (
      select count(*) from bookings
      where assigned_agent is null and status in ('pending', 'confirmed', 'in_progress')
    ),
    'overdue_count', (
      select count(*) from tasks
      where assigned_to = (select auth.uid()) and status <> 'done' and due_date < now()
    ),
    'charts', case when with_charts then overview_charts() end
  )
$$;
comment on function public.overview_page(boolean) is
  '{summary, unassigned, around_today, starting, tasks, unassigned_count, overdue_count, charts}: the counts, and what waits for the caller.';
revoke all on function public.overview_page(boolean) from public, anon;
grant execute on function public.overview_page(boolean) to authenticated;
