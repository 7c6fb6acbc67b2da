-- The bookings list at size: search, filters, order and pages among a million bookings.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- Picks the bookings of a page, in order. Row Level Security keeps text search from using its indexes (a function that
-- could give a hidden row away must not see it), so this looks past the policies, asks for the caller's role itself,
-- and gives out nothing but ids. find_bookings then reads the rows under the policies all the same.
--
-- roamio_web/models/booking_query.py says in Python which rows fit, for changes that stream in.
create function private.pick_bookings(
  search text,
  its_purpose public.booking_purpose,
  its_status public.booking_status,
  agent uuid,
  unassigned boolean,
  since timestamptz,
  until timestamptz,
  sort text,
  after_value timestamptz,
  after_id uuid,
  most integer
)
  returns table (id uuid, place bigint)
  language plpgsql
  stable
  rows 50
  security definer
  set search_path = public, pg_temp
as $$
declare
  asker constant staff_role := private.staff_role();
  wanted constant text := btrim(coalesce(search, ''));
  pattern constant text := '%' || regexp_replace(wanted, '([\\%_])', '\\\1', 'g') || '%';
  -- As references are read aloud, and as phones are typed.
  spoken constant text := translate(upper(wanted), 'ILO- ', '110');
  reference_pattern constant text := case when spoken ~ '^[0-9A-HJKMNP-TV-Z]+$' then '%' || spoken || '%' end;
  phone_pattern constant text := case
    when wanted ~ '^\+?[\d\s().\-/]{5,}$' then '%' || regexp_replace(wanted, '\D', '', 'g') || '%'
  end;

  sorted constant text := case sort
    when 'newest' then 'bookings.created_at'
    when 'changed' then 'bookings.updated_at'
    when 'soonest' then 'private.details_time(bookings.details, ''starts_at'')'
  end;
  upwards constant boolean := sort = 'soonest';
  ordered constant text := case
    when upwards then format(' order by %s, bookings.id', sorted)
    else format(' order by %s desc nulls last, bookings.id desc', sorted)
  end;

  from_bookings constant text := 'select bookings.* from bookings where ';
  by_booking constant text :=
    '(private.booking_headline(bookings.details) ilike $8 or bookings.reference like $9)';
  by_client constant text := '(clients.name ilike $8 or clients.email ilike $8 or clients.phone like $10)';
  filters text := 'true';
  behind text := 'true';
  listed text;
  query text;
  indexed_query text;
  window_size integer := 400;
  found_ids uuid[];
