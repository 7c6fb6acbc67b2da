-- Every policy asks for the caller's role once for each table that a question reads, six times for a page of bookings.
-- The same answer as before, for half the time: each of these looks up just what it needs.

set lock_timeout = '5s';
set statement_timeout = '60s';

create or replace function private.missing_step(person uuid, its_role public.staff_role) returns text
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
declare
  claims constant jsonb := auth.jwt();
begin
  -- Every token that Auth gives names its session, and signing out deletes that.
  if claims ? 'session_id' then
    perform from auth.sessions where id = (claims ->> 'session_id')::uuid and user_id = person;
    if not found then
      return 'session';
    end if;
  end if;
  if claims ->> 'aal' in ('aal2', 'aal3') then
    return null;
  end if;
  perform from auth.mfa_factors where user_id = person and status = 'verified';
  if found then
    return 'code';
  end if;
  if its_role = 'admin' then
    perform from private.sign_in_rules where second_factor_for_admins;
    if found then
      return 'factor';
    end if;
  end if;
  return null;
end
$$;

create or replace function private.staff_role() returns public.staff_role
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
declare
  person constant uuid := auth.uid();
  its_role staff_role;
begin
  select role into its_role from profiles where id = person and deactivated_at is null;
  if found and private.missing_step(person, its_role) is null then
    return its_role;
  end if;
  return null;
end
$$;
