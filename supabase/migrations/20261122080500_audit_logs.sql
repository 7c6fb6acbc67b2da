-- The audit log: who changed what, and how it was before. Triggers write it (see the migration "audit"); nobody else does.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table public.audit_logs (
  id uuid primary key default gen_random_uuid(),
  -- The time of the change itself, not of its transaction: changes of one transaction keep their order.
  created_at timestamptz not null default clock_timestamp(),
  table_name text not null,
  record_id uuid not null,
  action public.audit_action not null,
  actor text not null,
  metadata jsonb not null default '{}'
);
comment on table public.audit_logs is 'Append-only: every change to bookings, tasks and roles, with old and new values.';
comment on column public.audit_logs.actor is 'The account''s id, or `system` for the website, triggers and operators.';
comment on column public.audit_logs.metadata is '{"changes": {column: {"old": …, "new": …}}}, and for a task its booking_id.';

-- No foreign keys: the log outlives what it speaks of.
create index audit_logs_record_idx on public.audit_logs (table_name, record_id, created_at);
create index audit_logs_newest_idx on public.audit_logs (created_at desc, id desc);
create index audit_logs_booking_of_task_idx on public.audit_logs ((metadata ->> 'booking_id'), created_at)
  where table_name = 'tasks';

revoke all on table public.audit_logs from anon, authenticated, service_role;
grant select on table public.audit_logs to authenticated, service_role;

alter table public.audit_logs enable row level security;

create policy "An admin reads the audit log"
  on public.audit_logs for select to authenticated
  using ((select private.staff_role()) = 'admin');

create function private.refuse_rewriting() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  raise insufficient_privilege using message = 'The audit log is append-only: nothing in it is changed or deleted.';
end
$$;
comment on function private.refuse_rewriting() is 'Keeps the audit log append-only, for its owner too.';
revoke all on function private.refuse_rewriting() from public;

create trigger keep_append_only
  before update or delete or truncate on public.audit_logs
  for each statement execute function private.refuse_rewriting();
