-- Guards: what no policy can say, because it is about columns and about what a row was before. Each refusal is a
-- sentence that names what was refused; its detail is the column.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.refuse(sentence text, field text, code text default '42501') returns void
  language plpgsql
  set search_path = public, pg_temp
as $$
begin
  raise exception using errcode = code, message = sentence, detail = field;
end
$$;
comment on function private.refuse(text, text, text) is 'Refuses a change with a sentence for people and the name of the field for programs.';
revoke all on function private.refuse(text, text, text) from public;

-- Usage: execute function private.guard_columns('booking', 'id', 'created_at')
create function private.guard_columns() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  was constant jsonb := to_jsonb(old);
  becomes constant jsonb := to_jsonb(new);
begin
  for place in 1 .. tg_nargs - 1 loop
    if was -> tg_argv[place] is distinct from becomes -> tg_argv[place] then
      perform private.refuse(format('The %s of a %s never changes.', tg_argv[place], tg_argv[0]), tg_argv[place]);
    end if;
  end loop;
  return new;
end
$$;
comment on function private.guard_columns() is 'Refuses to change the columns that it is given.';
revoke all on function private.guard_columns() from public;

create function private.can_be_assigned(person uuid) returns boolean
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  return exists (select from profiles where id = person and role in ('operations', 'admin'));
end
$$;
comment on function private.can_be_assigned(uuid) is 'Whether work can be given to this person.';
revoke all on function private.can_be_assigned(uuid) from public;

create function private.guard_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.updated_at is distinct from old.updated_at and (select auth.uid()) is not null then
    perform private.refuse('The updated_at of a booking is stamped by the database.', 'updated_at');
  end if;
  if tg_op = 'UPDATE' and private.staff_role() = 'operations' then
    if new.purpose is distinct from old.purpose then
      perform private.refuse('Operations staff can''t change the purpose of a booking.', 'purpose');
    elsif new.assigned_agent is distinct from old.assigned_agent then
      perform private.refuse(
        'Operations staff can''t hand a booking to somebody else (assigned_agent).', 'assigned_agent'
      );
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
comment on function private.guard_booking() is 'Operations staff change status and details only; work goes to those who can do it.';
revoke all on function private.guard_booking() from public;

create trigger before_1_guard_columns
  before update on public.bookings
  for each row execute function private.guard_columns('booking', 'id', 'created_at', 'client_id');
create trigger before_2_guard
  before insert or update on public.bookings
  for each row execute function private.guard_booking();

create function private.guard_task() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if private.staff_role() = 'operations' then
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
comment on function private.guard_task() is 'Operations staff keep their tasks; work goes to those who can do it.';
revoke all on function private.guard_task() from public;

create trigger before_1_guard_columns
  before update on public.tasks
  for each row execute function private.guard_columns('task', 'id', 'created_at', 'booking_id');
create trigger before_2_guard
  before insert or update on public.tasks
  for each row execute function private.guard_task();

create trigger before_1_guard_columns
  before update on public.clients
  for each row execute function private.guard_columns('client', 'id', 'created_at');

create function private.guard_profile() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  account auth.users;
begin
  if tg_op = 'INSERT' then
    select * into account from auth.users where id = new.id;
    if account.email_confirmed_at is null then
      perform private.refuse('A profile needs an account whose e-mail address is confirmed (id).', 'id', '22023');
    end if;
    new.email := account.email;
    return new;
  end if;
  if tg_op = 'UPDATE' and new.email is distinct from old.email and (select auth.uid()) is not null then
    perform private.refuse('The email of a profile follows the account and can''t be changed here.', 'email');
  end if;
  if old.id = (select auth.uid()) and (tg_op = 'DELETE' or new.role <> old.role) then
    perform private.refuse('Nobody changes their own role or removes their own profile (role).', 'role');
  end if;
  if old.role = 'admin' and (tg_op = 'DELETE' or new.role <> 'admin') then
    -- Two admins who demote each other at the same time must wait for one another.
    perform pg_advisory_xact_lock(hashtext('roamio: the last admin'));
    if not exists (select from profiles where role = 'admin' and id <> old.id) then
      perform private.refuse('The last admin can''t be demoted or deleted (role).', 'role');
    end if;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function private.guard_profile() is 'Nobody changes their own role, an admin is left, and a profile has the address of its account.';
revoke all on function private.guard_profile() from public;

create trigger before_1_guard_columns
  before update on public.profiles
  for each row execute function private.guard_columns('profile', 'id', 'created_at');
create trigger before_2_guard
  before insert or update or delete on public.profiles
  for each row execute function private.guard_profile();
