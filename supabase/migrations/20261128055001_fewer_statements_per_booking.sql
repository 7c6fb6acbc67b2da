-- A website booking with all that follows from it, for less again: each statement that a trigger executes is set up anew in
-- every transaction, which costs more than what most of them do. A new booking and its review task are told of by one statement,
-- without a note in between; what comes in is counted by one statement; and a person who is nobody is not looked for.

set lock_timeout = '5s';
set statement_timeout = '60s';

create or replace function private.record_change() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  -- The log has these in columns of its own, or they follow from them.
  left_out constant text[] := array['id', 'created_at', 'updated_at', 'reference'];
  record jsonb;
  changes jsonb;
  subject jsonb;
begin
  if tg_op = 'INSERT' then
    record := to_jsonb(new) - left_out;
  else
    record := coalesce(to_jsonb(new), to_jsonb(old)) - left_out;
    changes := private.changes_between(to_jsonb(old) - left_out, to_jsonb(new) - left_out);
    if changes = '{}' then
      return null;
    end if;
  end if;
  subject := case tg_table_name
    when 'tasks' then jsonb_build_object('booking_id', record -> 'booking_id', 'title', record -> 'title')
    when 'booking_notes' then jsonb_build_object('booking_id', record -> 'booking_id')
    when 'invitations' then jsonb_build_object('email', record -> 'email')
    when 'assignment_rules' then jsonb_build_object('purpose', record -> 'purpose', 'agent', record -> 'agent')
    else '{}'
  end;
  insert into audit_logs (table_name, record_id, action, actor, metadata)
  values (
    tg_table_name,
    coalesce(new.id, old.id),
    tg_op::audit_action,
    coalesce(auth.uid()::text, 'system'),
    -- What is new has changed from nothing.
    subject || jsonb_build_object('changes', coalesce(changes, (
      select jsonb_object_agg(key, jsonb_build_object('old', null, 'new', value)) from jsonb_each(record)
    )))
  );
  return null;
end
$$;

create or replace function private.details_time(details jsonb, key text) returns timestamptz
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
  set datestyle = 'ISO, YMD'
as $$
declare
  said constant text := details ->> key;
begin
  -- Nearly all are in no doubt, and need no savepoint that an error could go back to.
  if said ~ (
    '^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])'
    'T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):?[0-5]\d)$'
  ) then
    return said::timestamptz;
  end if;
  if said ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)$' then
    begin
      return said::timestamptz;
    exception
      when datetime_field_overflow or invalid_datetime_format then
        return null;
    end;
  end if;
  return null;
end
$$;

create or replace function private.guard_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if tg_op = 'UPDATE' then
    if new.updated_at is distinct from old.updated_at and auth.uid() is not null then
      perform private.refuse('The updated_at of a booking is stamped by the database.', 'updated_at');
    end if;
    if private.staff_role() = 'operations' then
      if new.purpose is distinct from old.purpose then
        perform private.refuse('Operations staff can''t change the purpose of a booking.', 'purpose');
      elsif new.assigned_agent is distinct from old.assigned_agent then
        perform private.refuse(
          'Operations staff can''t hand a booking to somebody else (assigned_agent).', 'assigned_agent'
        );
      end if;
    end if;
  end if;
  if new.assigned_agent is not null
    and (tg_op = 'INSERT' or new.assigned_agent is distinct from old.assigned_agent)
    and not private.can_be_assigned(new.assigned_agent)
  then
    perform private.refuse(
      'A booking can only be assigned to operations staff or an admin (assigned_agent).', 'assigned_agent', '22023'
    );
  end if;
  return new;
end
$$;

