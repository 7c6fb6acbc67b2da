-- Somebody goes by another name: the open pages that name people hear of it, and so do their own.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.tell_of_name() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  payload constant jsonb := jsonb_build_object('id', new.id, 'name', coalesce(nullif(new.full_name, ''), new.email));
begin
  perform private.tell('role:admin', 'person', payload);
  -- An admin hears of themselves twice otherwise.
  if new.role <> 'admin' then
    perform private.tell('staff:' || new.id, 'person', payload);
  end if;
  return null;
end
$$;
comment on function private.tell_of_name() is 'Tells admins, who alone read the names of others, and the person themselves of a new name.';
revoke all on function private.tell_of_name() from public;

create trigger after_3_tell_of_name
  after update on public.profiles
  for each row when (new.full_name is distinct from old.full_name)
  execute function private.tell_of_name();
