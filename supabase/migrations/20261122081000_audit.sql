-- What the audit log records: bookings, tasks and roles.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.changes_between(was jsonb, becomes jsonb) returns jsonb
  language plpgsql
  immutable
  set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(jsonb_object_agg(key, jsonb_build_object('old', was -> key, 'new', becomes -> key)), '{}')
    from jsonb_object_keys(coalesce(was, '{}') || coalesce(becomes, '{}')) as key
    where was -> key is distinct from becomes -> key
  );
end
$$;
comment on function private.changes_between(jsonb, jsonb) is 'Each key whose value differs, with its old and its new value.';
revoke all on function private.changes_between(jsonb, jsonb) from public;

create function private.record_change() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  -- The log has these in columns of its own, or they follow from them.
  left_out constant text[] := array['id', 'created_at', 'updated_at', 'reference'];
  was constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - left_out end;
  becomes constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - left_out end;
  metadata jsonb := jsonb_build_object('changes', private.changes_between(was, becomes));
begin
  if metadata -> 'changes' = '{}' then
    return null;
  end if;
  if tg_table_name = 'tasks' then
    metadata := metadata || jsonb_build_object('booking_id', coalesce(becomes, was) -> 'booking_id');
  end if;
  insert into audit_logs (table_name, record_id, action, actor, metadata)
  values (
    tg_table_name,
    case tg_op when 'DELETE' then old.id else new.id end,
    tg_op::audit_action,
    coalesce((select auth.uid())::text, 'system'),
    metadata
  );
  return null;
end
$$;
comment on function private.record_change() is 'Writes a row''s change to the audit log.';
revoke all on function private.record_change() from public;

create trigger after_1_audit
  after insert or update or delete on public.bookings
  for each row execute function private.record_change();
create trigger after_1_audit
  after insert or update or delete on public.tasks
  for each row execute function private.record_change();
create trigger after_1_audit
  after insert or update or delete on public.profiles
  for each row execute function private.record_change();
