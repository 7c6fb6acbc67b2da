-- The rows of the dashboard's lists. Broadcasts carry the same rows, so a list and its live changes can't disagree.
-- Both views are security_invoker: what a policy hides from the reader is null here, or not here at all.

set lock_timeout = '5s';
set statement_timeout = '60s';

create view public.booking_rows with (security_invoker = true) as
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
  (
    select count(*)::int from public.tasks
    where tasks.booking_id = bookings.id and tasks.status <> 'done'
  ) as open_tasks,
  (
    select min(tasks.due_date) from public.tasks
    where tasks.booking_id = bookings.id and tasks.status <> 'done'
  ) as next_due
from public.bookings
left join public.clients on clients.id = bookings.client_id
left join public.profiles as agents on agents.id = bookings.assigned_agent;
comment on view public.booking_rows is 'One row of the bookings list. Client, agent and tasks are there as far as the reader may see them.';

revoke all on table public.booking_rows from anon, authenticated, service_role;
grant select on table public.booking_rows to authenticated, service_role;

create view public.task_rows with (security_invoker = true) as
select
  tasks.id,
  tasks.booking_id,
  tasks.title,
  tasks.status,
  tasks.assigned_to,
  agents.full_name as assigned_to_name,
  tasks.due_date,
  tasks.created_at,
  bookings.reference,
  bookings.purpose,
  private.booking_headline(bookings.details) as headline
from public.tasks
left join public.bookings on bookings.id = tasks.booking_id
left join public.profiles as agents on agents.id = tasks.assigned_to;
comment on view public.task_rows is 'One row of a task list, with as much of its booking as the reader may see.';

revoke all on table public.task_rows from anon, authenticated, service_role;
grant select on table public.task_rows to authenticated, service_role;
