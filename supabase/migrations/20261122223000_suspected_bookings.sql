-- Bookings that look as if no person had sent them: the website says so in details.source, with its reasons, and takes
-- them all the same. The list can ask for them, and its rows say it, as they say whose page a booking came from.

set lock_timeout = '5s';
set statement_timeout = '60s';

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
comment on column public.booking_rows.suspected is 'Whether the website found that the booking looks automatic.';
comment on column public.booking_rows.source is
  '`site`, the host of the page that the form was embedded in, `embed` when that is not known; null for what staff wrote down.';
