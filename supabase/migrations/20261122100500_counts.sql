-- Counts that don't scan: every change of a booking adds a small row, and now and then the rows are summed up. Nobody
-- waits for anybody else's count.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table private.booking_counts (
  id uuid primary key default gen_random_uuid(),
  purpose public.booking_purpose not null,
  status public.booking_status not null,
  bookings bigint not null
);
comment on table private.booking_counts is 'The sum of these rows is how many bookings there are of each purpose in each status.';

insert into private.booking_counts (purpose, status, bookings)
select purpose, status, count(*) from public.bookings group by purpose, status;

create function private.sum_up_counts() returns void
  language sql
  security definer
  set search_path = public, pg_temp
as $$
  with gone as (
    delete from private.booking_counts
    where id in (select id from private.booking_counts for update skip locked)
    returning *
  )
  insert into private.booking_counts (purpose, status, bookings)
  select purpose, status, sum(bookings) from gone group by purpose, status having sum(bookings) <> 0
$$;
comment on function private.sum_up_counts() is 'Makes one row of many, leaving alone what others are writing.';
revoke all on function private.sum_up_counts() from public;

create function private.count_booking() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if tg_op <> 'INSERT' then
    insert into private.booking_counts (purpose, status, bookings) values (old.purpose, old.status, -1);
  end if;
  if tg_op <> 'DELETE' then
    insert into private.booking_counts (purpose, status, bookings) values (new.purpose, new.status, 1);
  end if;
  if random() < 0.005 then
    perform private.sum_up_counts();
  end if;
  return null;
end
$$;
comment on function private.count_booking() is 'Keeps the counts in step, and short.';
revoke all on function private.count_booking() from public;

create trigger after_5_count
  after insert or delete on public.bookings
  for each row execute function private.count_booking();
create trigger after_5_count_change
  after update on public.bookings
  for each row when (new.purpose is distinct from old.purpose or new.status is distinct from old.status)
  execute function private.count_booking();

create or replace function private.count_bookings()
  returns table (purpose public.booking_purpose, status public.booking_status, bookings bigint)
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  select purpose, status, sum(bookings)::bigint
  from private.booking_counts
  where (select private.staff_role()) is not null
  group by purpose, status
  having sum(bookings) <> 0
$$;
