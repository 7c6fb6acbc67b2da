-- Nobody makes an account here uninvited. Supabase Auth asks this function before it makes one (the hook
-- before_user_created, see config.toml), so that sign-ups can be open for those whom an admin has just invited.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.only_invited(event jsonb) returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  if exists (
    select from invitations
    where email = lower(event -> 'user' ->> 'email') and accepted_at is null and expires_at > now()
  ) then
    return '{}';
  end if;
  return '{"error": {"http_code": 403, "message": "Only people who were invited can have an account here."}}';
end
$$;
comment on function private.only_invited(jsonb) is
  'Lets Supabase Auth make an account for an address that has an open invitation, and for no other.';
revoke all on function private.only_invited(jsonb) from public;
grant usage on schema private to supabase_auth_admin;
grant execute on function private.only_invited(jsonb) to supabase_auth_admin;