create or replace function private.guard_task() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  -- Not `(select auth.uid())`: with a query in it, the condition is set up as one.
  if auth.uid() is not null and private.staff_role() = 'operations' then
    if tg_op = 'UPDATE' and new.assigned_to is distinct from old.assigned_to then
      perform private.refuse('Operations staff can''t hand a task to somebody else (assigned_to).', 'assigned_to');
    elsif tg_op = 'INSERT' and new.assigned_to is distinct from (select auth.uid()) then
      perform private.refuse('Operations staff create tasks for themselves only (assigned_to).', 'assigned_to');
    elsif tg_op = 'INSERT' and not exists (
      select from bookings where id = new.booking_id and assigned_agent = (select auth.uid())
    ) then
      perform private.refuse('Operations staff create tasks on their own bookings only (booking_id).', 'booking_id');
    end if;
  end if;
  if new.assigned_to is not null
    and (tg_op = 'INSERT' or new.assigned_to is distinct from old.assigned_to)
    and not private.can_be_assigned(new.assigned_to)
  then
    perform private.refuse(
      'A task can only be assigned to operations staff or an admin (assigned_to).', 'assigned_to', '22023'
    );
  end if;
  return new;
end
$$;

create or replace function private.tell_of_booking(noted private.outbox) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  line booking_rows;
  seen jsonb;
  -- What finance may not read: the person, the agent's name, the tasks.
  hidden constant jsonb := '{
    "client_id": null, "client_name": null, "client_email": null, "client_phone": null, "client_country": null,
    "assigned_agent_name": null, "open_tasks": 0, "next_due": null
  }';
  former uuid;
begin
  select * into line from booking_rows where id = noted.record_id;
  if line.id is not null then
    seen := to_jsonb(line);
  elsif noted.action <> 'DELETE' then
    return;
  end if;

  perform realtime.send(told.payload, told.event, told.audience, true)
  from (
    values
      ('role:admin', 'booking', jsonb_build_object('kind', noted.action, 'id', noted.record_id, 'row', seen)),
      ('role:finance', 'booking', jsonb_build_object('kind', noted.action, 'id', noted.record_id, 'row', seen || hidden)),
      (
        'role:viewer',
        'summary',
        case
          when noted.purpose is not null and (noted.purpose, noted.status) is distinct from (line.purpose, line.status)
            then jsonb_build_object(
              'purpose', noted.purpose,
              'from', noted.status,
              'to', case when line.purpose = noted.purpose then line.status end
            )
        end
      ),
      (
        'role:viewer',
        'summary',
        case
          when line.purpose is not null and line.purpose is distinct from noted.purpose
            then jsonb_build_object('purpose', line.purpose, 'from', null, 'to', line.status)
        end
      )
    union all
    -- A booking comes with its review task; while that is nobody's, all of its line is known here.
    select
      'role:admin',
      'task',
      jsonb_build_object('kind', noted.action, 'id', tasks.id, 'row', to_jsonb(tasks) || jsonb_build_object(
        'assigned_to_name', null, 'reference', line.reference, 'purpose', line.purpose, 'headline', line.headline
      ))
    from tasks
    where noted.action = 'INSERT' and tasks.booking_id = line.id and tasks.assigned_to is null
  ) as told (audience, event, payload)
  where told.payload is not null;

  if line.assigned_agent is not null and private.is_agent(line.assigned_agent) then
    select seen || jsonb_build_object('open_tasks', count(*), 'next_due', min(due_date)) into seen
    from tasks
    where booking_id = line.id and status <> 'done' and assigned_to = line.assigned_agent;
    perform private.tell(
      'staff:' || line.assigned_agent,
      'booking',
      jsonb_build_object('kind', noted.action, 'id', noted.record_id, 'row', seen)
    );
  end if;
  if line.assigned_agent is not null and noted.action = 'INSERT' then
    perform private.tell_of_task(row(null, 'task', tasks.id, 'INSERT', null, null, '{}')::private.outbox)
    from tasks
    where tasks.booking_id = line.id and tasks.assigned_to is not null;
  end if;
  if noted.former_agents <> '{}' then
    for former in
      select distinct agent from unnest(noted.former_agents) as agent where agent is distinct from line.assigned_agent
    loop
      if line.id is null then
        perform private.tell(
          'staff:' || former, 'booking', jsonb_build_object('kind', noted.action, 'id', noted.record_id, 'row', null)
        );
      else
        perform private.tell('staff:' || former, 'leave', jsonb_build_object('id', noted.record_id));
      end if;
    end loop;
  end if;
