-- What the audit log says of an invitation or a routing rule names it, also where just one of its columns changed.

set lock_timeout = '5s';
set statement_timeout = '60s';

create or replace function private.record_change() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  -- The log has these in columns of its own, or they follow from them.
  left_out constant text[] := array['id', 'created_at', 'updated_at', 'reference'];
  was constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - left_out end;
  becomes constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - left_out end;
  record constant jsonb := coalesce(becomes, was);
  metadata jsonb := jsonb_build_object('changes', private.changes_between(was, becomes));
begin
  if metadata -> 'changes' = '{}' then
    return null;
  end if;
  case tg_table_name
    when 'tasks' then metadata := metadata || jsonb_build_object('booking_id', record -> 'booking_id');
    when 'invitations' then metadata := metadata || jsonb_build_object('email', record -> 'email');
    when 'assignment_rules' then
      metadata := metadata || jsonb_build_object('purpose', record -> 'purpose', 'agent', record -> 'agent');
    else null;
  end case;
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
