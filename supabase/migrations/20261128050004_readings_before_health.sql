-- A reading of health details is recorded first, in a transaction of its own, and then read. Where one did both, a question that
-- failed on what it read, with the value in its error, took the record back along with itself; so did one that asked for rows
-- where there were none, which is an answer too.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.may_read_health(booking uuid) returns boolean
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  return coalesce(
    (select private.staff_role()) = 'admin'
    or (
      (select private.staff_role()) = 'operations'
      and exists (select from bookings where bookings.id = booking and assigned_agent = (select auth.uid()))
    ),
    false
  );
end
$$;
comment on function private.may_read_health(uuid) is 'Whether the caller is an admin or the booking''s agent.';
revoke all on function private.may_read_health(uuid) from public;

create function private.note_health_reading(booking uuid) returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = public, pg_temp
as $$
begin
  if not private.may_read_health(booking) then
    raise insufficient_privilege using message = 'Only an admin and the booking''s agent read its health details.';
  end if;
  insert into health_readings (booking_id, read_by)
  select health.booking_id, (select auth.uid()) from private.booking_health as health where health.booking_id = booking;
  return found;
end
$$;
comment on function private.note_health_reading(uuid) is
  'Records that the caller reads a booking''s health details, and lets them for a minute. False where there is nothing to read.';
revoke all on function private.note_health_reading(uuid) from public;
grant execute on function private.note_health_reading(uuid) to authenticated;

create or replace function private.read_booking_health(booking uuid)
  returns table (details jsonb, consent jsonb)
  language plpgsql
  volatile
  security definer
  set search_path = public, pg_temp
as $$
begin
  if not private.may_read_health(booking) then
    raise insufficient_privilege using message = 'Only an admin and the booking''s agent read its health details.';
  end if;
  if not exists (select from private.booking_health as health where health.booking_id = booking) then
    return;
  end if;
  -- One of this same transaction has its time, and would go when it does.
  if not exists (
    select from health_readings
    where booking_id = booking
      and read_by = (select auth.uid())
      and created_at > now() - interval '1 minute'
      and created_at < now()
  ) then
    raise insufficient_privilege using
      message = 'Health details are read within a minute after record_health_reading has recorded it.';
  end if;
  return query
    select health.details, health.consent from private.booking_health as health where health.booking_id = booking;
end
$$;
comment on function private.read_booking_health(uuid) is
  'Gives a booking''s health details to those who may read them and whose reading was recorded before.';
comment on function public.booking_health(uuid) is
  'A booking''s health details, for a minute after record_health_reading has recorded the reading.';
comment on function public.open_booking_health(uuid) is
  '{health, page} of a booking: what booking_health gives, whose reading was recorded before, and the page as booking_page has it.';

create function public.record_health_reading(booking uuid) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  recorded boolean := false;
  refusal jsonb;
begin
  begin
    recorded := private.note_health_reading(booking);
  exception
    when insufficient_privilege then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object('team', team_of_caller(), 'written', recorded, 'refusal', refusal);
end
$$;
comment on function public.record_health_reading(uuid) is
  'Records that the caller reads a booking''s health details, which they then may for a minute: {team, written, refusal}, the team as my_team has it. Not written where there are none.';
revoke all on function public.record_health_reading(uuid) from public, anon;
grant execute on function public.record_health_reading(uuid) to authenticated;
