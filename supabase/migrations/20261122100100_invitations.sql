-- Invitations: an admin names an address and a role; whoever confirms that address becomes staff, and not before.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table public.invitations (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  email text not null,
  role public.staff_role not null,
  full_name text not null default '',
  invited_by uuid references public.profiles on delete set null,
  expires_at timestamptz not null default now() + interval '7 days',
  accepted_at timestamptz,
  sent_at timestamptz not null default now(),
  constraint invitations_email_is_plausible check (
    email ~ '^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$' and char_length(email) <= 254
  ),
  constraint invitations_email_is_lower_case check (email = lower(email)),
  constraint invitations_full_name_is_short check (char_length(full_name) <= 200),
  constraint invitations_expire_within_a_month check (expires_at <= sent_at + interval '31 days')
);
comment on table public.invitations is 'Who was invited to the staff, by whom, as what, and until when.';

create unique index invitations_open_idx on public.invitations (email) where accepted_at is null;
create index invitations_invited_by_idx on public.invitations (invited_by);

revoke all on table public.invitations from anon, authenticated;
grant select, delete on table public.invitations to authenticated;
grant insert (email, role, full_name, expires_at) on table public.invitations to authenticated;
grant select, insert, delete on table public.invitations to service_role;

alter table public.invitations enable row level security;

create policy "An admin reads invitations"
  on public.invitations for select to authenticated
  using ((select private.staff_role()) = 'admin');

create policy "An admin invites"
  on public.invitations for insert to authenticated
  with check ((select private.staff_role()) = 'admin');

create policy "An admin takes invitations back"
  on public.invitations for delete to authenticated
  using ((select private.staff_role()) = 'admin');

create function private.prepare_invitation() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  new.email := lower(btrim(new.email));
  new.invited_by := coalesce((select auth.uid()), new.invited_by);
  new.accepted_at := null;
  if exists (select from profiles where lower(email) = new.email) then
    perform private.refuse('Whoever has this e-mail address has a profile already (email).', 'email', '22023');
  end if;
  delete from invitations where email = new.email and accepted_at is null and expires_at <= now();
  return new;
end
$$;
comment on function private.prepare_invitation() is 'Writes down who invites, and makes room where an earlier invitation has expired.';
revoke all on function private.prepare_invitation() from public;

create trigger before_1_prepare
  before insert on public.invitations
  for each row execute function private.prepare_invitation();

create trigger after_1_audit
  after insert or update or delete on public.invitations
  for each row execute function private.record_change();

create function private.give_profile(account auth.users) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  given text := account.raw_app_meta_data ->> 'role';
  its_name text := account.raw_app_meta_data ->> 'full_name';
  invitation invitations;
begin
  if account.email_confirmed_at is null or account.email is null
    or exists (select from profiles where id = account.id)
  then
    return;
  end if;
  if not coalesce(given = any (enum_range(null::staff_role)::text[]), false) then
    update invitations set accepted_at = now()
    where email = lower(account.email) and accepted_at is null and expires_at > now()
    returning * into invitation;
    given := invitation.role::text;
    its_name := nullif(invitation.full_name, '');
  end if;
  if given is not null then
    insert into profiles (id, role, full_name, email)
    values (
      account.id,
      given::staff_role,
      left(coalesce(its_name, account.raw_user_meta_data ->> 'full_name', ''), 200),
      account.email
    )
    on conflict (id) do nothing;
  end if;
end
$$;
comment on function private.give_profile(auth.users) is
  'Makes staff of a confirmed account that the service key or an invitation gives a role. The person''s own metadata is never asked for one.';
revoke all on function private.give_profile(auth.users) from public;

create or replace function private.keep_profile() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  given text := new.raw_app_meta_data ->> 'role';
begin
  if tg_op = 'UPDATE' then
    update profiles set email = new.email
    where id = new.id and email is distinct from new.email and new.email is not null;
    -- Only a role that the service key has just changed counts: a sign-in must not undo what an admin decided since.
    if given is distinct from old.raw_app_meta_data ->> 'role'
      and given = any (enum_range(null::staff_role)::text[])
    then
      update profiles set role = given::staff_role where id = new.id and role <> given::staff_role;
    end if;
  end if;
  perform private.give_profile(new);
  return null;
end
$$;

-- Somebody may have had an account, confirmed and without a profile, before being invited.
create function private.welcome_invited() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  perform private.give_profile(users) from auth.users where lower(users.email) = new.email;
  return null;
end
$$;
comment on function private.welcome_invited() is 'Makes staff of somebody who was invited after their address was confirmed.';
revoke all on function private.welcome_invited() from public;

create trigger after_3_welcome
  after insert on public.invitations
  for each row execute function private.welcome_invited();

create function private.withdraw_invitations() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  delete from invitations where invited_by = old.id and accepted_at is null;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function private.withdraw_invitations() is 'Whoever is no admin any more leaves no open invitation behind.';
revoke all on function private.withdraw_invitations() from public;

create trigger after_3_withdraw_invitations
  after update on public.profiles
  for each row
  when (old.role = 'admin' and (new.role <> 'admin' or new.deactivated_at is not null))
  execute function private.withdraw_invitations();
create trigger before_3_withdraw_invitations
  before delete on public.profiles
  for each row execute function private.withdraw_invitations();
