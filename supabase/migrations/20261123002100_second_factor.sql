-- A second factor counts for something only if the database asks for it. Whoever has one reads and writes nothing with
-- a token that was given for the password alone; and whoever signed out, nothing with a token from before.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table private.sign_in_rules (
  id uuid primary key,
  second_factor_for_admins boolean not null
);
comment on table private.sign_in_rules is 'How people sign in: one row, which an admin changes with require_second_factor().';

insert into private.sign_in_rules (id, second_factor_for_admins)
values ('00000000-0000-4000-8000-000000000001', false);

create trigger after_1_audit
  after update on private.sign_in_rules
  for each row execute function private.record_change();

create function private.missing_step(person uuid, its_role public.staff_role) returns text
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
declare
  claims constant jsonb := (select auth.jwt());
begin
  return (
    select case
      -- Every token that Auth gives names its session, and signing out deletes that.
      when claims ? 'session_id' and not exists (
        select from auth.sessions where id = (claims ->> 'session_id')::uuid and user_id = person
      ) then 'session'
      when claims ->> 'aal' in ('aal2', 'aal3') then null
      when exists (select from auth.mfa_factors where user_id = person and status = 'verified') then 'code'
      when its_role = 'admin' and (select second_factor_for_admins from private.sign_in_rules) then 'factor'
    end
  );
end
$$;
comment on function private.missing_step(uuid, public.staff_role) is
  'What keeps an active member of staff outside: their "session" has ended, the "code" of their second factor was not shown, or they lack the "factor" that admins need. Null for whoever is inside.';
revoke all on function private.missing_step(uuid, public.staff_role) from public;

create or replace function private.staff_role() returns public.staff_role
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  return (
    select role from profiles
    where id = (select auth.uid()) and deactivated_at is null and private.missing_step(id, role) is null
  );
end
$$;
comment on function private.staff_role() is
  'The role of whoever is asking; null for anybody who is not active staff, or has not signed in completely.';

create function private.missing_step_of_caller() returns text
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  select private.missing_step(id, role) from profiles where id = (select auth.uid()) and deactivated_at is null
$$;
comment on function private.missing_step_of_caller() is 'What keeps whoever is asking outside; null for strangers too.';
revoke all on function private.missing_step_of_caller() from public;
grant execute on function private.missing_step_of_caller() to authenticated;

create function public.my_missing_step() returns text
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select private.missing_step_of_caller()
$$;
comment on function public.my_missing_step() is
  'What a member of staff still has to do to get in: "session" (sign in again), "code", "factor" (set one up), or nothing.';
revoke all on function public.my_missing_step() from public, anon;
grant execute on function public.my_missing_step() to authenticated;

create function private.account_of_caller() returns jsonb
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'factor', (
      select jsonb_build_object('id', id, 'since', updated_at) from auth.mfa_factors
      where user_id = (select auth.uid()) and status = 'verified' and factor_type = 'totp'
      order by created_at limit 1
    ),
    'sessions', (select count(*) from auth.sessions where user_id = (select auth.uid())),
    'second_factor_for_admins', (select second_factor_for_admins from private.sign_in_rules)
  )
  where (select private.staff_role()) is not null
$$;
comment on function private.account_of_caller() is 'How whoever is asking signs in. Null for anybody who is not staff.';
revoke all on function private.account_of_caller() from public;
grant execute on function private.account_of_caller() to authenticated;

create function public.my_account() returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select private.account_of_caller()
$$;
comment on function public.my_account() is
  'A member of staff''s own second factor (id, since) if any, the number of their sessions, and whether admins need a factor.';
revoke all on function public.my_account() from public, anon;
grant execute on function public.my_account() to authenticated;

create function private.decide_second_factor(required boolean) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if private.staff_role() is distinct from 'admin' then
    perform private.refuse('Only an admin decides who needs a second factor.', 'second_factor_for_admins');
  end if;
  -- Or the decision would lock out whoever makes it.
  if required and (select auth.jwt()) ->> 'aal' is distinct from 'aal2' then
    perform private.refuse('Set up a second factor of your own first.', 'second_factor_for_admins');
  end if;
  update private.sign_in_rules set second_factor_for_admins = coalesce(required, false)
  where second_factor_for_admins is distinct from coalesce(required, false);
end
$$;
comment on function private.decide_second_factor(boolean) is 'Lets an admin decide whether every admin needs a second factor.';
revoke all on function private.decide_second_factor(boolean) from public;
grant execute on function private.decide_second_factor(boolean) to authenticated;

create function public.require_second_factor(required boolean) returns void
  language sql
  set search_path = public, pg_temp
as $$
  select private.decide_second_factor(required)
$$;
comment on function public.require_second_factor(boolean) is
  'Admins only, and with a second factor of their own: whether every admin needs one. Those without see nothing until they have it.';
revoke all on function public.require_second_factor(boolean) from public, anon;
grant execute on function public.require_second_factor(boolean) to authenticated;

-- Signing out ends a session; open pages of the same person ask again, and those of that session close.
create function private.tell_of_sign_out() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  perform private.tell('staff:' || id, 'access', jsonb_build_object('role', role))
  from profiles where id = old.user_id;
  return null;
end
$$;
comment on function private.tell_of_sign_out() is 'Tells a member of staff that one of their sessions ended, so that open pages ask again.';
revoke all on function private.tell_of_sign_out() from public;

create trigger after_1_tell_of_sign_out
  after delete on auth.sessions
  for each row execute function private.tell_of_sign_out();
