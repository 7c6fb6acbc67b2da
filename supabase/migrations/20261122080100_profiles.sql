-- Staff: one profile for each account that works here, and the one question that every policy asks.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table public.profiles (
  id uuid primary key references auth.users on delete cascade,
  created_at timestamptz not null default now(),
  role public.staff_role not null,
  full_name text not null default '',
  email text not null,
  constraint profiles_full_name_is_short check (char_length(full_name) <= 200)
);
comment on table public.profiles is 'Members of staff. An account without a profile sees nothing.';
comment on column public.profiles.email is 'A copy of the account''s address; it follows the account.';

-- Runs once a statement when called as (select private.staff_role()). It is security definer so that the policies on
-- profiles, which ask it too, don't recurse, and plpgsql, like most of what triggers call, because that keeps its plan
-- from call to call.
create function private.staff_role() returns public.staff_role
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  return (select role from profiles where id = (select auth.uid()));
end
$$;
comment on function private.staff_role() is 'The role of whoever is asking; null for anybody who is not staff.';
revoke all on function private.staff_role() from public;
grant execute on function private.staff_role() to authenticated;

revoke all on table public.profiles from anon, authenticated;
grant select, insert, delete on table public.profiles to authenticated;
grant update (id, created_at, role, full_name, email) on table public.profiles to authenticated;
grant select, insert, update, delete on table public.profiles to service_role;

alter table public.profiles enable row level security;

-- The policies by which staff read are written so that each asks for the role once: it is half of what they cost. For
-- nobody's role the answer is neither true nor false, and nothing is read.
create policy "Staff read their own profile and an admin reads all"
  on public.profiles for select to authenticated
  using (
    case (select private.staff_role()) = 'admin'
      when true then true
      when false then id = (select auth.uid())
    end
  );

create policy "An admin adds profiles"
  on public.profiles for insert to authenticated
  with check ((select private.staff_role()) = 'admin');

create policy "An admin changes profiles"
  on public.profiles for update to authenticated
  using ((select private.staff_role()) = 'admin')
  with check ((select private.staff_role()) = 'admin');

create policy "An admin deletes profiles"
  on public.profiles for delete to authenticated
  using ((select private.staff_role()) = 'admin');

-- The role comes from raw_app_meta_data, which only the service key can set, and never from raw_user_meta_data,
-- which people edit themselves. The name is only shown, so it may come from there.
create function private.keep_profile() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  given text := new.raw_app_meta_data ->> 'role';
  before text;
begin
  if tg_op = 'UPDATE' then
    before := old.raw_app_meta_data ->> 'role';
    update profiles set email = new.email
    where id = new.id and email is distinct from new.email and new.email is not null;
  end if;
  if new.email_confirmed_at is null
    or new.email is null
    or not coalesce(given = any (enum_range(null::staff_role)::text[]), false)
  then
    return null;
  end if;
  insert into profiles (id, role, full_name, email)
  values (
    new.id,
    given::staff_role,
    left(coalesce(new.raw_app_meta_data ->> 'full_name', new.raw_user_meta_data ->> 'full_name', ''), 200),
    new.email
  )
  on conflict (id) do nothing;
  -- Only a role that the service key has just changed counts: a sign-in must not undo what an admin decided since.
  if tg_op = 'UPDATE' and given is distinct from before then
    update profiles set role = given::staff_role where id = new.id and role <> given::staff_role;
  end if;
  return null;
end
$$;
comment on function private.keep_profile() is 'Gives a confirmed account its profile, and keeps its address in step.';
revoke all on function private.keep_profile() from public;

create trigger keep_profile
  after insert or update on auth.users
  for each row execute function private.keep_profile();
