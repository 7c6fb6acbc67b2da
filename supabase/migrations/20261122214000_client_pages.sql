-- Clients for staff: the list with its search, and one client with all bookings, each in one round trip.

set lock_timeout = '5s';
set statement_timeout = '60s';

create view public.client_rows with (security_invoker = true) as
select
  clients.id,
  clients.created_at,
  clients.name,
  clients.email,
  clients.phone,
  clients.country,
  booked.bookings,
  booked.last_booking_at
from public.clients
cross join lateral (
  select count(*) as bookings, max(bookings.created_at) as last_booking_at
  from public.bookings
  where bookings.client_id = clients.id
) as booked;
comment on view public.client_rows is 'One row of the clients list, with as many of the client''s bookings as the reader may see.';

revoke all on table public.client_rows from anon, authenticated, service_role;
grant select on table public.client_rows to authenticated, service_role;

-- As private.pick_bookings: a text search under Row Level Security can't use its indexes, so this looks past the
-- policies, asks for the caller's role itself, and gives out nothing but ids that find_clients reads under them.
create function private.pick_clients(search text, after_value timestamptz, after_id uuid, most integer)
  returns table (id uuid, place bigint)
  language plpgsql
  stable
  rows 50
  security definer
  set search_path = public, pg_temp
as $$
declare
  asker constant staff_role := private.staff_role();
  fits text := 'true';
  word text;
  pattern text;
begin
  if asker is null or asker not in ('admin', 'operations') then
    return;
  end if;
  foreach word in array (regexp_split_to_array(btrim(coalesce(search, '')), '\s+'))[1:8] loop
    continue when word = '';
    pattern := '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%';
    fits := fits || format(' and (clients.name ilike %1$L or clients.email ilike %1$L', pattern);
    if word ~ '^\+?[\d().\-/]*\d[\d().\-/]*$' then
      fits := fits || format(' or clients.phone like %L', '%' || regexp_replace(word, '\D', '', 'g') || '%');
    end if;
    fits := fits || ')';
  end loop;
  if asker = 'operations' then
    fits := fits || ' and clients.id in (select client_id from bookings where assigned_agent = auth.uid())';
  end if;
  if after_id is not null and after_value is not null then
    fits := fits || format(' and (clients.created_at, clients.id) < (%L, %L)', after_value, after_id);
  end if;
  return query execute format(
    'select picked.id, row_number() over (order by picked.created_at desc, picked.id desc) '
      'from (select clients.id, clients.created_at from clients where %s '
      'order by clients.created_at desc, clients.id desc limit %s) as picked',
    fits,
    most
  );
end
$$;
comment on function private.pick_clients(text, timestamptz, uuid, integer) is
  'The ids of those clients that the caller may read and that fit, newest first.';
revoke all on function private.pick_clients(text, timestamptz, uuid, integer) from public;
grant execute on function private.pick_clients(text, timestamptz, uuid, integer) to authenticated;

create function public.find_clients(
  search text default null,
  after_value timestamptz default null,
  after_id uuid default null,
  page_size integer default 50
)
  returns setof public.client_rows
  language sql
  stable
  rows 50
  set search_path = public, pg_temp
as $$
  select client_rows.*
  from private.pick_clients(search, after_value, after_id, least(greatest(page_size, 1), 200)) as picked
  join client_rows on client_rows.id = picked.id
  order by picked.place
$$;
comment on function public.find_clients(text, timestamptz, uuid, integer) is
  'A page of the clients list, newest first; the next one follows the last row''s created_at and id.';
revoke all on function public.find_clients(text, timestamptz, uuid, integer) from public, anon;
grant execute on function public.find_clients(text, timestamptz, uuid, integer) to authenticated;

create function public.client_page(client uuid) returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'row', to_jsonb(client_rows),
    'bookings', coalesce(
      (
        select jsonb_agg(to_jsonb(theirs) order by theirs.created_at desc, theirs.id)
        from (
          select * from booking_rows
          where booking_rows.client_id = client_rows.id
          order by created_at desc, id
          limit 200
        ) as theirs
      ),
      '[]'
    )
  )
  from client_rows
  where client_rows.id = client
$$;
comment on function public.client_page(uuid) is
  '{row, bookings} of one client, the newest 200 bookings first, as far as the caller may see them; null when not at all.';
revoke all on function public.client_page(uuid) from public, anon;
grant execute on function public.client_page(uuid) to authenticated;
