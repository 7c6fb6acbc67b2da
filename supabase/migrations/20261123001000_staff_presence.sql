-- When each member of staff was last here. Whoever asks who they are leaves a mark, at most once a minute: that question
-- comes first in every request of the website, so knowing costs no round trip of its own.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table public.staff_presence (
  id uuid primary key references public.profiles on delete cascade,
  seen_at timestamptz not null default now()
);
comment on table public.staff_presence is 'When the browser of each member of staff last asked Roamio for something, to the minute.';

revoke all on table public.staff_presence from anon, authenticated;
grant select on table public.staff_presence to authenticated;
grant select on table public.staff_presence to service_role;

alter table public.staff_presence enable row level security;

create policy "An admin reads when the staff were last here"
  on public.staff_presence for select to authenticated
  using ((select private.staff_role()) = 'admin');

create function private.note_presence() returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  me constant uuid := (select auth.uid());
begin
  -- A database that has run out of room only reads, and people must get in all the same.
  if private.staff_role() is null
    or current_setting('transaction_read_only') = 'on'
    or exists (select from staff_presence where id = me and seen_at > now() - interval '1 minute')
  then
    return;
  end if;
  insert into staff_presence (id) values (me)
  on conflict (id) do update set seen_at = excluded.seen_at;
end
$$;
comment on function private.note_presence() is 'Writes down that the caller is here, unless that was written a minute ago.';
revoke all on function private.note_presence() from public;
grant execute on function private.note_presence() to authenticated;

create function public.my_team()
  returns table (id uuid, role public.staff_role, full_name text, email text, deactivated_at timestamptz)
  language plpgsql
  set search_path = public, pg_temp
as $$
begin
  perform private.note_presence();
  return query
    select profiles.id, profiles.role, profiles.full_name, profiles.email, profiles.deactivated_at
    from profiles
    order by profiles.id <> (select auth.uid()), profiles.deactivated_at is not null, profiles.full_name, profiles.id;
end
$$;
comment on function public.my_team() is
  'The caller''s own profile first, then those of the colleagues whom they may read; notes that the caller is here.';
revoke all on function public.my_team() from public, anon;
grant execute on function public.my_team() to authenticated;
