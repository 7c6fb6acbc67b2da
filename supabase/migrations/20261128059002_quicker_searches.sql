-- What makes a few of the list's searches and filters slow among a million bookings.

set lock_timeout = '5s';
-- Two indexes' worth of bookings are read.
set statement_timeout = '30min';

-- "Delhi, Bengaluru" are two places, and "Nair, Asha" is a person: what stands between them is no part of a word.
create or replace function private.words_of(search text) returns text[]
  language sql
  immutable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(word), '{}')
  from (
    select btrim(part, ',;') as word
    from regexp_split_to_table(btrim(search, e' \t\r\n'), '\s+') as part
    where btrim(part, ',;') <> ''
    limit 8
  ) as words
$$;

-- Five letters leave hardly more to be looked at than six, and a list less to be read for each word.
create or replace function private.found_by(words text[], with_person boolean) returns text
  language plpgsql
  immutable
  set search_path = public, pg_temp
as $$
declare
  word text;
  pattern text;
  spoken text;
  sought text;
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
      places := places || format(' or texts.person like %L', pattern);
    end if;
    if with_person and word ~ '^\+?[\d.\-/]*\d$' then
      places := places || format(' or texts.phone like %L', '%' || regexp_replace(word, '\D', '', 'g') || '%');
    end if;
    -- The end of a word finds nearly as few as all of it, in half the time; what stands behind an @ finds far too many.
    sought := right(private.squeezed(case when word ~ '[^@]{3}@' then split_part(word, '@', 1) || '@' else word end), 5);
    fits := format(
      '%s and texts.squeezed like %L and (%s)',
      fits,
      '%' || regexp_replace(sought, '([\\%_])', '\\\1', 'g') || '%',
      places
    );
  end loop;
  return fits;
end
$$;

-- Words that many bookings have are long lists in the index, and of two such words it read all. It knows the months too now, and
-- leaves out what is not of the last ones, which nearly always have enough for a page.
-- Bookings wait while it is made: half a minute for a million.
-- squawk-ignore require-concurrent-index-creation
create index search_texts_words_idx on private.search_texts using gin (
  squeezed extensions.gin_trgm_ops,
  (array[(extract(epoch from booked_at - timestamptz '2020-01-01 00:00:00+00') / 2592000)::int])
) with (gin_pending_list_limit = 256);
-- What is new waits in a list that every search reads to its end, and one insert in some thousands had to put all of it in its
-- place: up to 4 MB, in which a search of six milliseconds took ten, and the insert 150.
alter index public.clients_search_idx set (gin_pending_list_limit = 256);
-- squawk-ignore require-concurrent-index-deletion
drop index private.search_texts_squeezed_idx;
analyze private.search_texts;

create or replace function private.pick_bookings(
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
    -- A day of any clock lies within these moments, which the index finds.
    case
      when filters.starts_on is not null and not lower_inf(filters.starts_on)
        then format('%s >= %L', starts_at, lower(filters.starts_on) - interval '1 day')
    end,
    case
      when filters.starts_on is not null and not upper_inf(filters.starts_on)
        then format('%s < %L', starts_at, upper(filters.starts_on) + interval '1 day')
    end,
    case
      when filters.starts_on is not null
        then format('%L::daterange @> private.starts_on(bookings.details)', filters.starts_on)
    end,
    case
      when filters.starts_ahead is not null then format(
        '%1$s > %2$L and %1$s < %3$L and %4$L::int4range @> private.days_ahead(bookings.details)',
        starts_at,
        now() + lower(filters.starts_ahead) * interval '1 day' - interval '26 hours',
        now() + upper(filters.starts_ahead) * interval '1 day' + interval '2 hours',
        filters.starts_ahead
      )
    end,
    case when filters.suspected then 'bookings.details #> ''{source,suspected}'' is not null' end,
    case
      when filters.source = 'embed' then 'bookings.details #>> ''{source,channel}'' = ''embed'''
      when filters.source is not null then format('private.booking_source(bookings.details) = %L', filters.source)
    end
  );
  plain constant boolean := sort = 'newest' and fits = 'true';
  -- Spans of thirty days, as the index has them: of those before the cursor the last three, and what a wrong clock has put ahead.
  month_of constant text := '(extract(epoch from %s - timestamptz ''2020-01-01 00:00:00+00'') / 2592000)::int';
  last_month integer;
  behind text := 'true';
  listed text;
  through_list text;
  through_index text;
  through_months text;
  window_size integer;
  looked_at integer;
  seen integer := 0;
  enough boolean;
  further uuid[];
  picked uuid[] := '{}';
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
        'select * from private.search_texts where %s order by booked_at desc, booking_id desc limit $1 offset $3'
        ') as texts where %s order by booked_at desc, booking_id desc limit $2), $1',
      behind, found_by
    );
    through_index :=
      'with found as materialized (select booking_id, booked_at from private.search_texts as texts where %s and %s) '
      'select array(select booking_id from found where %s order by booked_at desc, booking_id desc limit $1)';
    execute format('select ' || month_of, '$1') into last_month using coalesce(after_value, now());
    through_months := format(
      through_index,
      found_by,
      format(
        'array[' || month_of || '] && %L::int[]', 'booked_at', array(select generate_series(last_month - 2, last_month + 12))
      ),
      behind
    );
    through_index := format(through_index, found_by, 'true', behind);
  else
    through_list := format(
      'with listed as materialized (%s) select array('
        'select id from listed cross join lateral ('
        'select * from private.search_texts where booking_id = listed.id offset 0'
        ') as texts where %s %s), (select count(*) from listed)',
      listed || ' offset $3', found_by, replace(ordered, '$1', '$2')
    );
    through_index := format(
      'with found as materialized (select booking_id from private.search_texts as texts where %s) '
        'select array(select id from (%s join found on found.booking_id = bookings.id where %s and %s) as both_fit %s)',
      found_by, chosen, fits, behind, ordered
    );
  end if;

  -- The second window begins where the first one ended.
  foreach window_size in array case when plain then array[400, 3600] else array[400, 7600] end loop
    execute through_list into further, looked_at using window_size, most - cardinality(picked), seen;
    picked := picked || further;
    seen := seen + window_size;
    enough := cardinality(picked) >= most or looked_at < window_size;
    -- An agent's list is short. Of what none of the newest has, the index is quick to say where else it is.
    exit when enough or (picked = '{}' and asker <> 'operations');
  end loop;
  -- Words that are too short for the index are not looked for any further.
  if not enough and exists (select from unnest(words) as word where char_length(private.squeezed(word)) > 2) then
    if plain then
      execute through_months into picked using most;
      enough := cardinality(picked) >= most;
    end if;
    if not enough then
      execute through_index into picked using most;
    end if;
  end if;
  return query select found.id, found.place from unnest(picked) with ordinality as found (id, place);
end
$$;

-- Nearly all of what is pending is nobody's yet, and hardly anything else is: without this, a page of it was expected to be far
-- away in the index that holds it in the right order.
create statistics public.bookings_status_of_agents (mcv) on status, assigned_agent from public.bookings;
comment on statistics public.bookings_status_of_agents is 'How the statuses of bookings that are somebody''s differ from those that are nobody''s.';
analyze public.bookings;

-- How a page of the list is read does not depend on what is asked for. Left to itself, Postgres at times took planning it again for
-- the better choice, a millisecond in three, and more with the policies in it.
alter function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, daterange, int4range, text, timestamptz, uuid, integer
) set plan_cache_mode = force_generic_plan;
