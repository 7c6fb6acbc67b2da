-- Where bookings come from, and how many there were month by month: counted under Row Level Security, so each caller
-- counts what they may read, and nothing else.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function public.booking_sources(since timestamptz, until timestamptz)
  returns table (
    channel text,
    source text,
    page text,
    ref text,
    utm_source text,
    utm_medium text,
    utm_campaign text,
    bookings bigint,
    cancelled bigint,
    last_at timestamptz
  )
  language sql
  stable
  rows 100
  set search_path = public, pg_temp
as $$
  select
    details #>> '{source,channel}',
    private.booking_source(details),
    details #>> '{source,host}',
    details #>> '{source,ref}',
    details #>> '{source,utm_source}',
    details #>> '{source,utm_medium}',
    details #>> '{source,utm_campaign}',
    count(*),
    count(*) filter (where status = 'cancelled'),
    max(created_at)
  from bookings
  where created_at >= since and created_at < until
  group by 1, 2, 3, 4, 5, 6, 7
  order by count(*) desc, max(created_at) desc
  limit 200
$$;
comment on function public.booking_sources(timestamptz, timestamptz) is
  'How many of the bookings that the caller may read came from which page and campaign, the 200 most frequent first.';
revoke all on function public.booking_sources(timestamptz, timestamptz) from public, anon;
grant execute on function public.booking_sources(timestamptz, timestamptz) to authenticated;

create function public.booking_totals(since timestamptz, until timestamptz, zone text default 'Asia/Kolkata')
  returns table (
    month date, purpose public.booking_purpose, status public.booking_status, bookings bigint
  )
  language sql
  stable
  rows 100
  set search_path = public, pg_temp
as $$
  select date_trunc('month', created_at at time zone zone)::date, bookings.purpose, bookings.status, count(*)
  from bookings
  where created_at >= since and created_at < until
  group by 1, 2, 3
  order by 1 desc, 2, 3
$$;
comment on function public.booking_totals(timestamptz, timestamptz, text) is
  'How many bookings that the caller may read came in each month, by purpose and status; months are those of the zone.';
revoke all on function public.booking_totals(timestamptz, timestamptz, text) from public, anon;
grant execute on function public.booking_totals(timestamptz, timestamptz, text) to authenticated;
