-- What was given to somebody, so that they are told of it: at once where they have a page open, else when they are back.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table public.assignment_notices (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default clock_timestamp(),
  person uuid not null references public.profiles on delete cascade,
  booking_id uuid not null references public.bookings on delete cascade,
  task_id uuid references public.tasks on delete cascade,
  -- Agents can't read the profiles of others.
  given_by text not null default ''
);
comment on table public.assignment_notices is 'Which booking or task was given to whom, and by whom; kept for a week. Triggers write it.';
comment on column public.assignment_notices.task_id is 'The task that was given; null when it was the booking itself.';

create index assignment_notices_person_idx on public.assignment_notices (person, created_at);
create index assignment_notices_booking_id_idx on public.assignment_notices (booking_id);
create index assignment_notices_task_id_idx on public.assignment_notices (task_id);

revoke all on table public.assignment_notices from anon, authenticated, service_role;
grant select on table public.assignment_notices to authenticated, service_role;

alter table public.assignment_notices enable row level security;

create policy "Staff read what was given to them"
  on public.assignment_notices for select to authenticated
  using (person = (select auth.uid()) and (select private.staff_role()) is not null);

create function private.note_assignment(given_to uuid, booking uuid, task uuid) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  -- Nobody needs to be told of what they did themselves.
  if given_to = (select auth.uid()) then
    return;
  end if;
  delete from assignment_notices where person = given_to and created_at < now() - interval '7 days';
  insert into assignment_notices (person, booking_id, task_id, given_by)
  values (
    given_to,
    booking,
    task,
    coalesce((select full_name from profiles where id = (select auth.uid())), '')
  );
  perform private.tell('staff:' || given_to, 'assigned', '{}');
end
$$;
comment on function private.note_assignment(uuid, uuid, uuid) is 'Keeps, and tells somebody, that a booking or a task is theirs now.';
revoke all on function private.note_assignment(uuid, uuid, uuid) from public;

create function private.note_assigned_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  perform private.note_assignment(new.assigned_agent, new.id, null);
  return null;
end
$$;
comment on function private.note_assigned_booking() is 'Tells an agent of a booking that is theirs now.';
revoke all on function private.note_assigned_booking() from public;

create trigger after_5_note_assignment
  after insert on public.bookings
  for each row when (new.assigned_agent is not null)
  execute function private.note_assigned_booking();
create trigger after_5_note_reassignment
  after update on public.bookings
  for each row when (new.assigned_agent is not null and new.assigned_agent is distinct from old.assigned_agent)
  execute function private.note_assigned_booking();

create function private.note_assigned_task() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  -- What a trigger adds or moves goes along with its booking, which is told of already.
  if pg_trigger_depth() = 1 then
    perform private.note_assignment(new.assigned_to, new.booking_id, new.id);
  end if;
  return null;
end
$$;
comment on function private.note_assigned_task() is 'Tells somebody of a task that was given to them by itself.';
revoke all on function private.note_assigned_task() from public;

create trigger after_5_note_assignment
  after insert on public.tasks
  for each row when (new.assigned_to is not null)
  execute function private.note_assigned_task();
create trigger after_5_note_reassignment
  after update on public.tasks
  for each row when (new.assigned_to is not null and new.assigned_to is distinct from old.assigned_to)
  execute function private.note_assigned_task();

-- What was given away again since is not there any more.
create function public.my_notices()
  returns table (
    id uuid, created_at timestamptz, booking_id uuid, task_id uuid, title text, reference text, given_by text
  )
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select
    notices.id,
    notices.created_at,
    notices.booking_id,
    notices.task_id,
    coalesce(tasks.title, private.booking_headline(bookings.details), ''),
    bookings.reference,
    notices.given_by
  from assignment_notices as notices
  left join bookings on bookings.id = notices.booking_id
  left join tasks on tasks.id = notices.task_id
  where notices.person = (select auth.uid())
    and notices.created_at > now() - interval '1 day'
    and (select auth.uid()) = case when notices.task_id is null then bookings.assigned_agent else tasks.assigned_to end
  order by notices.created_at desc, notices.id
  limit 50
$$;
comment on function public.my_notices() is 'What was given to the caller within a day and is theirs still, newest first.';
revoke all on function public.my_notices() from public, anon;
grant execute on function public.my_notices() to authenticated;
