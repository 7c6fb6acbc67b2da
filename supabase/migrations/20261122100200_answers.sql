-- What the website's bookings must hold, purpose by purpose. The forms (roamio_web/forms) ask for the same, and say it
-- kinder; this is for whoever calls the API directly.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table private.questions (
  id uuid primary key default gen_random_uuid(),
  purpose public.booking_purpose not null,
  key text not null,
  kind text not null check (kind in ('text', 'number', 'boolean', 'array', 'object')),
  needed boolean not null,
  lowest bigint,
  highest bigint,
  only_when jsonb
);
comment on table private.questions is 'What a purpose''s form asks: of what kind each answer is, and whether there must be one.';
comment on column private.questions.only_when is 'The question is asked only where the details contain this.';

create index questions_purpose_idx on private.questions (purpose);

insert into private.questions (purpose, key, kind, needed, lowest, highest, only_when) values
  ('cab', 'trip', 'text', true, null, null, null),
  ('cab', 'pickup_place', 'text', true, null, null, null),
  ('cab', 'dropoff_place', 'text', true, null, null, '{"trip": "one_way"}'),
  ('cab', 'dropoff_place', 'text', true, null, null, '{"trip": "round_trip"}'),
  ('cab', 'dropoff_place', 'text', true, null, null, '{"trip": "airport"}'),
  ('cab', 'starts_at', 'text', true, null, null, null),
  ('cab', 'returns_at', 'text', true, null, null, '{"trip": "round_trip"}'),
  ('cab', 'hours', 'number', true, 1, 24, '{"trip": "hourly"}'),
  ('cab', 'passengers', 'number', true, 1, 50, null),
  ('cab', 'luggage', 'number', false, 0, 100, null),
  ('cab', 'vehicle', 'text', true, null, null, null),
  ('cab', 'child_seat', 'boolean', false, null, null, null),
  ('hotel', 'place', 'text', true, null, null, null),
  ('hotel', 'starts_at', 'text', true, null, null, null),
  ('hotel', 'ends_at', 'text', true, null, null, null),
  ('hotel', 'rooms', 'number', true, 1, 50, null),
  ('hotel', 'adults', 'number', true, 1, 100, null),
  ('hotel', 'children', 'number', false, 0, 20, null),
  ('tourism', 'destinations', 'text', true, null, null, null),
  ('tourism', 'starts_at', 'text', false, null, null, null),
  ('tourism', 'adults', 'number', true, 1, 100, null),
  ('tourism', 'children', 'number', false, 0, 50, null),
  ('medical', 'starts_at', 'text', false, null, null, null),
  ('medical', 'health', 'object', true, null, null, null),
  ('nri', 'matter', 'text', true, null, null, null),
  ('nri', 'city', 'text', true, null, null, null),
  ('nri', 'need', 'text', true, null, null, null),
  ('hybrid', 'parts', 'array', true, null, null, null),
  ('hybrid', 'destinations', 'text', true, null, null, null),
  ('hybrid', 'starts_at', 'text', false, null, null, null),
  ('hybrid', 'health', 'object', true, null, null, '{"parts": ["medical"]}'),
  ('logistics', 'pickup_place', 'text', true, null, null, null),
  ('logistics', 'dropoff_place', 'text', true, null, null, null),
  ('logistics', 'starts_at', 'text', true, null, null, null),
  ('logistics', 'goods', 'text', true, null, null, null),
  ('service', 'need', 'text', true, null, null, null);

create function private.check_answers() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  question record;
  answer jsonb;
begin
  for question in
    select questions.* from private.questions
    where questions.purpose = new.purpose
      and (questions.only_when is null or new.details @> questions.only_when)
    order by questions.key
  loop
    answer := new.details -> question.key;
    if coalesce(answer, 'null') in ('null', '""', '[]', '{}') then
      if question.needed then
        perform private.refuse(
          format('A %s booking needs an answer to %s.', new.purpose, question.key), question.key, '22023'
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
  if jsonb_typeof(new.details -> 'health') = 'object'
    and new.details -> 'health' <> '{}'
    and coalesce(btrim(new.details #>> '{health,consent,wording}'), '') = ''
  then
    perform private.refuse(
      'Health details need the wording of the consent under which they are given.', 'health.consent', '22023'
    );
  end if;
  return new;
end
$$;
comment on function private.check_answers() is 'Refuses a website booking that lacks what its form asks for.';
revoke all on function private.check_answers() from public;

create trigger before_4_check_answers
  before insert on public.bookings
  for each row when (current_user = 'anon')
  execute function private.check_answers();
