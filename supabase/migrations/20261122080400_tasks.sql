-- Tasks: one thing that somebody has to do for a booking.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table public.tasks (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  booking_id uuid not null references public.bookings on delete cascade,
  title text not null,
  status public.task_status not null default 'open',
  assigned_to uuid references public.profiles on delete set null,
  due_date timestamptz,
  constraint tasks_title_is_given check (char_length(btrim(title)) between 1 and 200)
);
comment on table public.tasks is 'What has to be done for a booking, by whom and until when.';

create index tasks_booking_id_idx on public.tasks (booking_id);
create index tasks_assigned_to_idx on public.tasks (assigned_to, due_date);
create index tasks_overdue_idx on public.tasks (due_date) where status <> 'done';
create index tasks_unfinished_idx on public.tasks (status, due_date, id) where status <> 'done';
create index tasks_done_idx on public.tasks (due_date desc nulls last, id) where status = 'done';

revoke all on table public.tasks from anon, authenticated;
grant select, delete on table public.tasks to authenticated;
grant insert (id, booking_id, title, status, assigned_to, due_date) on table public.tasks to authenticated;
grant update (id, created_at, booking_id, title, status, assigned_to, due_date) on table public.tasks to authenticated;
grant select, insert, update, delete on table public.tasks to service_role;

alter table public.tasks enable row level security;

create policy "Agents read their tasks and an admin reads all"
  on public.tasks for select to authenticated
  using (
    case (select private.staff_role())
      when 'admin' then true
      when 'operations' then assigned_to = (select auth.uid())
    end
  );

create policy "Agents add tasks for themselves to their bookings, an admin any"
  on public.tasks for insert to authenticated
  with check (
    (select private.staff_role()) = 'admin'
    or (
      assigned_to = (select auth.uid())
      and (select private.staff_role()) = 'operations'
      and exists (
        select from public.bookings
        where bookings.id = tasks.booking_id and bookings.assigned_agent = (select auth.uid())
      )
    )
  );

create policy "Agents change their tasks and an admin changes all"
  on public.tasks for update to authenticated
  using (
    (select private.staff_role()) = 'admin'
    or (assigned_to = (select auth.uid()) and (select private.staff_role()) = 'operations')
  )
  with check (
    (select private.staff_role()) = 'admin'
    or (assigned_to = (select auth.uid()) and (select private.staff_role()) = 'operations')
  );

create policy "Agents delete their tasks and an admin deletes all"
  on public.tasks for delete to authenticated
  using (
    (select private.staff_role()) = 'admin'
    or (assigned_to = (select auth.uid()) and (select private.staff_role()) = 'operations')
  );
