-- Bookings: what travellers ask for, and who looks after it.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- The first five bytes of the id as eight characters of Crockford's base 32, which has no I, L, O or U: short, and
-- readable aloud. roamio_web/models/reference.py computes the same for the confirmation page.
create function private.booking_reference(id uuid) returns text
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  bits constant bigint := ('x' || left(replace(id::text, '-', ''), 10))::bit(40)::bigint;
  spoken text := '';
begin
  for shift in reverse 35..0 by 5 loop
    spoken := spoken || substr(alphabet, ((bits >> shift) & 31)::int + 1, 1);
  end loop;
  return spoken;
end
$$;
comment on function private.booking_reference(uuid) is 'The eight characters by which people name a booking.';
revoke all on function private.booking_reference(uuid) from public;
grant execute on function private.booking_reference(uuid) to anon, authenticated, service_role;

-- A time out of `details`, or null when it is none. It may be indexed: with an offset in the text, and only then, the
-- answer does not depend on the session's time zone.
create function private.details_time(details jsonb, key text) returns timestamptz
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
  set datestyle = 'ISO, YMD'
as $$
begin
  if details ->> key ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)$' then
    return (details ->> key)::timestamptz;
  end if;
  return null;
exception
  when datetime_field_overflow or invalid_datetime_format then
    return null;
end
$$;
comment on function private.details_time(jsonb, text) is 'An ISO 8601 time with its offset, out of a booking''s details.';
revoke all on function private.details_time(jsonb, text) from public;
-- Whoever writes a booking runs it and the next one, since indexes do.
grant execute on function private.details_time(jsonb, text) to anon, authenticated, service_role;

-- The forms (roamio_web/forms) name the places by these keys; the first that is filled in wins.
create function private.booking_headline(details jsonb) returns text
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  origin constant text := nullif(btrim(details ->> 'pickup_place'), '');
  goal constant text := coalesce(
    nullif(btrim(details ->> 'dropoff_place'), ''),
    nullif(btrim(details ->> 'destinations'), ''),
    nullif(btrim(details ->> 'place'), ''),
    nullif(btrim(details ->> 'city'), ''),
    nullif(btrim(details ->> 'need'), ''),
    nullif(btrim(details ->> 'goods'), '')
  );
  line text := coalesce(origin || ' → ' || goal, origin, goal, '');
begin
  if line ~ '\s\s|[\t\r\n]' then
    line := regexp_replace(regexp_replace(line, '\s*\n\s*', ', ', 'g'), '\s+', ' ', 'g');
  end if;
  return case when char_length(line) > 120 then left(line, 119) || '…' else line end;
end
$$;
comment on function private.booking_headline(jsonb) is 'What a booking is about, in one line of at most 120 characters.';
revoke all on function private.booking_headline(jsonb) from public;
grant execute on function private.booking_headline(jsonb) to anon, authenticated, service_role;

