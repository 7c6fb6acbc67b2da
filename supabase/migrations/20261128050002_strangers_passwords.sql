-- An open invitation lets anybody make an account for its address, with a password of their own, before the person does who
-- reads the address's mail. Whoever confirms the address starts without that password: it was somebody's who could not.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.forget_stranger_s_password() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if tg_op = 'INSERT' or new.encrypted_password is distinct from old.encrypted_password then
    -- Only the service key sets a password and confirms the address in one transaction: then that password is meant.
    perform set_config('roamio.password_set_for', new.id::text, true);
  elsif old.email_confirmed_at is null
    and new.email_confirmed_at is not null
    and new.raw_app_meta_data ->> 'role' is null
    and current_setting('roamio.password_set_for', true) is distinct from new.id::text
  then
    new.encrypted_password := '';
  end if;
  return new;
end
$$;
comment on function private.forget_stranger_s_password() is
  'Empties the password that an account had before its address was confirmed, unless the service key gave it a role.';
revoke all on function private.forget_stranger_s_password() from public;

create trigger forget_stranger_s_password
  before insert or update on auth.users
  for each row execute function private.forget_stranger_s_password();
