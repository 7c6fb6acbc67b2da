-- Live changes: who hears of what. Topics are role:admin, role:finance, role:viewer and staff:<uuid>; each audience is
-- sent just what it may read.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- Any Supabase client can listen to these tables with postgres_changes, under its own Row Level Security.
alter publication supabase_realtime add table public.bookings, public.tasks, public.clients;

create policy "Staff listen to their own topic and to that of their role"
  on realtime.messages for select to authenticated
  using (
    extension = 'broadcast'
    and (
      (
        (select private.staff_role()) is not null
        and (select realtime.topic()) = 'staff:' || (select auth.uid())
      )
      or (
        (select private.staff_role()) in ('admin', 'finance', 'viewer')
        and (select realtime.topic()) = 'role:' || (select private.staff_role())
      )
    )
  );

-- Changes are noted as they happen and told when the transaction commits: once for each booking and task, with the row
-- as it ends up. A note never outlives its transaction, so the table need not survive a crash.
create unlogged table private.outbox (
  transaction xid8 not null default pg_current_xact_id(),
  subject text not null,
  record_id uuid not null,
  action public.audit_action not null,
  -- How the record was when the transaction began; all null for a new one.
  purpose public.booking_purpose,
  status public.booking_status,
  -- Whom it was taken from on the way.
  former_agents uuid[] not null default '{}',
  primary key (transaction, subject, record_id)
);
comment on table private.outbox is 'Changes that will be broadcast when their transaction commits.';

create function private.note_change(noted private.outbox) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  insert into private.outbox as known (subject, record_id, action, purpose, status, former_agents)
  values (noted.subject, noted.record_id, noted.action, noted.purpose, noted.status, noted.former_agents)
  on conflict (transaction, subject, record_id) do update set
    action = case when excluded.action = 'DELETE' then excluded.action else known.action end,
    former_agents = known.former_agents || excluded.former_agents;
end
$$;
comment on function private.note_change(private.outbox) is 'Notes a change for its broadcast; of several in one transaction, the first says how it was.';
revoke all on function private.note_change(private.outbox) from public;

create function private.note_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  noted private.outbox;
begin
  noted.subject := 'booking';
  noted.action := tg_op;
  noted.former_agents := '{}';
  if tg_op = 'INSERT' then
    noted.record_id := new.id;
  else
    noted.record_id := old.id;
    noted.purpose := old.purpose;
    noted.status := old.status;
    if old.assigned_agent is not null then
      noted.former_agents := array[old.assigned_agent];
    end if;
  end if;
  perform private.note_change(noted);
  return null;
end
$$;
comment on function private.note_booking() is 'Notes that a booking changed.';
revoke all on function private.note_booking() from public;

create trigger after_2_note
  after insert or update or delete on public.bookings
  for each row execute function private.note_booking();

create function private.note_task() returns trigger
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
comment on function private.note_task() is 'Notes that a task changed, and with it its booking''s row.';
revoke all on function private.note_task() from public;

create trigger after_2_note
  after insert or update or delete on public.tasks
  for each row execute function private.note_task();

create function private.note_client() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  -- A company may have booked thousands of times; what nobody has on the screen need not be told.
  perform private.note_change(
    row(null, 'booking', latest.id, 'UPDATE', latest.purpose, latest.status, '{}')::private.outbox
  )
  from (
    select id, purpose, status from bookings where client_id = new.id order by created_at desc limit 200
  ) as latest;
  return null;
end
$$;
comment on function private.note_client() is 'Notes that the rows of a client''s bookings changed.';
revoke all on function private.note_client() from public;

create trigger after_2_note
  after update on public.clients
  for each row when (new.* is distinct from old.*)
  execute function private.note_client();

-- realtime.send runs as its caller and turns every error into a warning. The functions below are security definer and
-- belong to postgres, which may write messages; the tests read what has arrived.
create function private.tell(audience text, event text, payload jsonb) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  perform realtime.send(payload, event, audience, true);
end
$$;
comment on function private.tell(text, text, jsonb) is 'Broadcasts a message to those who may join the private topic.';
revoke all on function private.tell(text, text, jsonb) from public;

create function private.is_agent(person uuid) returns boolean
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  return exists (select from profiles where id = person and role = 'operations');
end
$$;
comment on function private.is_agent(uuid) is 'Whether this person sees a booking because it is assigned to them.';
revoke all on function private.is_agent(uuid) from public;

create function private.tell_of_booking(noted private.outbox) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  line booking_rows;
  payload jsonb;
  -- What finance may not read: the person, the agent's name, the tasks.
  hidden constant jsonb := '{
    "client_id": null, "client_name": null, "client_email": null, "client_phone": null, "client_country": null,
    "assigned_agent_name": null, "open_tasks": 0, "next_due": null
  }';
  mine jsonb;
  former uuid;