-- roamio_web/sources.py writes what this reads.
create function private.booking_source(details jsonb) returns text
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
begin
  return case details #>> '{source,channel}'
    when 'site' then 'site'
    when 'embed' then coalesce(left(lower(substring(details #>> '{source,host}' from '^https?://([^/?#]+)')), 200), 'embed')
  end;
end
$$;
comment on function private.booking_source(jsonb) is
  '`site`, the host of the page that the form was embedded in, `embed` when that is not known, or null.';
revoke all on function private.booking_source(jsonb) from public;
-- Whoever writes a booking runs it, since an index does.
grant execute on function private.booking_source(jsonb) to anon, authenticated, service_role;

create table public.bookings (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  client_id uuid not null references public.clients on delete restrict,
  purpose public.booking_purpose not null,
  details jsonb not null default '{}',
  status public.booking_status not null default 'pending',
  -- An agent who leaves does not take the bookings along.
  assigned_agent uuid references public.profiles on delete set null,
  updated_at timestamptz not null default now(),
  reference text collate "C" not null generated always as (private.booking_reference(id)) stored,
  constraint bookings_reference_key unique (reference),
  constraint bookings_details_is_an_object check (jsonb_typeof(details) = 'object'),
  constraint bookings_details_keeps_no_health check (not details ? 'health')
);
comment on table public.bookings is 'What travellers asked for. The website inserts; staff move them on.';
comment on column public.bookings.details is 'The form''s answers, without contact and health, which have tables of their own.';
comment on column public.bookings.updated_at is 'Different after every update: an update that names it loses against an earlier one.';

-- One for each way to order the list, for all bookings and for those of an agent or a status.
create index bookings_newest_idx on public.bookings (created_at desc nulls last, id desc) include (purpose, status);
create index bookings_changed_idx on public.bookings (updated_at desc nulls last, id desc);
create index bookings_soonest_idx on public.bookings (private.details_time(details, 'starts_at'), id);
create index bookings_assigned_agent_idx on public.bookings (assigned_agent, created_at desc nulls last, id desc);
create index bookings_changed_of_agent_idx on public.bookings (assigned_agent, updated_at desc nulls last, id desc);
create index bookings_soonest_of_agent_idx on public.bookings
  (assigned_agent, private.details_time(details, 'starts_at'), id);
create index bookings_status_idx on public.bookings (status, created_at desc nulls last, id desc);
create index bookings_soonest_in_status_idx on public.bookings (status, private.details_time(details, 'starts_at'), id);
-- And one for each other way to narrow it down.
create index bookings_purpose_idx on public.bookings (purpose, created_at desc nulls last, id desc);
create index bookings_source_idx on public.bookings
  (private.booking_source(details), created_at desc nulls last, id desc);
create index bookings_embedded_idx on public.bookings (created_at desc nulls last, id desc)
  where details #>> '{source,channel}' = 'embed';
create index bookings_suspected_idx on public.bookings (created_at desc nulls last, id desc)
  where details #> '{source,suspected}' is not null;
-- Which of them is the best one depends on how many bookings come from embedded forms.
create statistics public.bookings_channel_statistics on (details #>> '{source,channel}') from public.bookings;

-- The policy on clients asks whether one of a client's bookings is the reader's.
create index bookings_client_id_idx on public.bookings (client_id, assigned_agent);
create index bookings_open_of_agent_idx on public.bookings (assigned_agent)
  where status in ('pending', 'confirmed', 'in_progress');
create index bookings_unassigned_idx on public.bookings (created_at, id)
  where assigned_agent is null and status in ('pending', 'confirmed', 'in_progress');

revoke all on table public.bookings from anon, authenticated;
grant insert (id, purpose, details) on table public.bookings to anon;
grant select, delete on table public.bookings to authenticated;
grant insert (id, client_id, purpose, details, status, assigned_agent) on table public.bookings to authenticated;
-- Wider than what most may change: the guard refuses the rest, with a sentence that names the column.
grant update (id, created_at, client_id, purpose, details, status, assigned_agent, updated_at)
  on table public.bookings to authenticated;
grant select, insert, update, delete on table public.bookings to service_role;

alter table public.bookings enable row level security;

-- Sees the row as the triggers leave it.
create policy "A visitor books, pending and unassigned"
  on public.bookings for insert to anon
  with check (status = 'pending' and assigned_agent is null and client_id is not null);

create policy "Agents read their bookings, finance and an admin read all"
  on public.bookings for select to authenticated
  using (
    case (select private.staff_role())
      when 'admin' then true
      when 'finance' then true
      when 'operations' then assigned_agent = (select auth.uid())
    end
  );

create policy "An admin adds bookings"
  on public.bookings for insert to authenticated
  with check ((select private.staff_role()) = 'admin');

create policy "Agents change their bookings and an admin changes all"
  on public.bookings for update to authenticated
  using (
    (select private.staff_role()) = 'admin'
    or (assigned_agent = (select auth.uid()) and (select private.staff_role()) = 'operations')
  )
  with check (
    (select private.staff_role()) = 'admin'
    or (assigned_agent = (select auth.uid()) and (select private.staff_role()) = 'operations')
  );

create policy "An admin deletes bookings"
  on public.bookings for delete to authenticated
  using ((select private.staff_role()) = 'admin');

create policy "Agents read the clients of their bookings, an admin reads all"
  on public.clients for select to authenticated
  using (
    case (select private.staff_role())
      when 'admin' then true
      when 'operations' then exists (
        select from public.bookings
        where bookings.client_id = clients.id and bookings.assigned_agent = (select auth.uid())
      )
    end
  );

-- Two updates never leave the same updated_at behind, not even inside one transaction.
create function private.touch_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  new.updated_at := greatest(clock_timestamp(), old.updated_at + interval '1 microsecond');
  return new;
end
$$;
comment on function private.touch_booking() is 'Stamps a booking with the time of its update.';
revoke all on function private.touch_booking() from public;

-- Triggers of one event run in the order of their names, hence the numbers.
create trigger before_9_touch
  before update on public.bookings
  for each row execute function private.touch_booking();
