-- The overview in one round trip, also among a million bookings. Row Level Security keeps the times in `details` from
-- being looked up in their index, so the ids are picked past the policies, as for the list, and the rows are read under
-- them.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.pick_overview() returns table (part text, id uuid)
  language plpgsql
  stable
  rows 50
  security definer
  set search_path = public, pg_temp
as $$
declare
  asker constant staff_role := private.staff_role();
  me constant uuid := (select auth.uid());
begin
  if asker in ('admin', 'finance') then
    return query
      select 'unassigned', bookings.id from bookings
      where assigned_agent is null and status in ('pending', 'confirmed', 'in_progress')
      order by created_at, bookings.id limit 8;
    return query
      select 'around_today', bookings.id from bookings
      where private.details_time(details, 'starts_at') > now() - interval '1 day'
        and private.details_time(details, 'starts_at') < now() + interval '1 day'
        and status <> 'cancelled'
      order by private.details_time(details, 'starts_at'), bookings.id limit 100;
    return query
      select 'starting', bookings.id from bookings
      where private.details_time(details, 'starts_at') >= now()
        and status in ('pending', 'confirmed', 'in_progress')
      order by private.details_time(details, 'starts_at'), bookings.id limit 8;
  elsif asker = 'operations' then
    return query
      select 'around_today', bookings.id from bookings
      where assigned_agent = me
        and private.details_time(details, 'starts_at') > now() - interval '1 day'
        and private.details_time(details, 'starts_at') < now() + interval '1 day'
        and status <> 'cancelled'
      order by private.details_time(details, 'starts_at'), bookings.id limit 100;
    return query
      select 'starting', bookings.id from bookings
      where assigned_agent = me
        and private.details_time(details, 'starts_at') >= now()
        and status in ('pending', 'confirmed', 'in_progress')
      order by private.details_time(details, 'starts_at'), bookings.id limit 8;
  end if;
end
$$;
comment on function private.pick_overview() is 'The ids of those bookings on the overview that the caller may read.';
revoke all on function private.pick_overview() from public;
grant execute on function private.pick_overview() to authenticated;

-- Nobody needs to know a number of four digits here.
create function private.count_unassigned() returns bigint
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  select count(*)
  from (
    select from bookings
    where assigned_agent is null
      and status in ('pending', 'confirmed', 'in_progress')
      and (select private.staff_role()) in ('admin', 'finance')
    limit 1000
  ) as waiting
$$;
comment on function private.count_unassigned() is 'How many open bookings nobody looks after, 1000 standing for more; for those who may read them.';
revoke all on function private.count_unassigned() from public;
grant execute on function private.count_unassigned() to authenticated;

create function public.overview_page(with_charts boolean default false) returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  with picked as materialized (
    select booking_rows.*, overview.part
    from private.pick_overview() as overview
    join booking_rows on booking_rows.id = overview.id
  )
  select jsonb_build_object(
    'summary', coalesce((select jsonb_agg(to_jsonb(summary)) from booking_summary() as summary), '[]'),
    'unassigned', coalesce(
      (
        select jsonb_agg(to_jsonb(picked) - 'part' order by picked.created_at, picked.id)
        from picked where picked.part = 'unassigned'
      ),
      '[]'
    ),
    -- Wherever it is today now, today began and ends within these two days; the reader knows each booking's clock.
    'around_today', coalesce(
      (
        select jsonb_agg(to_jsonb(picked) - 'part' order by picked.starts_at, picked.id)
        from picked where picked.part = 'around_today'
      ),
      '[]'
    ),
    'starting', coalesce(
      (
        select jsonb_agg(to_jsonb(picked) - 'part' order by picked.starts_at, picked.id)
        from picked where picked.part = 'starting'
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
    'unassigned_count', private.count_unassigned(),
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
