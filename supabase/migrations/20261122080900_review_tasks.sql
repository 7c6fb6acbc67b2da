-- Work follows bookings: each new one gets a review task, and tasks move with the booking.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- roamio_web/models/offer.py promises travellers the same times.
create function private.time_to_review(purpose public.booking_purpose) returns interval
  language plpgsql
  immutable
  set search_path = public, pg_temp
as $$
begin
  return case
    when purpose = 'cab' then interval '1 hour'
    when purpose in ('medical', 'hotel', 'logistics') then interval '4 hours'
    else interval '1 day'
  end;
end
$$;
comment on function private.time_to_review(public.booking_purpose) is 'How soon somebody looks at a new booking.';
revoke all on function private.time_to_review(public.booking_purpose) from public;

create function private.add_review_task() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  insert into tasks (created_at, booking_id, title, assigned_to, due_date)
  select
    created_at,
    id,
    format(
      'Review %s booking %s-%s',
      case purpose when 'nri' then 'NRI' else purpose::text end,
      left(reference, 4),
      right(reference, 4)
    ),
    assigned_agent,
    created_at + private.time_to_review(purpose)
  from bookings
  where id = new.id;
  return null;
end
$$;
comment on function private.add_review_task() is 'Gives a new booking its first task, for its agent if it has one.';
revoke all on function private.add_review_task() from public;

create trigger after_4_add_review_task
  after insert on public.bookings
  for each row execute function private.add_review_task();

create function private.hand_over_tasks() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  update tasks set assigned_to = new.assigned_agent
  where booking_id = new.id and status <> 'done' and assigned_to is distinct from new.assigned_agent;
  return null;
end
$$;
comment on function private.hand_over_tasks() is 'Unfinished tasks go along when a booking is handed over.';
revoke all on function private.hand_over_tasks() from public;

create trigger after_4_hand_over_tasks
  after update on public.bookings
  for each row when (new.assigned_agent is distinct from old.assigned_agent)
  execute function private.hand_over_tasks();