begin
  if sorted is null then
    perform private.refuse('Bookings are sorted by newest, changed or soonest (sort).', 'sort', '22023');
  end if;
  if asker is null or asker = 'viewer' then
    return;
  end if;

  filters := concat_ws(
    ' and ',
    'true',
    case when asker = 'operations' then 'bookings.assigned_agent = (select auth.uid())' end,
    case when its_purpose is not null then 'bookings.purpose = $1' end,
    case when its_status is not null then 'bookings.status = $2' end,
    case when agent is not null then 'bookings.assigned_agent = $3' end,
    case when unassigned then 'bookings.assigned_agent is null' end,
    case when since is not null then 'bookings.created_at >= $4' end,
    case when until is not null then 'bookings.created_at < $5' end
  );

  -- What comes after the cursor; bookings without a time to sort by are last. Each part is one range of an index.
  if after_id is not null and after_value is null then
    behind := format('%s is null and bookings.id > $7', sorted);
  elsif after_id is not null then
    behind := format('(%s, bookings.id) %s ($6, $7)', sorted, case when upwards then '>' else '<' end);
  end if;
  listed := from_bookings || filters || ' and ' || behind || ordered || ' limit $11';
  if upwards and after_value is not null and after_id is not null then
    listed := format(
      '(%s) union all (%s)',
      listed,
      from_bookings || filters || format(' and %s is null', sorted) || ordered || ' limit $11'
    );
    behind := format('(%s or %s is null)', behind, sorted);
  end if;

  if wanted = '' then
    query := format('select bookings.id from (%s) as bookings %s limit $11', listed, ordered);
  elsif asker = 'operations' then
    query := format(
      'select bookings.id from bookings join clients on clients.id = bookings.client_id '
        'where %s and %s and (%s or %s) %s limit $11',
      filters, behind, by_client, by_booking, ordered
    );
  else
    -- What many bookings have in common is soon found by looking through the list from here on; what few have, the
    -- indexes find. A look at a few hundred tells which it is; addresses and phone numbers are rare.
    query := format(
      'select bookings.id from (%s) as bookings join clients on clients.id = bookings.client_id '
        'where (%s or %s) %s limit $11',
      replace(listed, '$11', '$12'),
      -- Finance may not know of clients, so it can't find a booking by one.
      case when asker = 'admin' then by_client else 'false' end,
      by_booking,
      ordered
    );
    indexed_query := format(
      'select bookings.id from bookings where %s and %s and bookings.id in (%s union all %s) %s limit $11',
      filters,
      behind,
      'select bookings.id from bookings where ' || by_booking,
      'select bookings.id from clients join bookings on bookings.client_id = clients.id where '
        || case when asker = 'admin' then by_client else 'false' end,
      ordered
    );
    if wanted ~ '@' or phone_pattern is not null then
      query := indexed_query;
      indexed_query := null;
    end if;
  end if;

  loop
    execute format('select array(%s)', query) into found_ids
    using its_purpose, its_status, agent, since, until, after_value, after_id,
      pattern, reference_pattern, phone_pattern, most, window_size;
    exit when indexed_query is null or cardinality(found_ids) >= most;
    if window_size = 400 and 2500 * cardinality(found_ids) > 400 * most then
      window_size := 4000;
    elsif char_length(wanted) > 2 then
      query := indexed_query;
      indexed_query := null;
    else
      -- Too short for the indexes: what is not among the next twenty thousand is not found.
      exit when window_size > 4000;
      window_size := 20000;
    end if;
  end loop;

  return query select picked.id, picked.place from unnest(found_ids) with ordinality as picked (id, place);
end
$$;
comment on function private.pick_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, text, timestamptz, uuid,
  integer
) is 'The ids of those bookings that the caller may read and that fit, in order.';
revoke all on function private.pick_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, text, timestamptz, uuid,
  integer
) from public;
grant execute on function private.pick_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, text, timestamptz, uuid,
  integer
) to authenticated;

create function public.find_bookings(
  search text default null,
  purpose public.booking_purpose default null,
  status public.booking_status default null,
  agent uuid default null,
  unassigned boolean default false,
  since timestamptz default null,
  until timestamptz default null,
  sort text default 'newest',
  after_value timestamptz default null,
  after_id uuid default null,
  page_size integer default 50
)
  returns setof public.booking_rows
  language sql
  stable
  rows 50
  set search_path = public, pg_temp
as $$
  select booking_rows.*
  from private.pick_bookings(
    search, purpose, status, agent, unassigned, since, until, sort, after_value, after_id,
    least(greatest(page_size, 1), 200)
  ) as picked
  join booking_rows on booking_rows.id = picked.id
  order by picked.place
$$;
comment on function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, text, timestamptz, uuid,
  integer
) is
  'A page of the bookings list: newest, changed (last first) or soonest; the next one follows the last row''s sorted value and id.';
revoke all on function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, text, timestamptz, uuid,
  integer
) from public, anon;
grant execute on function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, text, timestamptz, uuid,
  integer
) to authenticated;

create function public.count_found_bookings(
  search text default null,
  purpose public.booking_purpose default null,
  status public.booking_status default null,
  agent uuid default null,
  unassigned boolean default false,
  since timestamptz default null,
  until timestamptz default null,
  most integer default 1000
)
  returns bigint
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select count(*)
  from private.pick_bookings(
    search, purpose, status, agent, unassigned, since, until, 'newest', null, null,
    least(greatest(most, 1), 1000) + 1
  )
$$;
comment on function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, integer
) is 'How many bookings fit; one more than `most` when there are more than that.';
revoke all on function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, integer
) from public, anon;
grant execute on function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, integer
) to authenticated;