end
$$;

create or replace function private.tell_of_task(noted private.outbox) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  line task_rows;
  payload jsonb;
  -- An agent may have a task on a booking that is somebody else's.
  hidden constant jsonb := '{"reference": null, "purpose": null, "headline": null}';
  former uuid;
begin
  select * into line from task_rows where id = noted.record_id;
  if line.id is null and noted.action <> 'DELETE' then
    return;
  end if;
  payload := jsonb_build_object(
    'kind', noted.action,
    'id', noted.record_id,
    'row', case when line.id is not null then to_jsonb(line) end
  );
  perform private.tell('role:admin', 'task', payload);
  if line.assigned_to is not null and private.is_agent(line.assigned_to) then
    if not exists (select from bookings where id = line.booking_id and assigned_agent = line.assigned_to) then
      payload := payload || jsonb_build_object('row', to_jsonb(line) || hidden);
    end if;
    perform private.tell('staff:' || line.assigned_to, 'task', payload);
  end if;

  if noted.former_agents <> '{}' then
    for former in
      select distinct agent from unnest(noted.former_agents) as agent where agent is distinct from line.assigned_to
    loop
      if line.id is null then
        perform private.tell('staff:' || former, 'task', payload);
      else
        perform private.tell('staff:' || former, 'task_leave', jsonb_build_object('id', noted.record_id));
      end if;
    end loop;
  end if;
end
$$;

create or replace function private.note_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  noted private.outbox;
begin
  -- What is new in this very transaction is told of as it is at its end, or never was.
  if old.created_at = now() then
    return null;
  end if;
  noted.subject := 'booking';
  noted.record_id := old.id;
  noted.action := tg_op;
  noted.purpose := old.purpose;
  noted.status := old.status;
  noted.former_agents := array_remove(array[old.assigned_agent], null);
  perform private.note_change(noted);
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

create function private.tell_of_new_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  perform private.tell_of_booking(row(null, 'booking', new.id, 'INSERT', null, null, '{}')::private.outbox);
  return null;
end
$$;
comment on function private.tell_of_new_booking() is 'Tells all who may see a new booking of it, at the end of its transaction.';
revoke all on function private.tell_of_new_booking() from public;

drop trigger after_2_note on public.bookings;
create trigger after_2_note
  after update or delete on public.bookings
  for each row execute function private.note_booking();
create constraint trigger after_2_tell
  after insert on public.bookings
  deferrable initially deferred
  for each row execute function private.tell_of_new_booking();

drop trigger after_2_note on public.tasks;
create trigger after_2_note
  after update or delete on public.tasks
  for each row execute function private.note_task();
-- A review task, which a trigger adds, is told of with its booking.
create trigger after_2_note_new
  after insert on public.tasks
  for each row when (pg_trigger_depth() = 0)
  execute function private.note_task();

create function private.wait_for(came private.arrivals, ceiling private.ceilings) returns interval
  language plpgsql
  stable
  set search_path = public, pg_temp
as $$
begin
  return case
    when came.arrivals > ceiling.arrivals then came.since + ceiling.per - now()
    -- Of the span before, the part counts that the last hour, or minute, still reaches into.
    when came.earlier > 0
      and came.arrivals + floor(
        came.earlier * (1 - extract(epoch from now() - came.since) / extract(epoch from ceiling.per))
      ) > ceiling.arrivals
      then came.since - now() + ceiling.per * greatest(
        1 - (ceiling.arrivals - came.arrivals + 1)::float8 / came.earlier, 0
      ) + interval '1 second'
  end;
