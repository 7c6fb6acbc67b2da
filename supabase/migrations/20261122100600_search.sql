-- The bookings list at size: search, filters, order and pages among a million bookings.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- What a booking is found by stands in one table with one index: a search for "asha leela" finds one word in the client
-- and the other in the booking, and no index spans two tables.
create table private.booking_texts (
  booking_id uuid primary key references public.bookings on delete cascade,
  booked_at timestamptz not null,
  reference text collate "C" not null,
  headline text not null,
  person text not null,
  phone text collate "C"
);
comment on table private.booking_texts is 'The words of a booking and its client. Triggers keep them; private.pick_bookings alone reads them.';
comment on column private.booking_texts.headline is 'In small letters: comparing without regard to case takes three times as long.';
comment on column private.booking_texts.person is 'The client''s name and e-mail address, on a line each, in small letters.';

create function private.keep_booking_text() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  insert into private.booking_texts (booking_id, booked_at, reference, headline, person, phone)
  select
    bookings.id,
    bookings.created_at,
    bookings.reference,
    lower(private.booking_headline(bookings.details)),
    lower(concat_ws(e'\n', clients.name, clients.email)),
    clients.phone
  from bookings
  join clients on clients.id = bookings.client_id
  where bookings.id = new.id
  on conflict (booking_id) do update set
    booked_at = excluded.booked_at,
    reference = excluded.reference,
    headline = excluded.headline,
    person = excluded.person,
    phone = excluded.phone;
  return null;
end
$$;
comment on function private.keep_booking_text() is 'Notes what a booking is found by.';
revoke all on function private.keep_booking_text() from public;

create function private.keep_client_text() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  update private.booking_texts set
    person = lower(concat_ws(e'\n', new.name, new.email)),
    phone = new.phone
  from bookings
  where bookings.client_id = new.id and booking_texts.booking_id = bookings.id;
  return null;
end
$$;
comment on function private.keep_client_text() is 'Lets a client''s bookings be found by their new name, address and phone.';
revoke all on function private.keep_client_text() from public;

create index booking_texts_newest_idx on private.booking_texts (booked_at desc, booking_id desc);
create index booking_texts_search_idx on private.booking_texts using gin (
  headline extensions.gin_trgm_ops,
  person extensions.gin_trgm_ops,
  reference extensions.gin_trgm_ops,
  phone extensions.gin_trgm_ops
);

create trigger after_5_keep_text
  after insert on public.bookings
  for each row execute function private.keep_booking_text();
create trigger after_5_keep_changed_text
  after update on public.bookings
  for each row
  when (
    new.details is distinct from old.details or new.client_id <> old.client_id or new.created_at <> old.created_at
  )
  execute function private.keep_booking_text();
create trigger after_3_keep_text
  after update on public.clients
  for each row when ((new.name, new.email, new.phone) is distinct from (old.name, old.email, old.phone))
  execute function private.keep_client_text();

-- What a list is narrowed down to. A type, so that who passes it on need not know of each.
create type private.booking_filters as (
  purpose public.booking_purpose,
  status public.booking_status,
  agent uuid,
  unassigned boolean,
  since timestamptz,
  until timestamptz,
  starts_since timestamptz,
  starts_until timestamptz,
  suspected boolean,
  source text
);
comment on type private.booking_filters is 'What a list of bookings is narrowed down to; null leaves a filter out.';

create function private.words_of(search text) returns text[]
  language sql
  immutable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(word), '{}')
  from (
    select word from regexp_split_to_table(btrim(search, e' \t\r\n'), '\s+') as word where word <> '' limit 8
  ) as words
$$;
comment on function private.words_of(text) is 'What somebody searches for, word by word; eight are enough.';
revoke all on function private.words_of(text) from public;

-- The condition on private.booking_texts under which a booking fits all the words. Finance may not know of clients, so it
-- can't find a booking by one.
create function private.found_by(words text[], with_person boolean) returns text
  language plpgsql
  immutable
  set search_path = public, pg_temp
as $$
declare
  word text;
  pattern text;
  spoken text;
  places text;
  fits text := 'true';
