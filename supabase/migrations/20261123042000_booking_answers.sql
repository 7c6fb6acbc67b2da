-- A change to a booking, a note or a task, and the page that shows it afterwards, in one round trip.
-- The functions run as their caller, so grants, policies and guards decide as they do for a plain write. What these refuse
-- is a part of the answer, beside the page as it is now: {written, refusal: {code, message}, …}.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function public.change_booking(booking uuid, seen timestamptz, change jsonb) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  written boolean := false;
  refusal jsonb;
begin
  begin
    if change ? 'status' then
      update bookings set status = (change ->> 'status')::booking_status where id = booking and updated_at = seen;
    else
      update bookings set assigned_agent = (change ->> 'assigned_agent')::uuid where id = booking and updated_at = seen;
    end if;
    written := found;
  exception
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object('written', written, 'refusal', refusal, 'page', booking_page(booking));
end
$$;
comment on function public.change_booking(uuid, timestamptz, jsonb) is
  'Gives a status or an agent to a booking that still is as it was seen: {written, refusal, page}, the page as booking_page has it.';
revoke all on function public.change_booking(uuid, timestamptz, jsonb) from public, anon;
grant execute on function public.change_booking(uuid, timestamptz, jsonb) to authenticated;

create function public.change_listed_bookings(chosen jsonb, change jsonb, list jsonb) returns jsonb
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
      starts_since timestamptz,
      starts_until timestamptz,
      suspected boolean,
      source text,
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
      starts_since => asked.starts_since,
      starts_until => asked.starts_until,
      suspected => coalesce(asked.suspected, false),
      source => asked.source,
      sort => coalesce(asked.sort, 'newest'),
      after_value => asked.after_value,
      after_id => asked.after_id,
      page_size => asked.page_size
    ) as hit
  ));
end
$$;
comment on function public.change_listed_bookings(jsonb, jsonb, jsonb) is
  '{answers, rows}: what change_bookings answers, and what find_bookings finds afterwards for the arguments in list.';
revoke all on function public.change_listed_bookings(jsonb, jsonb, jsonb) from public, anon;
grant execute on function public.change_listed_bookings(jsonb, jsonb, jsonb) to authenticated;

create function public.open_booking_health(booking uuid) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  health jsonb := (select to_jsonb(hit) from booking_health(booking) as hit);
begin
  return jsonb_build_object('health', health, 'page', booking_page(booking));
end
$$;
comment on function public.open_booking_health(uuid) is
  '{health, page} of a booking: what booking_health gives, which records the reading, and the page as booking_page has it.';
revoke all on function public.open_booking_health(uuid) from public, anon;
grant execute on function public.open_booking_health(uuid) to authenticated;

create function public.write_note(booking uuid, note uuid, body text) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  written boolean := false;
  refusal jsonb;
begin
  begin
    insert into booking_notes (id, booking_id, body) values (note, booking, write_note.body);
    written := true;
  exception
    when unique_violation then
      null; -- the same words once more: they are there
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object('written', written, 'refusal', refusal, 'page', booking_page(booking));
end
$$;
comment on function public.write_note(uuid, uuid, text) is
  'Writes a note on a booking, once for each id: {written, refusal, page}, the page as booking_page has it.';
revoke all on function public.write_note(uuid, uuid, text) from public, anon;
grant execute on function public.write_note(uuid, uuid, text) to authenticated;

create function public.take_note_back(booking uuid, note uuid) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  written boolean;
begin
  delete from booking_notes where id = note and booking_id = booking;
  written := found;
  return jsonb_build_object('written', written, 'page', booking_page(booking));
end
$$;
comment on function public.take_note_back(uuid, uuid) is
  'Deletes a note of the caller''s own: {written, page}, the page as booking_page has it.';
revoke all on function public.take_note_back(uuid, uuid) from public, anon;
grant execute on function public.take_note_back(uuid, uuid) to authenticated;

create function public.change_task(
  task uuid, seen jsonb, change jsonb, board jsonb default null, on_booking boolean default false
) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  written boolean := false;
  refusal jsonb;
  its_row jsonb;
begin
  begin
    if change ? 'status' then
      update tasks set status = (change ->> 'status')::task_status
      where id = task and status = (seen ->> 'status')::task_status;
      written := found;
    elsif change ? 'assigned_to' then
      update tasks set assigned_to = (change ->> 'assigned_to')::uuid
      where id = task and assigned_to is not distinct from (seen ->> 'assigned_to')::uuid;
      written := found;
    end if;
  exception
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  its_row := (select to_jsonb(task_rows) from task_rows where task_rows.id = task);
  return jsonb_build_object(
    'written', written,
    'refusal', refusal,
    'task', its_row,
    'page', case when on_booking then booking_page((its_row ->> 'booking_id')::uuid) end,
    'board', case
      when board is not null then
        task_board((board ->> 'tonight')::timestamptz, (board ->> 'person')::uuid, (board ->> 'unassigned')::boolean)
    end
  );
end
$$;
comment on function public.change_task(uuid, jsonb, jsonb, jsonb, boolean) is
  'Gives a status or a person to a task that still has the one that was seen, or with an empty change nothing: {written, refusal, task, page, board}, the page as booking_page has it if the task is shown there, the board as task_board has it if it is asked for.';
revoke all on function public.change_task(uuid, jsonb, jsonb, jsonb, boolean) from public, anon;
grant execute on function public.change_task(uuid, jsonb, jsonb, jsonb, boolean) to authenticated;

create function public.add_task(
  booking_reference text, its_title text, due timestamptz, person uuid, for_the_agent boolean
) returns jsonb
  language sql
  set search_path = public, pg_temp
as $$
  insert into tasks (booking_id, title, due_date, assigned_to)
  select bookings.id, its_title, due, case when for_the_agent then bookings.assigned_agent else person end
  from bookings
  where bookings.reference = booking_reference
  returning to_jsonb(tasks)
$$;
comment on function public.add_task(text, text, timestamptz, uuid, boolean) is
  'Adds a task to the booking of that reference, for its agent or for the person: the task; null where the caller sees no such booking.';
revoke all on function public.add_task(text, text, timestamptz, uuid, boolean) from public, anon;
grant execute on function public.add_task(text, text, timestamptz, uuid, boolean) to authenticated;
