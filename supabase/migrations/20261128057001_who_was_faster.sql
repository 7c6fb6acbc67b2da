-- Whoever was overtaken is told by whom: with a task, with several bookings and with a client, as with one booking.
-- The answer that says how things are names whoever made them so, for those who may know it. The log stays with the admins.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.last_change(subject text, record uuid, contested text default null) returns jsonb
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  with latest as (
    select actor, created_at, metadata -> 'changes' as changes
    from audit_logs
    where table_name = subject
      and record_id = record
      and action = 'UPDATE'
      and (contested is null or metadata -> 'changes' ? contested)
    order by created_at desc, id desc
    limit 1
  )
  select jsonb_build_object(
    'table_name', subject,
    'record_id', record,
    'action', 'UPDATE',
    'actor', latest.actor,
    'actor_name', profiles.full_name,
    'created_at', latest.created_at
  )
  from latest
  left join profiles on profiles.id = case when latest.actor <> 'system' then latest.actor::uuid end
  where case (select private.staff_role())
    when 'admin' then true
    -- An agent knows who moved what is theirs and who gave it to them, and of no other change.
    when 'operations' then case subject
      when 'bookings' then exists (
          select from bookings where bookings.id = record and bookings.assigned_agent = (select auth.uid())
        )
        and (latest.changes ? 'status' or latest.changes #>> '{assigned_agent,new}' = (select auth.uid())::text)
      when 'tasks' then exists (
          select from tasks where tasks.id = record and tasks.assigned_to = (select auth.uid())
        )
        and (latest.changes ? 'status' or latest.changes #>> '{assigned_to,new}' = (select auth.uid())::text)
    end
  end
$$;
comment on function private.last_change(text, uuid, text) is
  'Who changed a record last, or a column of it, and when: an entry of the audit log without what changed; null where the caller may not know.';
revoke all on function private.last_change(text, uuid, text) from public;
grant execute on function private.last_change(text, uuid, text) to authenticated;

create or replace function public.change_task(
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
    'latest', case
      when change <> '{}' and not written and refusal is null
        then private.last_change('tasks', task, case when change ? 'status' then 'status' else 'assigned_to' end)
    end,
    'page', case when on_booking then booking_page((its_row ->> 'booking_id')::uuid) end,
    'board', case
      when board is not null then
        task_board((board ->> 'tonight')::timestamptz, (board ->> 'person')::uuid, (board ->> 'unassigned')::boolean)
    end
  );
end
$$;
comment on function public.change_task(uuid, jsonb, jsonb, jsonb, boolean) is
  'Gives a status or a person to a task that still has the one that was seen, or with an empty change nothing: {written, refusal, task, latest, page, board}, latest who was faster, the page as booking_page has it if the task is shown there, the board as task_board has it if it is asked for.';

create or replace function public.change_listed_bookings(chosen jsonb, change jsonb, list jsonb) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  answers jsonb;
begin
  select jsonb_agg(to_jsonb(answer)) into answers from change_bookings(chosen, change) as answer;
  -- Only now, when each is done: who was faster with those that were left.
  select jsonb_agg(
    answer || case
      when (answer ->> 'written')::boolean or answer ->> 'refusal' is not null then '{}'
      else jsonb_build_object('latest', private.last_change('bookings', (answer ->> 'id')::uuid))
    end
  )
  into answers
  from jsonb_array_elements(answers) as answer;
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
comment on function public.change_listed_bookings(jsonb, jsonb, jsonb) is
  '{answers, rows}: what change_bookings answers, with latest, who was faster, for each that it left; and what find_bookings finds afterwards for the arguments in list.';

create or replace function public.change_client(client uuid, seen jsonb, wanted jsonb) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  written boolean := false;
  refusal jsonb;
begin
  begin
    update clients set
      name = wanted ->> 'name',
      email = wanted ->> 'email',
      phone = wanted ->> 'phone',
      country = wanted ->> 'country'
    where id = client
      and name = seen ->> 'name'
      and email is not distinct from seen ->> 'email'
      and phone is not distinct from seen ->> 'phone'
      and country is not distinct from seen ->> 'country';
    written := found;
  exception
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object(
    'written', written,
    'refusal', refusal,
    'page', client_page(client),
    'latest', case when not written and refusal is null then private.last_change('clients', client) end
  );
end
$$;
comment on function public.change_client(uuid, jsonb, jsonb) is
  'Writes {name, email, phone, country} of a client who still is as they were seen: {written, refusal, page, latest}, the page as client_page has it, latest who was faster.';
