-- What everything else stands on: extensions, the schema for what the API must not reach, and the closed lists.

set lock_timeout = '5s';
set statement_timeout = '60s';

create extension if not exists pgcrypto with schema extensions;
create extension if not exists pg_trgm with schema extensions;

-- Helpers and trigger functions live here. The API exposes `public` only, so nothing in `private` can be called
-- through it; policies and views still can use what they are granted one by one.
create schema private;
comment on schema private is 'Helpers, trigger functions and tables that the API does not reach.';
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

create type public.staff_role as enum ('admin', 'operations', 'finance', 'viewer');
comment on type public.staff_role is 'What a member of staff may do.';

create type public.booking_purpose as enum (
  'medical', 'tourism', 'nri', 'hybrid', 'cab', 'hotel', 'logistics', 'service'
);
comment on type public.booking_purpose is 'What a traveller asks for.';

create type public.booking_status as enum ('pending', 'confirmed', 'in_progress', 'completed', 'cancelled');
comment on type public.booking_status is 'How far a booking has come.';

create type public.task_status as enum ('open', 'in_progress', 'done', 'blocked');
comment on type public.task_status is 'How far a task has come.';

create type public.audit_action as enum ('INSERT', 'UPDATE', 'DELETE');
comment on type public.audit_action is 'What happened to a row.';
