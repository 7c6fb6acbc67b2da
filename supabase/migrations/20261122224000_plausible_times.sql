-- A website booking's clock is one that exists, and its times are some that a calendar shows: one booking of the year
-- 9999 would otherwise be in the way of everybody's list.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.check_times() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  key text;
  clock constant jsonb := new.details -> 'time_zone';
begin
  foreach key in array array['starts_at', 'ends_at', 'returns_at'] loop
    if private.details_time(new.details, key)
      not between now() - interval '50 years' and now() + interval '50 years'
    then
      perform private.refuse(format('%s must be within fifty years of today.', key), key, '22023');
    end if;
  end loop;
  if coalesce(clock, 'null') in ('null', '""') then
    return new;
  end if;
  begin
    -- Postgres takes more than names, such as rules of one's own for summer time.
    if jsonb_typeof(clock) = 'string'
      and clock #>> '{}' ~ '^[A-Za-z][A-Za-z0-9_+-]{1,29}(/[A-Za-z0-9_+-]{1,30}){0,2}$'
    then
      perform now() at time zone (clock #>> '{}');
      return new;
    end if;
  exception
    when invalid_parameter_value then
      null;
  end;
  perform private.refuse('time_zone must be the name of a time zone, such as Asia/Kolkata.', 'time_zone', '22023');
  return new;
end
$$;
comment on function private.check_times() is 'Refuses a website booking by a clock that does not exist or in a far-away year.';
revoke all on function private.check_times() from public;

create trigger before_4_check_times
  before insert on public.bookings
  for each row when (current_user = 'anon')
  execute function private.check_times();
