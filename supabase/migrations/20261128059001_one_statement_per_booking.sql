-- What follows from a new booking is written by one statement: its review task, both in the audit log, the words it is found by and
-- its count. Each statement that a trigger executes is set up anew in every transaction, and that was most of its cost.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- UUIDs of version 7 as private.timely_id() made them, without a function, whose call took five times as long.
alter table public.clients alter column id set default (
  lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000)::bigint), 12, '0')
  || '7' || substr(translate(gen_random_uuid()::text, '-', ''), 14)
)::uuid;
alter table public.tasks alter column id set default (
  lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000)::bigint), 12, '0')
  || '7' || substr(translate(gen_random_uuid()::text, '-', ''), 14)
)::uuid;
alter table public.audit_logs alter column id set default (
  lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000)::bigint), 12, '0')
  || '7' || substr(translate(gen_random_uuid()::text, '-', ''), 14)
)::uuid;
alter table private.booking_counts alter column id set default (
  lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000)::bigint), 12, '0')
  || '7' || substr(translate(gen_random_uuid()::text, '-', ''), 14)
)::uuid;
-- squawk-ignore ban-drop-function
drop function private.timely_id();

create function private.agent_by_the_rules(its_purpose public.booking_purpose) returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = public, pg_temp
as $$
declare
  chosen uuid;
begin
  if exists (select from assignment_rules where purpose = its_purpose and enabled) then
    -- One after the other: whoever counts now must see what was given out a moment ago.
    perform pg_advisory_xact_lock(hashtext('roamio: routing'));
    select assignment_rules.agent into chosen
    from assignment_rules
    where assignment_rules.purpose = its_purpose
      and assignment_rules.enabled
      and private.can_be_assigned(assignment_rules.agent)
    order by
      (
        select count(*) from bookings
        where bookings.assigned_agent = assignment_rules.agent
          and bookings.status in ('pending', 'confirmed', 'in_progress')
      ),
      assignment_rules.agent
    limit 1;
  end if;
  return chosen;
end
$$;
comment on function private.agent_by_the_rules(public.booking_purpose) is
  'The agent of this purpose who has the fewest open bookings; null where no rule is enabled. Holds all others back until the commit.';
revoke all on function private.agent_by_the_rules(public.booking_purpose) from public;

create function private.follow_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  agent uuid := new.assigned_agent;
begin
  if tg_argv[0] = 'routed' then
    agent := private.agent_by_the_rules(new.purpose);
  end if;

  with review as (
    insert into tasks (created_at, booking_id, title, assigned_to, due_date)
    values (
      new.created_at,
      new.id,
      format(
        'Review %s booking %s-%s',
        case new.purpose when 'nri' then 'NRI' else new.purpose::text end,
        left(new.reference, 4),
        right(new.reference, 4)
      ),
      agent,
      new.created_at + private.time_to_review(new.purpose)
    )
    returning *
  ),
  words as (
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
  ),
  counted as (
    insert into private.booking_counts (purpose, status, bookings) values (new.purpose, new.status, 1)
  )
  insert into audit_logs (table_name, record_id, action, actor, metadata)
  select
    made.table_name,
    made.id,
    'INSERT',
    coalesce(auth.uid()::text, 'system'),
    -- As private.record_change() writes it: what is new has changed from nothing.
    made.subject || jsonb_build_object('changes', (
      select jsonb_object_agg(key, jsonb_build_object('old', null, 'new', value))
      from jsonb_each(made.record - array['id', 'created_at', 'updated_at', 'reference'])
    ))
  from (
    select 'bookings' as table_name, new.id, '{}'::jsonb as subject, to_jsonb(new) as record
    union all
    select 'tasks', review.id, jsonb_build_object('booking_id', new.id, 'title', review.title), to_jsonb(review)
    from review
  ) as made;

  if tg_argv[0] = 'routed' and agent is not null then
    update bookings set assigned_agent = agent where id = new.id;
  end if;
  if random() < 0.005 then
    perform private.sum_up_counts();
  end if;
  return null;
end
$$;
comment on function private.follow_booking() is
  'Writes what follows from a new booking: the agent that a rule gives it to, its review task, the words it is found by, its count, and the audit log.';
