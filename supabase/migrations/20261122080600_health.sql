-- What a booking says about a person's health is kept apart from the booking. No role reads it directly; one function
-- gives it to an admin and to the booking's agent, and writes down who read it.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table private.booking_health (
  -- Deferred, since the booking's insert trigger writes this row before the booking itself is there.
  booking_id uuid primary key references public.bookings on delete cascade deferrable initially deferred,
  created_at timestamptz not null default now(),
  details jsonb not null,
  consent jsonb
);
comment on table private.booking_health is 'Health details of bookings, with the consent (wording, time) under which they were given.';

create table public.health_readings (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  booking_id uuid not null,
  read_by uuid not null
);
comment on table public.health_readings is 'Who read whose health details, and when. Written by the reading itself, never changed.';

-- No foreign keys: the record of a reading outlives the booking and the reader's account.
create index health_readings_booking_id_idx on public.health_readings (booking_id, created_at);

revoke all on table public.health_readings from anon, authenticated, service_role;
grant select on table public.health_readings to authenticated, service_role;

alter table public.health_readings enable row level security;

create policy "An admin reads who read health details"
  on public.health_readings for select to authenticated
  using ((select private.staff_role()) = 'admin');

create function private.read_booking_health(booking uuid)
  returns table (details jsonb, consent jsonb)
  language plpgsql
  volatile
  security definer
  set search_path = public, pg_temp
as $$
begin
  if not coalesce(
    (select private.staff_role()) = 'admin'
    or (
      (select private.staff_role()) = 'operations'
      and exists (select from bookings where bookings.id = booking and assigned_agent = (select auth.uid()))
    ),
    false
  ) then
    raise insufficient_privilege using message = 'Only an admin and the booking''s agent read its health details.';
  end if;
  return query
    select health.details, health.consent from private.booking_health as health where health.booking_id = booking;
  if found then
    insert into health_readings (booking_id, read_by) values (booking, (select auth.uid()));
  end if;
end
$$;
comment on function private.read_booking_health(uuid) is 'Gives a booking''s health details to those who may read them, and records the reading.';
revoke all on function private.read_booking_health(uuid) from public;
grant execute on function private.read_booking_health(uuid) to authenticated;

create function public.booking_health(booking uuid)
  returns table (details jsonb, consent jsonb)
  language sql
  volatile
  set search_path = public, pg_temp
as $$
  select * from private.read_booking_health(booking)
$$;
comment on function public.booking_health(uuid) is 'A booking''s health details; each reading is recorded.';
revoke all on function public.booking_health(uuid) from public, anon;
grant execute on function public.booking_health(uuid) to authenticated;
