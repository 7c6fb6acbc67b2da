-- Where a tour goes is a list of places, so that each of them stands by itself. Text is taken as before:
-- older bookings have it, and so has a form that was opened before the site knew of lists.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- A wider list of kinds, and few rows that nobody waits for.
-- squawk-ignore ban-drop-constraint
alter table private.questions drop constraint questions_kind_check;
alter table private.questions
  -- squawk-ignore constraint-missing-not-valid
  add constraint questions_kind_check check (kind in ('text', 'number', 'boolean', 'array', 'object', 'places'));

update private.questions set kind = 'places' where key = 'destinations';

-- With what check_times looked at, and no query to look at it: functions and statements are set up anew in every transaction.
create or replace function private.check_answers() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  question record;
  answer jsonb;
  field text;
  clock constant jsonb := new.details -> 'time_zone';
  is_a_clock boolean;
begin
  for question in
    select questions.* from private.questions
    where questions.purpose = new.purpose
      and (questions.only_when is null or new.details @> questions.only_when)
    order by questions.key
  loop
    answer := new.details -> question.key;
    if coalesce(answer, 'null') in ('null', '""', '[]', '{}')
      or (question.kind = 'text' and btrim(new.details ->> question.key, e' \t\r\n\u00a0') = '')
      or (
        question.kind = 'places'
        and not jsonb_path_exists(answer, '$[*].type() ? (@ != "string")')
        and not jsonb_path_exists(answer, '$[*] ? (@ like_regex "[^\\s\u00a0]")')
      )
    then
      if question.needed then
        perform private.refuse(
          format('A %s booking needs an answer to %s.', new.purpose, question.key), question.key, '22023'
        );
      end if;
    elsif question.kind = 'places' then
      -- roamio_web/forms/rules.py (Places) asks for the same.
      if jsonb_path_exists(answer, '$[*].type() ? (@ != "string")') then
        perform private.refuse(
          format('%s must be text or a list of texts.', question.key), question.key, '22023'
        );
      elsif jsonb_typeof(answer) = 'array'
        and (
          jsonb_array_length(answer) > 12
          or jsonb_path_exists(answer, '$[*] ? (@ like_regex "^.{101}" flag "s")')
        )
      then
        perform private.refuse(
          format('%s must be at most 12 places of at most 100 characters each.', question.key), question.key, '22023'
        );
      end if;
    elsif jsonb_typeof(answer) <> (case question.kind when 'text' then 'string' else question.kind end) then
      perform private.refuse(
        format(
          '%s must be %s.',
          question.key,
          case question.kind
            when 'number' then 'a number'
            when 'boolean' then 'true or false'
            when 'array' then 'a list'
            when 'object' then 'an object'
            else 'text'
          end
        ),
        question.key,
        '22023'
      );
    elsif question.kind = 'number' and (
      answer::numeric not between question.lowest and question.highest or answer::numeric % 1 <> 0
    ) then
      perform private.refuse(
        format('%s must be a whole number from %s to %s.', question.key, question.lowest, question.highest),
        question.key,
        '22023'
      );
    end if;
  end loop;

  if jsonb_typeof(new.details -> 'health') = 'object' and new.details -> 'health' <> '{}' then
    if jsonb_typeof(new.details #> '{health,consent,wording}') is distinct from 'string'
      or btrim(new.details #>> '{health,consent,wording}') = ''
    then
      perform private.refuse(
        'Health details need the wording of the consent under which they are given.', 'health.consent', '22023'
      );
    end if;
    -- Consent is given on the form that is being sent: another time than about now is none.
    if (
      private.details_time(new.details #> '{health,consent}', 'given_at')
      between now() - interval '1 day' and now() + interval '5 minutes'
    ) is not true then
      new.details := jsonb_set(new.details, '{health,consent,given_at}', to_jsonb(now()));
    end if;
  end if;

  foreach field in array array['starts_at', 'ends_at', 'returns_at'] loop
    -- That they are times is known by now, so that the year alone nearly always says it.
    if abs(left(new.details ->> field, 4)::int - extract(year from now())) >= 49
      and private.details_time(new.details, field)
        not between now() - interval '50 years' and now() + interval '50 years'
    then
      perform private.refuse(format('%s must be within fifty years of today.', field), field, '22023');
    end if;
  end loop;
  if coalesce(clock, 'null') not in ('null', '""') then
    -- Postgres takes more than names, such as rules of one's own for summer time. Most are a word and another one, and
    -- looking for so many characters of each takes far longer.
    is_a_clock := jsonb_typeof(clock) = 'string'
      and (
        (clock #>> '{}' ~ '^[A-Z][a-z]+/[A-Z][A-Za-z_]+$' and length(clock #>> '{}') <= 30)
        or clock #>> '{}' ~ '^[A-Za-z][A-Za-z0-9_+-]{1,29}(/[A-Za-z0-9_+-]{1,30}){0,2}$'
      );
    begin
      is_a_clock := is_a_clock and now() at time zone (clock #>> '{}') is not null;
    exception
      when invalid_parameter_value then
        is_a_clock := false;
    end;
    if not is_a_clock then
      perform private.refuse('time_zone must be the name of a time zone, such as Asia/Kolkata.', 'time_zone', '22023');
    end if;
  end if;
  return new;
end
$$;
comment on function private.check_answers() is
  'Refuses a website booking that lacks what its form asks for or whose times can''t be meant, and stamps the time of consent that lacks one.';

drop trigger before_4_check_times on public.bookings;
-- squawk-ignore ban-drop-function
drop function private.check_times();

create or replace function private.booking_headline(details jsonb) returns text
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  origin constant text := nullif(btrim(details ->> 'pickup_place'), '');
  places constant jsonb := details -> 'destinations';
  destinations text := details ->> 'destinations';
  goal text;
  line text;
begin
  if jsonb_typeof(places) = 'array' then
    destinations := '';
    -- One by one: a query would be set up anew in every transaction. More than these do not fit.
    for nth in 0..least(jsonb_array_length(places), 60) - 1 loop
      destinations := concat_ws(', ', nullif(destinations, ''), nullif(btrim(places ->> nth), ''));
    end loop;
  end if;
  goal := coalesce(
    nullif(btrim(details ->> 'dropoff_place'), ''),
    nullif(btrim(destinations), ''),
    nullif(btrim(details ->> 'place'), ''),
    nullif(btrim(details ->> 'city'), ''),
    nullif(btrim(details ->> 'need'), ''),
    nullif(btrim(details ->> 'goods'), '')
  );
  line := coalesce(origin || ' → ' || goal, origin, goal, '');
  if line ~ '\s\s|[\t\r\n]' then
    line := regexp_replace(regexp_replace(line, '\s*\n\s*', ', ', 'g'), '\s+', ' ', 'g');
  end if;
  return case when char_length(line) > 120 then left(line, 119) || '…' else line end;
end
$$;
