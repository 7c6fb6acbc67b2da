-- Where a booking came from, in one word, for the list and its filter: the site's own form, or whose page it stood on.
-- And an index for each way to narrow down the list or to order it.

set lock_timeout = '5s';
set statement_timeout = '10min';

-- roamio_web/sources.py writes what this reads.
create function private.booking_source(details jsonb) returns text
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
begin
  return case details #>> '{source,channel}'
    when 'site' then 'site'
    when 'embed' then coalesce(left(lower(substring(details #>> '{source,host}' from '^https?://([^/?#]+)')), 200), 'embed')
  end;
end
$$;
comment on function private.booking_source(jsonb) is
  '`site`, the host of the page that the form was embedded in, `embed` when that is not known, or null.';
revoke all on function private.booking_source(jsonb) from public;
-- Whoever writes a booking runs it, since an index does.
grant execute on function private.booking_source(jsonb) to anon, authenticated, service_role;

create index bookings_purpose_idx on public.bookings (purpose, created_at desc nulls last, id desc);
create index bookings_source_idx on public.bookings
  (private.booking_source(details), created_at desc nulls last, id desc);
create index bookings_embedded_idx on public.bookings (created_at desc nulls last, id desc)
  where details #>> '{source,channel}' = 'embed';
create index bookings_suspected_idx on public.bookings (created_at desc nulls last, id desc)
  where details #> '{source,suspected}' is not null;

-- Which of these indexes is the best one depends on how many bookings come from embedded forms.
create statistics public.bookings_channel_statistics on (details #>> '{source,channel}') from public.bookings;

-- An agent's own list in its other orders, and the question of every morning: what comes next of all that is pending.
create index bookings_changed_of_agent_idx on public.bookings (assigned_agent, updated_at desc nulls last, id desc);
create index bookings_soonest_of_agent_idx on public.bookings
  (assigned_agent, private.details_time(details, 'starts_at'), id);
create index bookings_soonest_in_status_idx on public.bookings (status, private.details_time(details, 'starts_at'), id);

-- The policy on clients asks whether one of a client's bookings is the reader's.
create index bookings_client_and_agent_idx on public.bookings (client_id, assigned_agent);
drop index public.bookings_client_id_idx;

-- As before, with the source, and with one look at the tasks instead of two.
create or replace view public.booking_rows with (security_invoker = true) as
select
  bookings.id,
  bookings.reference,
  bookings.purpose,
  bookings.status,
  bookings.created_at,
  bookings.updated_at,
  private.details_time(bookings.details, 'starts_at') as starts_at,
  bookings.details ->> 'time_zone' as time_zone,
  private.booking_headline(bookings.details) as headline,
  clients.id as client_id,
  clients.name as client_name,
  clients.email as client_email,
  clients.phone as client_phone,
  clients.country as client_country,
  bookings.assigned_agent,
  agents.full_name as assigned_agent_name,
  unfinished.tasks as open_tasks,
  unfinished.next_due,
  bookings.details #> '{source,suspected}' is not null as suspected,
  private.booking_source(bookings.details) as source
from public.bookings
left join public.clients on clients.id = bookings.client_id
left join public.profiles as agents on agents.id = bookings.assigned_agent
cross join lateral (
  select count(*)::int as tasks, min(tasks.due_date) as next_due
  from public.tasks
  where tasks.booking_id = bookings.id and tasks.status <> 'done'
) as unfinished;
comment on column public.booking_rows.source is
  '`site`, the host of the page that the form was embedded in, `embed` when that is not known; null for what staff wrote down.';
