-- A website booking with all that follows from it, for less: what is known is not read again, and what is not there is
-- not looked at.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- Rows that nobody addresses get ids in the order of their time (UUID version 7): each next one lands on the page of the
-- last, where random ones dirty a page of their own in every index. A booking's id stays the visitor's own.
create function private.timely_id() returns uuid
  language plpgsql
  volatile
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
begin
  return encode(
    -- 0100 is the version in a random one, and 0111 is seven.
    set_bit(
      set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send((date_part('epoch', clock_timestamp()) * 1000)::bigint) from 3)
          from 1 for 6
        ),
        52,
        1
      ),
      53,
      1
    ),
    'hex'
  )::uuid;
end
$$;
comment on function private.timely_id() is 'A UUID of version 7 (RFC 9562): milliseconds first, then random.';
revoke all on function private.timely_id() from public;
grant execute on function private.timely_id() to authenticated, service_role;

alter table public.clients alter column id set default private.timely_id();
alter table public.tasks alter column id set default private.timely_id();
alter table public.audit_logs alter column id set default private.timely_id();
alter table private.booking_counts alter column id set default private.timely_id();

-- What came in within the hour is counted anew after a crash: no reason to write it twice.
alter table private.arrivals set unlogged;

create or replace function private.check_details() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  key text;
begin
  if jsonb_typeof(new.details) is distinct from 'object' then
    perform private.refuse('The details of a booking must be an object.', 'details', '22023');
  end if;
  if octet_length(new.details::text) > 65536 then
    perform private.refuse('The details of a booking can''t be larger than 64 KB.', 'details', '22023');
  end if;
  -- The details themselves are the first level; a container on the fifth is one too many.
  if jsonb_path_exists(new.details, 'strict $.**{4} ? (@.type() == "object" || @.type() == "array")') then
    perform private.refuse('The details of a booking can''t be nested deeper than four levels.', 'details', '22023');
  end if;
  foreach key in array array['starts_at', 'ends_at', 'returns_at'] loop
    if new.details ->> key is not null and private.details_time(new.details, key) is null then
      perform private.refuse(
        format('%s must be a date and time with its offset, such as 2027-01-31T09:30:00+05:30.', key), key, '22023'
      );
    end if;
  end loop;
  if tg_op = 'UPDATE' and new.details ? 'health' then
    perform private.refuse('Health details are kept apart: leave health out of details.', 'health', '22023');
  end if;
  return new;
end
$$;

create or replace function private.check_times() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  key text;
  clock constant jsonb := new.details -> 'time_zone';
begin
  foreach key in array array['starts_at', 'ends_at', 'returns_at'] loop
    if new.details ? key
      and private.details_time(new.details, key)
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

create or replace function private.find_or_add_client(its_name text, its_email text, its_phone text, its_country text)
  returns public.clients
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  client clients;
begin
  loop
    -- Somebody else may add the same person just now: then this waits, and adds nothing.
    insert into clients (name, email, phone, country)
    values (its_name, its_email, its_phone, its_country)
    on conflict on constraint clients_are_one_person do nothing
    returning * into client;
    if found then
      return client;
    end if;
    -- A question for each of the cases: with `or` it would read everybody of this name.
    select * into client from clients
    where name = its_name and email = its_email and phone = its_phone
    union all
    select * from clients
    where name = its_name and email = its_email and phone is null and its_phone is null
    union all
    select * from clients
    where name = its_name and email is null and its_email is null and phone = its_phone;
    if found then
      return client;
    end if;
  end loop;
end
$$;

create or replace function private.add_review_task() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  insert into tasks (created_at, booking_id, title, assigned_to, due_date)
  values (
    new.created_at,
    new.id,
    format(
      'Review %s booking %s-%s',
      case new.purpose when 'nri' then 'NRI' else new.purpose::text end,
      left(new.reference, 4),
      right(new.reference, 4)
    ),
    -- Routing may have given it to somebody by now.
    (select assigned_agent from bookings where id = new.id),
    new.created_at + private.time_to_review(new.purpose)
  );
  return null;
end
$$;

create or replace function private.note_task() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  task constant tasks := case tg_op when 'DELETE' then old else new end;
  noted private.outbox;
  booking bookings;
begin
  noted.subject := 'task';
  noted.record_id := task.id;
  noted.action := tg_op;
  noted.former_agents := '{}';
  -- A review task comes with its booking, which is noted already, and is told as it is.
  if tg_op = 'INSERT' and pg_trigger_depth() > 1 then
    perform private.tell_of_task(noted);
    return null;
  end if;
  if tg_op <> 'INSERT' and old.assigned_to is not null then
    noted.former_agents := array[old.assigned_to];
  end if;
  perform private.note_change(noted);

  -- The booking's row counts its unfinished tasks.
  select * into booking from bookings where id = task.booking_id;
  if found then
    noted.subject := 'booking';
    noted.record_id := booking.id;
    noted.action := 'UPDATE';
    noted.purpose := booking.purpose;
    noted.status := booking.status;
    noted.former_agents := '{}';
    perform private.note_change(noted);
  end if;
  return null;
end
$$;

create or replace function private.is_agent(person uuid) returns boolean
  language plpgsql
  stable
  strict
  security definer
  set search_path = public, pg_temp
as $$
begin
  return exists (select from profiles where id = person and role = 'operations' and deactivated_at is null);
end
$$;
