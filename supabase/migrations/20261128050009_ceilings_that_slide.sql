-- What the website takes in a minute is 600 bookings, all lanes together, and a ceiling holds at every moment: counted from the
-- first of a minute or an hour to its last, nearly twice as many fitted across the edge of two.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- Shares of one total, and each lane keeps its own: a flood in one takes nothing from another, and nobody has to look at the
-- others' rows, for which all lanes would wait for one another. Where an operator has set another number, it stays.
update private.ceilings set arrivals = 480 where subject = 'website' and arrivals = 600;
update private.ceilings set arrivals = 60 where subject = 'suspected' and arrivals = 300;
comment on table private.ceilings is
  'How many website bookings may come in: for each contact, and of all together 600 a minute, of which suspected ones and those past the website have a share of their own. An operator changes it: update private.ceilings set arrivals = 1200 where subject = ''website''.';

alter table private.arrivals add column earlier bigint not null default 0;
comment on column private.arrivals.earlier is 'How many came in during the span before this one; they count less and less.';

create or replace function private.count_arrival(its_subject text, ceiling private.ceilings) returns interval
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
    earlier = case
      when known.since > now() - ceiling.per then known.earlier
      when known.since > now() - ceiling.per * 2 then known.arrivals
      else 0
    end,
    arrivals = case when known.since > now() - ceiling.per then known.arrivals + 1 else 1 end,
    since = case
      when known.since > now() - ceiling.per then known.since
      when known.since > now() - ceiling.per * 2 then known.since + ceiling.per
      else now()
    end
  returning case
    when known.arrivals > ceiling.arrivals then known.since + ceiling.per - now()
    -- Of the span before, the part counts that the last hour, or minute, still reaches into.
    when known.earlier > 0
      and known.arrivals + floor(
        known.earlier * (1 - extract(epoch from now() - known.since) / extract(epoch from ceiling.per))
      ) > ceiling.arrivals
      then known.since - now() + ceiling.per * greatest(
        1 - (ceiling.arrivals - known.arrivals + 1)::float8 / known.earlier, 0
      ) + interval '1 second'
  end into wait;
  return wait;
end
$$;

create or replace function private.forget_arrivals() returns void
  language sql
  security definer
  set search_path = public, pg_temp
as $$
  delete from private.arrivals
  where subject in (
    select stale.subject from private.arrivals as stale
    where stale.since < now() - (select max(per) from private.ceilings) * 2
    order by stale.since limit 500
    for update skip locked
  )
$$;
