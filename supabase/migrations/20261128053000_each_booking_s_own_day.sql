-- "Today" is one thing everywhere: the day that it is now where a booking starts, by that place's clock. The overview picks
-- by it before it ends its list (a hundred starts of yesterday would else leave no room for today's), and the list's
-- filters ask for it too. A list may also be asked for days out of the calendar, and a search goes on behind what it has
-- looked at.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.day_at(moment timestamptz, clock text) returns date
  language plpgsql
  stable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
begin
  if coalesce(clock, '') in ('', 'Asia/Kolkata') then
    return (moment at time zone 'Asia/Kolkata')::date;
  end if;
  return (moment at time zone clock)::date;
exception
  when invalid_parameter_value then
    return (moment at time zone 'Asia/Kolkata')::date;
end
$$;
comment on function private.day_at(timestamptz, text) is
  'The day on which a moment falls by that clock, or by India''s if there is no such clock.';
revoke all on function private.day_at(timestamptz, text) from public;

create function private.starts_on(details jsonb) returns date
  language plpgsql
  stable
  parallel safe
  set search_path = public, pg_temp
as $$
begin
  return private.day_at(private.details_time(details, 'starts_at'), details ->> 'time_zone');
end
$$;
comment on function private.starts_on(jsonb) is 'The day on which a booking starts, by its own clock.';
revoke all on function private.starts_on(jsonb) from public;

create function private.days_ahead(details jsonb) returns integer
  language plpgsql
  stable
  parallel safe
  set search_path = public, pg_temp
as $$
begin
  return private.starts_on(details) - private.day_at(now(), details ->> 'time_zone');
end
$$;
comment on function private.days_ahead(jsonb) is 'In how many days a booking starts, by its own clock: 0 is today.';
revoke all on function private.days_ahead(jsonb) from public;

create or replace function private.pick_overview() returns table (part text, id uuid)
  language plpgsql
  stable
  rows 50
  security definer
  set search_path = public, pg_temp
as $$
declare
  asker constant staff_role := private.staff_role();
  me constant uuid := (select auth.uid());
begin
  -- Wherever it is today now, today began and ends within the two days that the index is asked for.
  if asker in ('admin', 'finance') then
    return query
      select 'unassigned', bookings.id from bookings
      where assigned_agent is null and status in ('pending', 'confirmed', 'in_progress')
      order by created_at, bookings.id limit 8;
    return query
      select 'around_today', bookings.id from bookings
      where private.details_time(details, 'starts_at') > now() - interval '26 hours'
        and private.details_time(details, 'starts_at') < now() + interval '26 hours'
        and status <> 'cancelled'
        and private.days_ahead(details) = 0
      order by private.details_time(details, 'starts_at'), bookings.id limit 100;
    return query
      select 'starting', bookings.id from bookings
      where private.details_time(details, 'starts_at') >= now()
        and status in ('pending', 'confirmed', 'in_progress')
      order by private.details_time(details, 'starts_at'), bookings.id limit 8;
  elsif asker = 'operations' then
    return query
      select 'around_today', bookings.id from bookings
      where assigned_agent = me
        and private.details_time(details, 'starts_at') > now() - interval '26 hours'
        and private.details_time(details, 'starts_at') < now() + interval '26 hours'
        and status <> 'cancelled'
        and private.days_ahead(details) = 0
      order by private.details_time(details, 'starts_at'), bookings.id limit 100;
    return query
      select 'starting', bookings.id from bookings
      where assigned_agent = me
        and private.details_time(details, 'starts_at') >= now()
        and status in ('pending', 'confirmed', 'in_progress')
      order by private.details_time(details, 'starts_at'), bookings.id limit 8;
  end if;
end
$$;

-- The list. Two ranges join the filters: days out of the calendar, and days counted from today.
alter type private.booking_filters add attribute starts_on daterange;
alter type private.booking_filters add attribute starts_ahead int4range;

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
  behind text := 'true';
  listed text;
  through_list text;
  through_index text;
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
    through_index := format(
      'with found as materialized ('
        'select booking_id, booked_at from private.search_texts as texts where %s'
        ') select array(select booking_id from found where %s order by booked_at desc, booking_id desc limit $1)',
      found_by, behind
    );
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

  -- Each window begins where the last one ended.
  foreach window_size in array case when plain then array[400, 3600, 20000] else array[400, 7600] end loop
    execute through_list into further, looked_at using window_size, most - cardinality(picked), seen;
    picked := picked || further;
    seen := seen + window_size;
    enough := cardinality(picked) >= most or looked_at < window_size;
    -- Looking further is cheap in the plain list, as long as that is likely to be enough, and an agent's list is short.
    exit when enough
      or (picked = '{}' and not plain and asker <> 'operations')
      or (seen = 4000 and plain and 5 * cardinality(picked) < most);
  end loop;
  -- Words that are too short for the index are not looked for any further.
  if not enough and exists (select from unnest(words) as word where char_length(private.squeezed(word)) > 2) then
    execute through_index into picked using most;
  end if;
  return query select found.id, found.place from unnest(picked) with ordinality as found (id, place);
end
$$;

-- They are made anew, with two more arguments that may be left out: whoever names theirs goes on as before.
-- squawk-ignore ban-drop-function
drop function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, text, timestamptz, uuid, integer
);
-- squawk-ignore ban-drop-function
drop function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, integer
);

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
  starts_on daterange default null,
  starts_ahead int4range default null,
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
    purpose, status, agent, unassigned, since, until, starts_since, starts_until, suspected, source, starts_on, starts_ahead
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
  boolean, text, daterange, int4range, text, timestamptz, uuid, integer
) is
  'A page of the bookings list: newest, changed (last first) or soonest; the next one follows the last row''s sorted value and id. Days are those of each booking''s own clock, starts_ahead counts them from today.';