end
$$;
comment on function private.wait_for(private.arrivals, private.ceilings) is
  'How long until one more may come in, where what came in is more than its ceiling; else null.';
revoke all on function private.wait_for(private.arrivals, private.ceilings) from public;

create or replace function private.keep_ceilings() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  lane text;
  reached text;
  wait interval;
  its_row constant int := set_config(
    'roamio.website_rows', (coalesce(nullif(current_setting('roamio.website_rows', true), '')::int, 0) + 1)::text, true
  );
begin
  -- The site sends them one by one. A long list keeps everybody waiting until it is through, and counts nothing if it fails.
  if its_row > 20 then
    perform private.refuse('At most 20 bookings can be sent at once.', 'bookings', '22023');
  end if;
  lane := case
    when not private.is_from_the_website(new.id, new.details #>> '{source,voucher}') then 'direct'
    when new.details #> '{source,suspected}' is not null then 'suspected'
    else 'website'
  end;
  new.details := new.details #- '{source,voucher}';
  -- In one order for everybody, so that two bookings can't wait for one another; the lane last, since all in it wait for this one
  -- until it is committed.
  with asked as (
    select 'contact' as ceiling, 'contact:' || encode(sha256(convert_to(lower(address), 'UTF8')), 'hex') as subject
    from clients, unnest(array[clients.email, clients.phone]) as address
    where clients.id = new.client_id and address is not null
    union all
    select lane, lane
  ),
  counted as (
    insert into private.arrivals as known (subject, since, arrivals)
    select asked.subject, now(), 1
    from asked join private.ceilings on ceilings.subject = asked.ceiling
    order by asked.ceiling <> 'contact', asked.subject
    on conflict (subject) do update set (earlier, arrivals, since) = (
      select
        case when known.since > now() - per then known.earlier when known.since > now() - per * 2 then known.arrivals else 0 end,
        case when known.since > now() - per then known.arrivals + 1 else 1 end,
        case
          when known.since > now() - per then known.since
          when known.since > now() - per * 2 then known.since + per
          else now()
        end
      from private.ceilings
      where ceilings.subject = split_part(known.subject, ':', 1)
    )
    returning known.*
  )
  select ceilings.subject, private.wait_for(counted, ceilings) into reached, wait
  from counted
  join private.ceilings on ceilings.subject = split_part(counted.subject, ':', 1)
  where counted.arrivals + counted.earlier > ceilings.arrivals and private.wait_for(counted, ceilings) is not null
  order by ceilings.subject <> 'contact'
  limit 1;
  if reached = 'contact' then
    perform private.refuse_for_now(
      'Too many bookings with this e-mail address or phone number. Try again later.', 'contact', wait
    );
  elsif reached is not null then
    perform private.refuse_for_now('Too many bookings are coming in just now. Try again in a minute.', lane, wait);
  end if;
  if random() < 0.01 then
    perform private.forget_arrivals();
  end if;
  return new;
end
$$;

-- What the trigger asks is read anew for each row that is written down: of the website's, the first word says enough.
create or replace function private.note_first_touch() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if new.table_name = 'tasks' or (new.table_name = 'bookings' and new.action = 'UPDATE') then
    insert into private.first_touches (booking_id, touched_at)
    select bookings.id, new.created_at
    from bookings
    where bookings.id = coalesce((new.metadata ->> 'booking_id')::uuid, new.record_id)
    on conflict (booking_id) do nothing;
  end if;
  return null;
end
$$;

drop trigger after_1_note_first_touch on public.audit_logs;
create trigger after_1_note_first_touch
  after insert on public.audit_logs
  for each row when (new.actor <> 'system')
  execute function private.note_first_touch();

-- Only keep_ceilings called the one, and tell_of_booking the other.
-- squawk-ignore ban-drop-function
drop function private.count_arrival(text, private.ceilings);
-- squawk-ignore ban-drop-function
drop function private.tell_of_count(public.booking_purpose, public.booking_status, public.booking_status);
