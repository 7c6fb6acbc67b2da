-- An invitation that nobody has accepted can be sent once more, and is good for longer then.

set lock_timeout = '5s';
set statement_timeout = '60s';

grant update (expires_at) on table public.invitations to authenticated;

create policy "An admin sends invitations once more"
  on public.invitations for update to authenticated
  using ((select private.staff_role()) = 'admin')
  with check ((select private.staff_role()) = 'admin');

create function private.renew_invitation() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if old.accepted_at is not null then
    perform private.refuse('This invitation was accepted already (accepted_at).', 'accepted_at', '22023');
  elsif exists (select from profiles where lower(email) = new.email) then
    perform private.refuse('Whoever has this e-mail address has a profile already (email).', 'email', '22023');
  end if;
  new.sent_at := now();
  -- Whoever sends it answers for it: it goes with them when they are no admin any more.
  new.invited_by := coalesce((select auth.uid()), new.invited_by);
  return new;
end
$$;
comment on function private.renew_invitation() is 'Writes down who sent an invitation once more, and when.';
revoke all on function private.renew_invitation() from public;

create trigger before_1_renew
  before update of expires_at on public.invitations
  for each row execute function private.renew_invitation();

-- Somebody may have confirmed the address when the invitation had expired.
create trigger after_3_welcome_again
  after update of expires_at on public.invitations
  for each row execute function private.welcome_invited();
