-- Clients as they change: who changed which way to reach them is in the audit log, and open pages hear that one changed.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- A client that comes with a booking is told of by the booking, in the log as on the pages. Making one of two writes its
-- own entries, which say so.
create trigger after_1_audit
  after update or delete on public.clients
  for each row
  when (coalesce(current_setting('roamio.merged_client', true), '') = '')
  execute function private.record_change();

create or replace function private.merge_clients(kept uuid, gone uuid) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  stays clients;
  goes clients;
  becomes clients;
  left_out constant text[] := array['id', 'created_at'];
begin
  if private.staff_role() is distinct from 'admin' then
    perform private.refuse('Only an admin makes one client of two.', 'role');
  elsif kept = gone then
    perform private.refuse('A client can''t be made one with itself.', 'id', '22023');
  end if;
  -- Always in the same order, so that two admins at once wait for one another and don't block each other.
  perform from clients where id in (kept, gone) order by id for update;
  select * into stays from clients where id = kept;
  select * into goes from clients where id = gone;
  if stays.id is null or goes.id is null then
    perform private.refuse('One of the two clients is not there any more.', 'id', '22023');
  end if;

  perform set_config('roamio.merged_client', gone::text, true);
  update bookings set client_id = kept where client_id = gone;
  delete from clients where id = gone;

  -- What only the other knew is known from now on.
  update clients set
    email = coalesce(stays.email, goes.email),
    phone = coalesce(stays.phone, goes.phone),
    country = coalesce(stays.country, goes.country)
  where id = kept
  returning * into becomes;
  perform set_config('roamio.merged_client', '', true);

  insert into audit_logs (table_name, record_id, action, actor, metadata)
  values
    (
      'clients',
      gone,
      'DELETE',
      (select auth.uid())::text,
      jsonb_build_object('changes', private.changes_between(to_jsonb(goes) - left_out, null), 'merged_into', kept)
    ),
    (
      'clients',
      kept,
      'UPDATE',
      (select auth.uid())::text,
      jsonb_build_object(
        'changes', private.changes_between(to_jsonb(stays) - left_out, to_jsonb(becomes) - left_out),
        'merged_from', gone
      )
    );
end
$$;

create or replace function private.note_client() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  noted private.outbox;
begin
  -- One that is added by another trigger comes with a booking, whose message says all that a page needs.
  if tg_op = 'INSERT' and pg_trigger_depth() > 1 then
    return null;
  end if;
  noted.subject := 'client';
  noted.record_id := case tg_op when 'DELETE' then old.id else new.id end;
  noted.action := tg_op;
  noted.former_agents := '{}';
  perform private.note_change(noted);

  if tg_op = 'UPDATE' then
    -- A company may have booked thousands of times; what nobody has on the screen need not be told.
    perform private.note_change(
      row(null, 'booking', latest.id, 'UPDATE', latest.purpose, latest.status, '{}')::private.outbox
    )
    from (
      select id, purpose, status from bookings where client_id = new.id order by created_at desc limit 200
    ) as latest;
  end if;
  return null;
end
$$;
comment on function private.note_client() is 'Notes that a client changed, and with it the rows of their bookings.';

create trigger after_2_note_coming_and_going
  after insert or delete on public.clients
  for each row execute function private.note_client();

create function private.tell_of_client(noted private.outbox) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  -- Agents hear of their clients through their bookings.
  perform private.tell(
    'role:admin', 'client', jsonb_build_object('kind', noted.action, 'id', noted.record_id)
  );
end
$$;
comment on function private.tell_of_client(private.outbox) is 'Tells admins which client changed, and not how: their pages read it again.';
revoke all on function private.tell_of_client(private.outbox) from public;

create or replace function private.tell_at_commit() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  noted private.outbox;
begin
  delete from private.outbox
  where transaction = new.transaction and subject = new.subject and record_id = new.record_id
  returning * into noted;
  case noted.subject
    when 'booking' then perform private.tell_of_booking(noted);
    when 'task' then perform private.tell_of_task(noted);
    when 'client' then perform private.tell_of_client(noted);
  end case;
  return null;
end
$$;
