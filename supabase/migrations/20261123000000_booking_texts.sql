-- What a booking is found by, in one table with one index: a search for "asha leela" looks for one word in the client and
-- for the other in the booking, and no index spans two tables.

set lock_timeout = '5s';
set statement_timeout = '10min';

create table private.booking_texts (
  booking_id uuid primary key references public.bookings on delete cascade,
  reference text collate "C" not null,
  headline text not null,
  person text not null,
  phone text collate "C"
);
comment on table private.booking_texts is 'The words of a booking and its client. Triggers keep them; private.pick_bookings alone reads them.';
comment on column private.booking_texts.person is 'The client''s name and e-mail address, on a line each.';

create function private.keep_booking_text() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  insert into private.booking_texts (booking_id, reference, headline, person, phone)
  select
    bookings.id,
    bookings.reference,
    private.booking_headline(bookings.details),
    concat_ws(e'\n', clients.name, clients.email),
    clients.phone
  from bookings
  join clients on clients.id = bookings.client_id
  where bookings.id = new.id
  on conflict (booking_id) do update set
    reference = excluded.reference,
    headline = excluded.headline,
    person = excluded.person,
    phone = excluded.phone;
  return null;
end
$$;
comment on function private.keep_booking_text() is 'Notes what a booking is found by.';
revoke all on function private.keep_booking_text() from public;

create function private.keep_client_text() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  update private.booking_texts set
    person = concat_ws(e'\n', new.name, new.email),
    phone = new.phone
  from bookings
  where bookings.client_id = new.id and booking_texts.booking_id = bookings.id;
  return null;
end
$$;
comment on function private.keep_client_text() is 'Lets a client''s bookings be found by their new name, address and phone.';
revoke all on function private.keep_client_text() from public;

insert into private.booking_texts (booking_id, reference, headline, person, phone)
select
  bookings.id,
  bookings.reference,
  private.booking_headline(bookings.details),
  concat_ws(e'\n', clients.name, clients.email),
  clients.phone
from public.bookings
join public.clients on clients.id = bookings.client_id;

create index booking_texts_search_idx on private.booking_texts using gin (
  headline extensions.gin_trgm_ops,
  person extensions.gin_trgm_ops,
  reference extensions.gin_trgm_ops,
  phone extensions.gin_trgm_ops
);
-- It answered the same for the booking's own words.
drop index public.bookings_search_idx;

create trigger after_5_keep_text
  after insert on public.bookings
  for each row execute function private.keep_booking_text();
create trigger after_5_keep_changed_text
  after update on public.bookings
  for each row when (new.details is distinct from old.details or new.client_id <> old.client_id)
  execute function private.keep_booking_text();
create trigger after_3_keep_text
  after update on public.clients
  for each row when ((new.name, new.email, new.phone) is distinct from (old.name, old.email, old.phone))
  execute function private.keep_client_text();
