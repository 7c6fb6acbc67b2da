-- Spaces are no answer to what has to be answered, and consent to keep health details always has its time: where the website does
-- not say one that can be true, the time at which the booking came in.

set lock_timeout = '5s';
set statement_timeout = '60s';

create or replace function private.check_answers() returns trigger
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
    if coalesce(answer, 'null') in ('null', '""', '[]', '{}')
      or (question.kind = 'text' and btrim(new.details ->> question.key, e' \t\r\n\u00a0') = '')
    then
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
  if jsonb_typeof(new.details -> 'health') = 'object' and new.details -> 'health' <> '{}' then
    if jsonb_typeof(new.details #> '{health,consent,wording}') is distinct from 'string'
      or btrim(new.details #>> '{health,consent,wording}') = ''
    then
      perform private.refuse(
        'Health details need the wording of the consent under which they are given.', 'health.consent', '22023'
      );
    end if;
    -- Consent is given on the form that is being sent: another time than about now is none.
    if private.details_time(new.details #> '{health,consent}', 'given_at')
      between now() - interval '1 day' and now() + interval '5 minutes'
    then
      return new;
    end if;
    new.details := jsonb_set(new.details, '{health,consent,given_at}', to_jsonb(now()));
  end if;
  return new;
end
$$;
comment on function private.check_answers() is
  'Refuses a website booking that lacks what its form asks for, and stamps the time of consent that lacks one.';
