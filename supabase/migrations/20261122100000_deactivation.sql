-- Somebody leaves: they lose access at the next statement, and the history keeps their name.

set lock_timeout = '5s';
set statement_timeout = '60s';

alter table public.profiles add column deactivated_at timestamptz;
comment on column public.profiles.deactivated_at is 'Since when this person has no access any more; null for those who have.';
grant update (deactivated_at) on table public.profiles to authenticated;

create or replace function private.staff_role() returns public.staff_role
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  return (select role from profiles where id = (select auth.uid()) and deactivated_at is null);
end
$$;
comment on function private.staff_role() is 'The role of whoever is asking; null for anybody who is not active staff.';

create or replace function private.can_be_assigned(person uuid) returns boolean
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  return exists (
    select from profiles where id = person and role in ('operations', 'admin') and deactivated_at is null
  );
end
$$;

create or replace function private.is_agent(person uuid) returns boolean
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  return exists (select from profiles where id = person and role = 'operations' and deactivated_at is null);
end
$$;

create or replace function private.guard_profile() returns trigger
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
  if old.id = (select auth.uid()) then
    if tg_op = 'DELETE' or new.role <> old.role then
      perform private.refuse('Nobody changes their own role or removes their own profile (role).', 'role');
    elsif new.deactivated_at is distinct from old.deactivated_at then
      perform private.refuse('Nobody deactivates themselves (deactivated_at).', 'deactivated_at');
    end if;
  end if;
  if old.role = 'admin' and old.deactivated_at is null
    and (tg_op = 'DELETE' or new.role <> 'admin' or new.deactivated_at is not null)
  then
    -- Two admins who demote each other at the same time must wait for one another.
    perform pg_advisory_xact_lock(hashtext('roamio: the last admin'));
    if not exists (select from profiles where role = 'admin' and deactivated_at is null and id <> old.id) then
      perform private.refuse('The last admin can''t be demoted, deactivated or deleted (role).', 'role');
    end if;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function private.guard_profile() is
  'Nobody changes their own role or access, an admin is left, and a profile has the address of its account.';

create or replace function private.tell_of_access() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  role_now staff_role;
begin
  if tg_op = 'UPDATE' and new.deactivated_at is null then
    role_now := new.role;
  end if;
  perform private.tell('staff:' || old.id, 'access', jsonb_build_object('role', role_now));
  return null;
end
$$;

drop trigger after_2_tell_of_role on public.profiles;
create trigger after_2_tell_of_role
  after update on public.profiles
  for each row when (new.role is distinct from old.role or new.deactivated_at is distinct from old.deactivated_at)
  execute function private.tell_of_access();

create or replace function public.staff_agents()
  returns table (id uuid, full_name text, role public.staff_role, open_bookings bigint)
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select
    profiles.id,
    profiles.full_name,
    profiles.role,
    (
      select count(*) from bookings
      where bookings.assigned_agent = profiles.id and bookings.status in ('pending', 'confirmed', 'in_progress')
    )
  from profiles
  where (select private.staff_role()) = 'admin'
    and profiles.role in ('operations', 'admin')
    and profiles.deactivated_at is null
  order by profiles.role = 'admin', profiles.full_name, profiles.id
$$;
