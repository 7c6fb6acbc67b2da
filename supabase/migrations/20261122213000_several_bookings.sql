-- Several bookings at once: each is changed or not on its own, in one round trip, and the answer says which.
-- The function runs as its caller, so grants, policies and guards decide for every row as they do for a single one.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function public.change_bookings(chosen jsonb, change jsonb)
  returns table (id uuid, written boolean, refusal text, booking jsonb)
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  pick record;
begin
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
comment on function public.change_bookings(jsonb, jsonb) is
  'Gives a status or an agent to each of [{id, seen}] that still is as it was seen; says what became of each, and how it is now.';
revoke all on function public.change_bookings(jsonb, jsonb) from public, anon;
grant execute on function public.change_bookings(jsonb, jsonb) to authenticated;
