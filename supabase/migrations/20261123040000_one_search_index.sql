-- One index for all that a booking is found by: for several words Postgres starts from the rarest of their letters. With
-- an index for each text it first collected everything that has the one word, and then everything that has the other.

set lock_timeout = '5s';
-- Each booking's texts are written anew, and an index of them is made.
set statement_timeout = '30min';

create function private.squeezed(said text) returns text
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
begin
  return translate(lower(said), e'ilo-./+\u2010\u2011', '110');
end
$$;
comment on function private.squeezed(text) is
  'What sounds or is written alike is the same here: in small letters, I and L as 1, O as 0, nothing between digits.';
revoke all on function private.squeezed(text) from public;

create table private.search_texts (
  booking_id uuid primary key references public.bookings on delete cascade,
  booked_at timestamptz not null,
  reference text collate "C" not null,
  headline text not null,
  person text not null,
  phone text collate "C",
  squeezed text not null generated always as (
    private.squeezed(reference || e'\n' || headline || e'\n' || person || e'\n' || coalesce(phone, ''))
  ) stored
);
comment on table private.search_texts is 'The words of a booking and its client. Triggers keep them; private.pick_bookings alone reads them.';
comment on column private.search_texts.headline is 'In small letters: comparing without regard to case takes three times as long.';
comment on column private.search_texts.person is 'The client''s name and e-mail address, on a line each, in small letters.';
comment on column private.search_texts.squeezed is 'All of them. It finds a little too much; the texts themselves decide.';

create index search_texts_newest_idx on private.search_texts (booked_at desc, booking_id desc);
create index search_texts_squeezed_idx on private.search_texts using gin (squeezed extensions.gin_trgm_ops);

create or replace function private.keep_booking_text() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  insert into private.search_texts (booking_id, booked_at, reference, headline, person, phone)
  select
    new.id,
    new.created_at,
    new.reference,
    lower(private.booking_headline(new.details)),
    lower(concat_ws(e'\n', clients.name, clients.email)),
    clients.phone
  from clients
  where clients.id = new.client_id
  on conflict (booking_id) do update set
    booked_at = excluded.booked_at,
    reference = excluded.reference,
    headline = excluded.headline,
    person = excluded.person,
    phone = excluded.phone;
  return null;
end
$$;

create or replace function private.keep_client_text() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  update private.search_texts set
    person = lower(concat_ws(e'\n', new.name, new.email)),
    phone = new.phone
  from bookings
  where bookings.client_id = new.id and search_texts.booking_id = bookings.id;
  return null;
end
$$;

-- The functions above write to the new table as soon as they are seen; until then nobody writes.
do $$
begin
  lock table public.bookings, public.clients in share mode;
  insert into private.search_texts (booking_id, booked_at, reference, headline, person, phone)
  select booking_id, booked_at, reference, headline, person, phone from private.booking_texts
  on conflict do nothing;
end
$$;

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
    sought := right(private.squeezed(case when word ~ '[^@]{3}@' then split_part(word, '@', 1) || '@' else word end), 6);
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
        'select * from private.search_texts where %s order by booked_at desc, booking_id desc limit $1 offset 0'
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
      listed, found_by, replace(ordered, '$1', '$2')
    );
    through_index := format(
      'with found as materialized (select booking_id from private.search_texts as texts where %s) '
        'select array(select id from (%s join found on found.booking_id = bookings.id where %s and %s) as both_fit %s)',
      found_by, chosen, fits, behind, ordered
    );
  end if;

  foreach window_size in array case when plain then array[400, 4000, 24000] else array[400, 8000] end loop
    execute through_list into picked, looked_at using window_size, most;
    enough := cardinality(picked) >= most or looked_at < window_size;
    -- Looking further is cheap in the plain list, as long as that is likely to be enough, and an agent's list is short.
    exit when enough
      or (picked = '{}' and not plain and asker <> 'operations')
      or (window_size = 4000 and plain and 5 * cardinality(picked) < most);
  end loop;
  -- Words that are too short for the index are not looked for any further.
  if not enough and exists (select from unnest(words) as word where char_length(private.squeezed(word)) > 2) then
    execute through_index into picked using most;
  end if;
  return query select found.id, found.place from unnest(picked) with ordinality as found (id, place);
end
$$;

-- Only the functions above used it.
-- squawk-ignore ban-drop-table
drop table private.booking_texts;