begin
  foreach word in array words loop
    pattern := '%' || regexp_replace(lower(word), '([\\%_])', '\\\1', 'g') || '%';
    -- As references are read aloud, and as phones are typed.
    spoken := translate(upper(word), e'ILO-\u2010\u2011', '110');
    places := format('texts.headline like %L', pattern);
    if spoken ~ '^[0-9A-HJKMNP-TV-Z]+$' then
      places := places || format(' or texts.reference like %L', '%' || spoken || '%');
    end if;
    if with_person then
      -- What stands behind the @ is the same for so many that looking it up in the index takes long: that is compared only.
      places := places || case
        when word ~ '[^@]{3}@' then
          format(' or (texts.person like %L and (texts.person || '''') like %L)', split_part(pattern, '@', 1) || '@%', pattern)
        else format(' or texts.person like %L', pattern)
      end;
    end if;
    if with_person and word ~ '^\+?[\d.\-/]*\d$' then
      places := places || format(' or texts.phone like %L', '%' || regexp_replace(word, '\D', '', 'g') || '%');
    end if;
    fits := format('%s and (%s)', fits, places);
  end loop;
  return fits;
end
$$;
comment on function private.found_by(text[], boolean) is 'SQL: whether the words stand in a booking''s texts.';
revoke all on function private.found_by(text[], boolean) from public;

-- Picks the bookings of a page, in order. Row Level Security keeps text search from using its indexes (a function that
-- could give a hidden row away must not see it), so this looks past the policies, asks for the caller's role itself,
-- and gives out nothing but ids. find_bookings then reads the rows under the policies all the same.
--
-- roamio_web/models/booking_query.py says in Python which rows fit, for changes that stream in.
create function private.pick_bookings(
  search text,
  filters private.booking_filters,
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
  words constant text[] := private.words_of(search);
  found_by constant text := private.found_by(words, asker <> 'finance');

  starts_at constant text := 'private.details_time(bookings.details, ''starts_at'')';
  sorted constant text := case sort
    when 'newest' then 'bookings.created_at'
    when 'changed' then 'bookings.updated_at'
    when 'soonest' then starts_at
  end;
  upwards constant boolean := sort = 'soonest';
  ordered constant text := case
    when upwards then 'order by at, id limit $1'
    else 'order by at desc nulls last, id desc limit $1'
  end;
  chosen constant text := format('select bookings.id, %s as at from bookings', sorted);
  fits constant text := concat_ws(
    ' and ',
    'true',
    case when asker = 'operations' then format('bookings.assigned_agent = %L', (select auth.uid())) end,
    case when filters.purpose is not null then format('bookings.purpose = %L', filters.purpose) end,
    case when filters.status is not null then format('bookings.status = %L', filters.status) end,
    case when filters.agent is not null then format('bookings.assigned_agent = %L', filters.agent) end,
    case when filters.unassigned then 'bookings.assigned_agent is null' end,
    case when filters.since is not null then format('bookings.created_at >= %L', filters.since) end,
    case when filters.until is not null then format('bookings.created_at < %L', filters.until) end,
    case when filters.starts_since is not null then format('%s >= %L', starts_at, filters.starts_since) end,
    case when filters.starts_until is not null then format('%s < %L', starts_at, filters.starts_until) end,
    case when filters.suspected then 'bookings.details #> ''{source,suspected}'' is not null' end,
    case
      when filters.source = 'embed' then 'bookings.details #>> ''{source,channel}'' = ''embed'''
      when filters.source is not null then format('private.booking_source(bookings.details) = %L', filters.source)
    end
  );
  plain constant boolean := sort = 'newest' and fits = 'true';
  behind text := 'true';
  listed text;
  through_list text;
  through_index text;
  window_size integer;
  looked_at integer;
  enough boolean;
  picked uuid[];
