-- What the overview's charts are drawn from, in one answer.

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
