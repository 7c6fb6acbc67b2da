-- One person who is two clients: an admin makes one of them. Bookings go along, and the audit log keeps what the other was.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- A booking's client never changes, but for this: while two are made one, from the client that goes. Nobody can say so
-- through the API, which sets no settings but its own.
drop trigger before_1_guard_columns on public.bookings;
create trigger before_1_guard_columns
  before update on public.bookings
  for each row execute function private.guard_columns('booking', 'id', 'created_at');
create trigger before_1_guard_client
  before update on public.bookings
  for each row
  when (old.client_id::text is distinct from current_setting('roamio.merged_client', true))
  execute function private.guard_columns('booking', 'client_id');

create function private.merge_clients(kept uuid, gone uuid) returns void
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
  perform set_config('roamio.merged_client', '', true);
  delete from clients where id = gone;

  -- What only the other knew is known from now on.
  update clients set
    email = coalesce(stays.email, goes.email),
    phone = coalesce(stays.phone, goes.phone),
    country = coalesce(stays.country, goes.country)
  where id = kept
  returning * into becomes;

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
comment on function private.merge_clients(uuid, uuid) is
  'Makes one client of two: the bookings of the second become the first''s, and the audit log keeps what the second was.';
revoke all on function private.merge_clients(uuid, uuid) from public;
grant execute on function private.merge_clients(uuid, uuid) to authenticated;

create function public.merge_clients(kept uuid, gone uuid) returns void
  language sql
  volatile
  set search_path = public, pg_temp
as $$
  select private.merge_clients(kept, gone)
$$;
comment on function public.merge_clients(uuid, uuid) is 'Makes one client of two; for an admin.';
revoke all on function public.merge_clients(uuid, uuid) from public, anon;
grant execute on function public.merge_clients(uuid, uuid) to authenticated;

create function public.client_twins(client uuid, search text default null) returns setof public.client_rows
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select client_rows.*
  from client_rows
  join clients as theirs on theirs.id = client
  where client_rows.id = client
    or case
      when btrim(search) <> '' then client_rows.id in (
        select picked.id from private.pick_clients(search, null, null, 20) as picked
      )
      else
        client_rows.email = theirs.email
        or client_rows.phone = theirs.phone
        or lower(client_rows.name) = lower(theirs.name)
    end
  order by client_rows.id <> client, client_rows.created_at desc, client_rows.id desc
  limit 21
$$;
comment on function public.client_twins(uuid, text) is
  'A client, and after it those who may be the same person: found by the search or, without one, with the same name, e-mail address or phone number.';
revoke all on function public.client_twins(uuid, text) from public, anon;
grant execute on function public.client_twins(uuid, text) to authenticated;