revoke all on function private.follow_booking() from public;

-- The policy has seen the row unassigned by now.
create trigger after_1_follow_routed
  after insert on public.bookings
  for each row when (current_user = 'anon')
  execute function private.follow_booking('routed');
create trigger after_1_follow
  after insert on public.bookings
  for each row when (current_user <> 'anon')
  execute function private.follow_booking();

drop trigger after_1_audit on public.bookings;
create trigger after_1_audit
  after update or delete on public.bookings
  for each row execute function private.record_change();
drop trigger after_1_audit on public.tasks;
create trigger after_1_audit
  after update or delete on public.tasks
  for each row execute function private.record_change();
-- A review task is written down with its booking.
create trigger after_1_audit_new
  after insert on public.tasks
  for each row when (pg_trigger_depth() = 0)
  execute function private.record_change();

drop trigger after_5_count on public.bookings;
create trigger after_5_count
  after delete on public.bookings
  for each row execute function private.count_booking();

drop trigger after_3_route on public.bookings;
-- squawk-ignore ban-drop-function
drop function private.route_booking();
drop trigger after_4_add_review_task on public.bookings;
-- squawk-ignore ban-drop-function
drop function private.add_review_task();
drop trigger after_5_keep_text on public.bookings;

-- A time that is not there is not read: `and` goes on where its first half is null.
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
    if new.details ->> field is not null
      and abs(left(new.details ->> field, 4)::int - extract(year from now())) >= 49
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

-- Its review task comes with a booking, and the booking's message says so.
create or replace function private.tell_of_booking(noted private.outbox) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  line booking_rows;
  seen jsonb;
  -- What finance may not read: the person, the agent's name, the tasks.
  hidden constant jsonb := '{
    "client_id": null, "client_name": null, "client_email": null, "client_phone": null, "client_country": null,
    "assigned_agent_name": null, "open_tasks": 0, "next_due": null
  }';
  former uuid;
begin
  select * into line from booking_rows where id = noted.record_id;
  if line.id is not null then
    seen := to_jsonb(line);
  elsif noted.action <> 'DELETE' then
    return;
  end if;

  perform realtime.send(told.payload, told.event, told.audience, true)
  from (
    values
      ('role:admin', 'booking', jsonb_build_object('kind', noted.action, 'id', noted.record_id, 'row', seen)),
      ('role:finance', 'booking', jsonb_build_object('kind', noted.action, 'id', noted.record_id, 'row', seen || hidden)),
      (
        'role:viewer',
        'summary',
        case
          when noted.purpose is not null and (noted.purpose, noted.status) is distinct from (line.purpose, line.status)
            then jsonb_build_object(
              'purpose', noted.purpose,
              'from', noted.status,
              'to', case when line.purpose = noted.purpose then line.status end
            )
        end
      ),
      (
        'role:viewer',
        'summary',
        case
          when line.purpose is not null and line.purpose is distinct from noted.purpose
            then jsonb_build_object('purpose', line.purpose, 'from', null, 'to', line.status)
        end
      )
  ) as told (audience, event, payload)
  where told.payload is not null;

  if line.assigned_agent is not null and private.is_agent(line.assigned_agent) then
    select seen || jsonb_build_object('open_tasks', count(*), 'next_due', min(due_date)) into seen
    from tasks
    where booking_id = line.id and status <> 'done' and assigned_to = line.assigned_agent;
    perform private.tell(
      'staff:' || line.assigned_agent,
      'booking',
      jsonb_build_object('kind', noted.action, 'id', noted.record_id, 'row', seen)
    );
  end if;
  if noted.former_agents <> '{}' then
    for former in
      select distinct agent from unnest(noted.former_agents) as agent where agent is distinct from line.assigned_agent
    loop
      if line.id is null then
        perform private.tell(
          'staff:' || former, 'booking', jsonb_build_object('kind', noted.action, 'id', noted.record_id, 'row', null)
        );
      else
        perform private.tell('staff:' || former, 'leave', jsonb_build_object('id', noted.record_id));
      end if;
    end loop;
  end if;
end
$$;
