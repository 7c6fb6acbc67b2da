-- A change to bookings that names nothing, or something else than the status or the agent, is refused: until now it took the
-- agent away.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.check_change(change jsonb) returns void
  language plpgsql
  immutable
  set search_path = public, pg_temp
as $$
begin
  if jsonb_typeof(change) is distinct from 'object'
    or change = '{}'
    or (change - 'status' <> '{}' and change - 'assigned_agent' <> '{}')
  then
    raise invalid_parameter_value using
      message = 'Change either the status or the assigned_agent of a booking, and nothing else.';
  end if;
end
$$;
comment on function private.check_change(jsonb) is 'Refuses a change that does not name just the status or just the agent.';
revoke all on function private.check_change(jsonb) from public;
grant execute on function private.check_change(jsonb) to authenticated;

create or replace function public.change_booking(booking uuid, seen timestamptz, change jsonb) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  written boolean := false;
  refusal jsonb;
begin
  perform private.check_change(change);
  begin
    if change ? 'status' then
      update bookings set status = (change ->> 'status')::booking_status where id = booking and updated_at = seen;
    else
      update bookings set assigned_agent = (change ->> 'assigned_agent')::uuid where id = booking and updated_at = seen;
    end if;
    written := found;
  exception
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object('written', written, 'refusal', refusal, 'page', booking_page(booking));
end
$$;
create or replace function public.change_bookings(chosen jsonb, change jsonb)
  returns table (id uuid, written boolean, refusal text, booking jsonb)
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  pick record;
begin
  perform private.check_change(change);
  if jsonb_array_length(chosen) > 200 then
    raise invalid_parameter_value using message = 'Change at most 200 bookings at once.';
  end if;
  -- In one order for everybody: two people with the same rows wait for one another and never in a circle.
  for pick in
    select asked.id, asked.seen from jsonb_to_recordset(chosen) as asked (id uuid, seen timestamptz) order by asked.id
  loop
    id := pick.id;
    refusal := null;
    begin
      if change ? 'status' then
        update bookings set status = (change ->> 'status')::booking_status
        where bookings.id = pick.id and bookings.updated_at = pick.seen;
      else
        update bookings set assigned_agent = (change ->> 'assigned_agent')::uuid
        where bookings.id = pick.id and bookings.updated_at = pick.seen;
      end if;
      written := found;
    exception
      when insufficient_privilege or invalid_parameter_value or foreign_key_violation then
        written := false;
        refusal := sqlerrm;
    end;
    booking := (select to_jsonb(booking_rows) from booking_rows where booking_rows.id = pick.id);
    return next;
  end loop;
end
$$;
