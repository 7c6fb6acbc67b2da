-- Schema realtime: broadcasts from the database. postgres writes messages and decides by policies who may listen; it
-- creates nothing here and changes nothing else, as on hosted projects since July 2026.

create schema realtime;
grant usage on schema realtime to anon, authenticated, service_role, postgres, supabase_realtime_admin;

create table realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  primary key (id, inserted_at)
);
comment on table realtime.messages is 'Realtime: broadcasts on their way, kept for three days. Its policies decide who may join a private topic.';
create index messages_inserted_at_topic_index on realtime.messages (inserted_at desc, topic)
  where extension = 'broadcast' and private;
alter table realtime.messages enable row level security;
alter table realtime.messages owner to supabase_realtime_admin;
grant select, insert on realtime.messages to postgres, anon, authenticated, service_role;
grant update on realtime.messages to anon, authenticated, service_role;

create function realtime.topic() returns text
  language sql stable
  return nullif(current_setting('realtime.topic', true), '');
comment on function realtime.topic() is 'The topic that is being joined, for the policies on realtime.messages.';

create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
  language plpgsql
as $$
declare
  message_id uuid := gen_random_uuid();
  joined text;
begin
  if jsonb_typeof(payload) = 'object' and not payload ? 'id' then
    payload := payload || jsonb_build_object('id', message_id);
  end if;
  -- Assigned, and not performed, which would be one more query for each message.
  joined := set_config('realtime.topic', send.topic, true);
  insert into realtime.messages (id, payload, event, topic, private, extension)
  values (message_id, send.payload, send.event, send.topic, send.private, 'broadcast');
exception
  when others then
    raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end
$$;
comment on function realtime.send(jsonb, text, text, boolean) is
  'Broadcasts a message to a topic. It runs as its caller, and an error becomes a warning.';

create function realtime.broadcast_changes(
  topic_name text,
  event_name text,
  operation text,
  table_name text,
  table_schema text,
  new record,
  old record,
  level text default 'ROW'
) returns void
  language plpgsql
as $$
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  perform realtime.send(
    jsonb_build_object(
      'operation', operation,
      'table', table_name,
      'schema', table_schema,
      'record', to_jsonb(new),
      'old_record', to_jsonb(old)
    ),
    event_name,
    topic_name
  );
end
$$;
comment on function realtime.broadcast_changes(text, text, text, text, text, record, record, text) is
  'Broadcasts a changed row to a topic, called from a trigger.';

-- A policy needs the table's owner. postgres is let in as one, and the event trigger below keeps it to policies.
grant supabase_realtime_admin to postgres;

create schema roamio_embedded;

create function roamio_embedded.keep_to_policies() returns event_trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  change record;
begin
  if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    return;
  end if;
  if tg_event = 'ddl_command_end' then
    for change in
      select * from pg_catalog.pg_event_trigger_ddl_commands()
      where schema_name = 'realtime' and command_tag not in ('CREATE POLICY', 'ALTER POLICY', 'COMMENT')
    loop
      raise insufficient_privilege using message = format('must be owner of %s', change.object_identity);
    end loop;
  else
    for change in
      select * from pg_catalog.pg_event_trigger_dropped_objects()
      where original and schema_name = 'realtime' and object_type <> 'policy'
    loop
      raise insufficient_privilege using message = format('must be owner of %s', change.object_identity);
    end loop;
  end if;
end
$$;
comment on function roamio_embedded.keep_to_policies() is
  'Stands in for what hosted projects do with an extension: policies on realtime.messages are anybody''s who owns public; all else in the schema is not.';

create event trigger keep_to_policies_on_change on ddl_command_end execute function roamio_embedded.keep_to_policies();
create event trigger keep_to_policies_on_drop on sql_drop execute function roamio_embedded.keep_to_policies();
