-- Health details come with a new booking only. An admin's insert that ignores what is there already (Prefer:
-- resolution=ignore-duplicates) runs the triggers all the same, and wrote them for an old one, past the audit log.

set lock_timeout = '5s';
set statement_timeout = '60s';

create or replace function private.keep_health() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  health constant jsonb := new.details -> 'health';
begin
  new.details := new.details - 'health';
  if jsonb_typeof(health) not in ('object', 'null') then
    perform private.refuse('The health details of a booking must be an object.', 'health', '22023');
  end if;
  -- An insert that may find the booking there already adds nothing to it.
  if jsonb_typeof(health) = 'object' and health <> '{}' and not exists (select from bookings where id = new.id) then
    insert into private.booking_health (booking_id, details, consent)
    values (new.id, health - 'consent', nullif(health -> 'consent', 'null'))
    -- Only for a booking that comes twice at once, and then it is the booking's own key that refuses.
    on conflict (booking_id) do nothing;
  end if;
  return new;
end
$$;
