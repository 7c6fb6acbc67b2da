-- Ceilings for the website's bookings: for one contact, and for all together. The site has limits of its own
-- (ROAMIO_BOOKING_RATE); these hold for whoever calls the API directly.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table private.ceilings (
  subject text primary key,
  arrivals bigint not null check (arrivals > 0),
  per interval not null check (per > interval '0')
);
comment on table private.ceilings is
  'How many website bookings may come in. An operator changes it: update private.ceilings set arrivals = 1200 where subject = ''website''.';

insert into private.ceilings (subject, arrivals, per) values
  ('contact', 20, interval '1 hour'),
  ('website', 600, interval '1 minute');

create table private.arrivals (
  subject text primary key,
  since timestamptz not null,
  arrivals bigint not null
);
comment on table private.arrivals is
  'How many website bookings came in since when: for each contact (as a hash, no address is kept) and for all.';

create index arrivals_since_idx on private.arrivals (since);

-- Counts inside the booking's own transaction: what is refused or fails does not count, and two that arrive at the same
-- time are counted one after the other.
create function private.count_arrival(its_subject text, ceiling private.ceilings) returns interval
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  wait interval;
begin
  insert into private.arrivals as known (subject, since, arrivals)
  values (its_subject, now(), 1)
  on conflict (subject) do update set
    arrivals = case when known.since > now() - ceiling.per then known.arrivals + 1 else 1 end,
    since = case when known.since > now() - ceiling.per then known.since else now() end
  returning case when known.arrivals > ceiling.arrivals then known.since + ceiling.per - now() end into wait;
  return wait;
end
$$;
comment on function private.count_arrival(text, private.ceilings) is 'Counts one more; how long to wait when that is too many, else null.';
revoke all on function private.count_arrival(text, private.ceilings) from public;

create function private.refuse_for_now(sentence text, field text, wait interval) returns void
  language plpgsql
  set search_path = public, pg_temp
as $$
begin
  -- PostgREST answers PT429 with HTTP status 429.
  raise exception using
    errcode = 'PT429', message = sentence, detail = field, hint = ceil(extract(epoch from wait))::int::text;
end
$$;
comment on function private.refuse_for_now(text, text, interval) is 'Refuses until later; the hint says in how many seconds.';
revoke all on function private.refuse_for_now(text, text, interval) from public;

create function private.forget_arrivals() returns void
  language sql
  security definer
  set search_path = public, pg_temp
as $$
  delete from private.arrivals
  where subject in (
    select stale.subject from private.arrivals as stale
    where stale.since < now() - (select max(per) from private.ceilings)
    order by stale.since limit 500
    for update skip locked
  )
$$;
comment on function private.forget_arrivals() is 'Deletes what is too old to count.';
revoke all on function private.forget_arrivals() from public;

create function private.keep_ceilings() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  ceiling private.ceilings;
  its_subject text;
  wait interval;
begin
  select * into ceiling from private.ceilings where subject = 'contact';
  if found then
    -- In one order for everybody, so that two bookings can't wait for one another.
    for its_subject in
      select 'contact:' || encode(sha256(convert_to(lower(address), 'UTF8')), 'hex')
      from clients, unnest(array[clients.email, clients.phone]) as address
      where clients.id = new.client_id and address is not null
      order by 1
    loop
      wait := private.count_arrival(its_subject, ceiling);
      if wait is not null then
        perform private.refuse_for_now(
          'Too many bookings with this e-mail address or phone number. Try again later.', 'contact', wait
        );
      end if;
    end loop;
  end if;
  -- Last, since everybody waits for this one until the booking is committed.
  select * into ceiling from private.ceilings where subject = 'website';
  if found then
    wait := private.count_arrival('website', ceiling);
    if wait is not null then
      perform private.refuse_for_now(
        'Too many bookings are coming in just now. Try again in a minute.', 'website', wait
      );
    end if;
  end if;
  if random() < 0.01 then
    perform private.forget_arrivals();
  end if;
  return new;
end
$$;
comment on function private.keep_ceilings() is 'Refuses a website booking that is one too many.';
revoke all on function private.keep_ceilings() from public;

create trigger before_7_keep_ceilings
  before insert on public.bookings
  for each row when (current_user = 'anon')
  execute function private.keep_ceilings();