revoke all on function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, daterange, int4range, text, timestamptz, uuid, integer
) from public, anon;
grant execute on function public.find_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, daterange, int4range, text, timestamptz, uuid, integer
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
  starts_on daterange default null,
  starts_ahead int4range default null,
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
    row(
      purpose, status, agent, unassigned, since, until, starts_since, starts_until, suspected, source, starts_on,
      starts_ahead
    ),
    'newest',
    null,
    null,
    least(greatest(most, 1), 1000) + 1
  )
$$;
comment on function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, daterange, int4range, integer
) is 'How many bookings fit; one more than `most` when there are more than that.';
revoke all on function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, daterange, int4range, integer
) from public, anon;
grant execute on function public.count_found_bookings(
  text, public.booking_purpose, public.booking_status, uuid, boolean, timestamptz, timestamptz, timestamptz, timestamptz,
  boolean, text, daterange, int4range, integer
) to authenticated;

create or replace function public.change_listed_bookings(chosen jsonb, change jsonb, list jsonb) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  answers jsonb;
begin
  select jsonb_agg(to_jsonb(answer)) into answers from change_bookings(chosen, change) as answer;
  return jsonb_build_object('answers', coalesce(answers, '[]'), 'rows', (
    select coalesce(jsonb_agg(to_jsonb(hit)), '[]')
    from jsonb_to_record(list) as asked (
      search text,
      purpose booking_purpose,
      status booking_status,
      agent uuid,
      unassigned boolean,
      since timestamptz,
      until timestamptz,
      starts_since timestamptz,
      starts_until timestamptz,
      suspected boolean,
      source text,
      starts_on daterange,
      starts_ahead int4range,
      sort text,
      after_value timestamptz,
      after_id uuid,
      page_size integer
    )
    cross join lateral find_bookings(
      search => asked.search,
      purpose => asked.purpose,
      status => asked.status,
      agent => asked.agent,
      unassigned => coalesce(asked.unassigned, false),
      since => asked.since,
      until => asked.until,
      starts_since => asked.starts_since,
      starts_until => asked.starts_until,
      suspected => coalesce(asked.suspected, false),
      source => asked.source,
      starts_on => asked.starts_on,
      starts_ahead => asked.starts_ahead,
      sort => coalesce(asked.sort, 'newest'),
      after_value => asked.after_value,
      after_id => asked.after_id,
      page_size => asked.page_size
    ) as hit
  ));
end
$$;
