-- A flood refuses no person: website bookings that look automatic are counted apart, and so are those that came past
-- the website, where it is told apart from whoever else holds the public key.

set lock_timeout = '5s';
set statement_timeout = '60s';

insert into private.ceilings (subject, arrivals, per) values
  ('suspected', 300, interval '1 minute'),
  ('direct', 60, interval '1 minute');

create table private.site_keys (
  key text primary key check (length(key) >= 32),
  created_at timestamptz not null default now()
);
comment on table private.site_keys is
  'What the website vouches for its bookings with: its ROAMIO_SITE_KEY, and while it changes the next one. Without a key here every booking counts as the website''s. An operator sets it: insert into private.site_keys values (''…'').';

-- Not sql, which would plan it again for each booking.
create function private.is_from_the_website(booking uuid, voucher text) returns boolean
  language plpgsql
  stable
  security definer
  set search_path = public, pg_temp
as $$
begin
  return not exists (select from private.site_keys) or exists (
    select from private.site_keys
    where encode(extensions.hmac(booking::text, site_keys.key, 'sha256'), 'hex') = voucher
  );
end
$$;
comment on function private.is_from_the_website(uuid, text) is
  'Whether the website vouches for this booking. The voucher is made of its id, so it serves no other one.';
revoke all on function private.is_from_the_website(uuid, text) from public;

create or replace function private.keep_ceilings() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  ceiling private.ceilings;
  its_subject text;
  lane text;
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
  lane := case
    when not private.is_from_the_website(new.id, new.details #>> '{source,voucher}') then 'direct'
    when new.details #> '{source,suspected}' is not null then 'suspected'
    else 'website'
  end;
  new.details := new.details #- '{source,voucher}';
  -- Last, since everybody in the same lane waits for this one until the booking is committed.
  select * into ceiling from private.ceilings where subject = lane;
  if found then
    wait := private.count_arrival(lane, ceiling);
    if wait is not null then
      perform private.refuse_for_now(
        'Too many bookings are coming in just now. Try again in a minute.', lane, wait
      );
    end if;
  end if;
  if random() < 0.01 then
    perform private.forget_arrivals();
  end if;
  return new;
end
$$;