begin
  select * into line from booking_rows where id = noted.record_id;
  if line.id is null and noted.action <> 'DELETE' then
    return;
  end if;
  payload := jsonb_build_object('kind', noted.action, 'id', noted.record_id, 'row', null);

  if line.id is null then
    perform private.tell('role:admin', 'booking', payload);
    perform private.tell('role:finance', 'booking', payload);
  else
    payload := payload || jsonb_build_object('row', to_jsonb(line));
    perform private.tell('role:admin', 'booking', payload);
    perform private.tell(
      'role:finance', 'booking', payload || jsonb_build_object('row', to_jsonb(line) || hidden)
    );
    if private.is_agent(line.assigned_agent) then
      select jsonb_build_object('open_tasks', count(*), 'next_due', min(due_date)) into mine
      from tasks
      where booking_id = line.id and status <> 'done' and assigned_to = line.assigned_agent;
      perform private.tell(
        'staff:' || line.assigned_agent, 'booking', payload || jsonb_build_object('row', to_jsonb(line) || mine)
      );
    end if;
  end if;

  for former in
    select distinct agent from unnest(noted.former_agents) as agent where agent is distinct from line.assigned_agent
  loop
    if line.id is null then
      perform private.tell('staff:' || former, 'booking', payload);
    else
      perform private.tell('staff:' || former, 'leave', jsonb_build_object('id', noted.record_id));
    end if;
  end loop;

  if line.purpose is not distinct from noted.purpose then
    if line.status is distinct from noted.status then
      perform private.tell_of_count(line.purpose, noted.status, line.status);
    end if;
  else
    perform private.tell_of_count(noted.purpose, noted.status, null);
    perform private.tell_of_count(line.purpose, null, line.status);
  end if;
end
$$;
comment on function private.tell_of_booking(private.outbox) is 'Tells each audience of a changed booking what it may read.';
revoke all on function private.tell_of_booking(private.outbox) from public;

create function private.tell_of_count(
  purpose public.booking_purpose, was public.booking_status, becomes public.booking_status
) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if purpose is not null then
    perform private.tell(
      'role:viewer', 'summary', jsonb_build_object('purpose', purpose, 'from', was, 'to', becomes)
    );
  end if;
end
$$;
comment on function private.tell_of_count(public.booking_purpose, public.booking_status, public.booking_status) is
  'Tells viewers that one booking went from one count to another, and not which.';
revoke all on function private.tell_of_count(public.booking_purpose, public.booking_status, public.booking_status)
  from public;

create function private.tell_of_task(noted private.outbox) returns void
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
  if private.is_agent(line.assigned_to) then
    if not exists (select from bookings where id = line.booking_id and assigned_agent = line.assigned_to) then
      payload := payload || jsonb_build_object('row', to_jsonb(line) || hidden);
    end if;
    perform private.tell('staff:' || line.assigned_to, 'task', payload);
  end if;

  for former in
    select distinct agent from unnest(noted.former_agents) as agent where agent is distinct from line.assigned_to
  loop
    if line.id is null then
      perform private.tell('staff:' || former, 'task', payload);
    else
      perform private.tell('staff:' || former, 'task_leave', jsonb_build_object('id', noted.record_id));
    end if;
  end loop;
end
$$;
comment on function private.tell_of_task(private.outbox) is 'Tells each audience of a changed task what it may read.';
revoke all on function private.tell_of_task(private.outbox) from public;

create function private.tell_at_commit() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  noted private.outbox;
begin
  delete from private.outbox
  where transaction = new.transaction and subject = new.subject and record_id = new.record_id
  returning * into noted;
  case noted.subject
    when 'booking' then perform private.tell_of_booking(noted);
    when 'task' then perform private.tell_of_task(noted);
  end case;
  return null;
end
$$;
comment on function private.tell_at_commit() is 'Broadcasts what was noted, as it is at the end of the transaction.';
revoke all on function private.tell_at_commit() from public;

create constraint trigger tell_at_commit
  after insert on private.outbox
  deferrable initially deferred
  for each row execute function private.tell_at_commit();

create function private.tell_of_access() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  perform private.tell(
    'staff:' || old.id, 'access', jsonb_build_object('role', case tg_op when 'UPDATE' then new.role end)
  );
  return null;
end
$$;
comment on function private.tell_of_access() is 'Tells a member of staff that their role changed or went, so that open pages ask again.';
revoke all on function private.tell_of_access() from public;

create trigger after_2_tell_of_role
  after update on public.profiles
  for each row when (new.role is distinct from old.role)
  execute function private.tell_of_access();
create trigger after_2_tell_of_removal
  after delete on public.profiles
  for each row execute function private.tell_of_access();
