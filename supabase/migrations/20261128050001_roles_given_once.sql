-- A role in an account's metadata counts when the service key gives it, and not whenever the account changes: whoever was
-- taken off the staff came back with the next sign-in, and whoever was invited anew got what their metadata still said.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.give_profile(account auth.users, given public.staff_role) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  its_name text := account.raw_app_meta_data ->> 'full_name';
  invitation invitations;
begin
  if account.email_confirmed_at is null or account.email is null
    or exists (select from profiles where id = account.id)
  then
    return;
  end if;
  -- Also where it does not decide: nobody who is on the staff has an invitation left for later.
  update invitations set accepted_at = now()
  where email = lower(account.email) and accepted_at is null and expires_at > now()
  returning * into invitation;
  if given is null then
    given := invitation.role;
    its_name := nullif(invitation.full_name, '');
  end if;
  if given is not null then
    insert into profiles (id, role, full_name, email)
    values (
      account.id,
      given,
      left(coalesce(its_name, account.raw_user_meta_data ->> 'full_name', ''), 200),
      account.email
    )
    on conflict (id) do nothing;
  end if;
end
$$;
comment on function private.give_profile(auth.users, public.staff_role) is
  'Makes staff of a confirmed account that the service key has just given a role, or an invitation gives one. What the account''s metadata says is not asked here.';
revoke all on function private.give_profile(auth.users, public.staff_role) from public;

-- Whoever is welcomed by an invitation gets its role and no other.
create or replace function private.give_profile(account auth.users) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  perform private.give_profile(account, null);
end
$$;
comment on function private.give_profile(auth.users) is 'Makes staff of a confirmed account that an invitation gives a role.';

create or replace function private.keep_profile() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  named constant text := new.raw_app_meta_data ->> 'role';
  given staff_role;
begin
  if tg_op = 'UPDATE' then
    update profiles set email = new.email
    where id = new.id and email is distinct from new.email and new.email is not null;
  end if;
  if named = any (enum_range(null::staff_role)::text[]) then
    if tg_op = 'INSERT' then
      given := named::staff_role;
    elsif named is distinct from old.raw_app_meta_data ->> 'role' then
      given := named::staff_role;
      update profiles set role = given where id = new.id and role <> given;
    -- It was given before the address was confirmed, and whoever was invited since then was told another one.
    elsif old.email_confirmed_at is null
      and new.email_confirmed_at is not null
      and not exists (
        select from invitations
        where email = lower(new.email)
          and accepted_at is null
          and expires_at > now()
          and sent_at > new.created_at
      )
    then
      given := named::staff_role;
    end if;
  end if;
  perform private.give_profile(new, given);
  return null;
end
$$;
