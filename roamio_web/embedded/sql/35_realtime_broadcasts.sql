-- Broadcast from the database: each committed message is announced by its id alone, since anybody may listen to a
-- notification channel and a payload may be longer than one can carry. Probe rows, which have no event, are not.

create function roamio_embedded.announce_message() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  announced boolean;
begin
  -- Assigned, and not performed: that would be a query, which is set up anew for each message.
  if new.extension = 'broadcast' and new.event is not null then
    announced := pg_notify('realtime_messages', new.id::text) is not null;
  end if;
  return null;
end
$$;
comment on function roamio_embedded.announce_message() is 'Tells the Realtime server of a message to deliver.';

create trigger announce_message
  after insert on realtime.messages
  for each row execute function roamio_embedded.announce_message();