begin
  if sorted is null then
    perform private.refuse('Bookings are sorted by newest, changed or soonest (sort).', 'sort', '22023');
  end if;
  if asker is null or asker = 'viewer' then
    return;
  end if;

  -- What comes after the cursor; bookings without a time to sort by are last. Each part is one range of an index.
  if after_id is not null and after_value is null then
    behind := format('%s is null and bookings.id > %L', sorted, after_id);
  elsif after_id is not null then
    behind := format(
      '(%s, bookings.id) %s (%L, %L)', sorted, case when upwards then '>' else '<' end, after_value, after_id
    );
  end if;
  listed := format('%s where %s and %s %s', chosen, fits, behind, ordered);
  if upwards and after_value is not null and after_id is not null then
    listed := format(
      'select * from ((%s) union all (%s where %s and %s is null %s)) as timed_and_not %s',
      listed, chosen, fits, sorted, ordered, ordered
    );
    behind := format('(%s or %s is null)', behind, sorted);
  end if;

  if words = '{}' then
    execute format('select array(select id from (%s) as listed)', listed) into picked using most;
    return query select found.id, found.place from unnest(picked) with ordinality as found (id, place);
    return;
  end if;

  -- What many bookings have in common is soon found by looking through the list from here on; what few have, the index
  -- finds. offset 0 keeps the words out of the look-up by which a booking's texts are found.
  if plain then
    behind := replace(replace(behind, 'bookings.created_at', 'booked_at'), 'bookings.id', 'booking_id');
    through_list := format(
      'select array(select booking_id from ('
        'select * from private.booking_texts where %s order by booked_at desc, booking_id desc limit $1 offset 0'
        ') as texts where %s order by booked_at desc, booking_id desc limit $2), $1',
      behind, found_by
    );
    through_index := format(
      'with found as materialized ('
        'select booking_id, booked_at from private.booking_texts as texts where %s'
        ') select array(select booking_id from found where %s order by booked_at desc, booking_id desc limit $1)',
      found_by, behind
    );
  else
    through_list := format(
      'with listed as materialized (%s) select array('
        'select id from listed cross join lateral ('
        'select * from private.booking_texts where booking_id = listed.id offset 0'
        ') as texts where %s %s), (select count(*) from listed)',
      listed, found_by, replace(ordered, '$1', '$2')
    );
    through_index := format(
      'with found as materialized (select booking_id from private.booking_texts as texts where %s) '
        'select array(select id from (%s join found on found.booking_id = bookings.id where %s and %s) as both_fit %s)',
      found_by, chosen, fits, behind, ordered
    );
  end if;

  foreach window_size in array array[400, 8000, 24000] loop
    execute through_list into picked, looked_at using window_size, most;
    enough := cardinality(picked) >= most or looked_at < window_size;
    -- Looking further is cheap in the plain list, and an agent's is short.
    exit when enough
      or (picked = '{}' and not plain and asker <> 'operations')
      or (window_size = 8000 and (not plain or 3 * cardinality(picked) < most));
  end loop;
  -- Words that are too short for the index are not looked for any further.
  if not enough and exists (select from unnest(words) as word where char_length(word) > 2) then
    execute through_index into picked using most;
  end if;
  return query select found.id, found.place from unnest(picked) with ordinality as found (id, place);
end
$$;
comment on function private.pick_bookings(text, private.booking_filters, text, timestamptz, uuid, integer) is
  'The ids of those bookings that the caller may read and that fit, in order.';
revoke all on function private.pick_bookings(text, private.booking_filters, text, timestamptz, uuid, integer) from public;
grant execute on function private.pick_bookings(text, private.booking_filters, text, timestamptz, uuid, integer)
  to authenticated;

create function public.find_bookings(
  search text default null,
  purpose public.booking_purpose default null,
  status public.booking_status default null,
  agent uuid default null,
  unassigned boolean default false,
  since timestamptz default null,
  until timestamptz default null,
  starts_since timestamptz default null,
  starts_until timestamptz default null,
  suspected boolean default false,
  source text default null,
  sort text default 'newest',
  after_value timestamptz default null,
  after_id uuid default null,
  page_size integer default 50
)
  returns setof public.booking_rows
  -- Not sql, which would plan the query again for each page.
  language plpgsql
  stable
  rows 50
  set search_path = public, pg_temp
as $$
declare
  filters constant private.booking_filters := row(
    purpose, status, agent, unassigned, since, until, starts_since, starts_until, suspected, source
  );
begin
  return query
    select booking_rows.*
    from private.pick_bookings(search, filters, sort, after_value, after_id, least(greatest(page_size, 1), 1001))
      as picked
    join booking_rows on booking_rows.id = picked.id
    order by picked.place;
end
$$;
comment on function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, text, timestamptz, uuid, integer
) is
  'A page of the bookings list: newest, changed (last first) or soonest; the next one follows the last row''s sorted value and id.';
revoke all on function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, text, timestamptz, uuid, integer
) from public, anon;
grant execute on function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, text, timestamptz, uuid, integer
) to authenticated;

create function public.count_found_bookings(
  search text default null,
  purpose public.booking_purpose default null,
  status public.booking_status default null,
  agent uuid default null,
  unassigned boolean default false,
  since timestamptz default null,
  until timestamptz default null,
  starts_since timestamptz default null,
  starts_until timestamptz default null,
  suspected boolean default false,
  source text default null,
  most integer default 1000
)
  returns bigint
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select count(*)
  from private.pick_bookings(
    search,
    row(purpose, status, agent, unassigned, since, until, starts_since, starts_until, suspected, source),
    'newest',
    null,
    null,
    least(greatest(most, 1), 1000) + 1
  )
$$;
comment on function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, integer
) is 'How many bookings fit; one more than `most` when there are more than that.';
revoke all on function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, integer
) from public, anon;
grant execute on function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, integer
) to authenticated;
