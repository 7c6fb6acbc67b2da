-- The people who book. Who may read which of them depends on bookings, so that policy stands with the bookings.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table public.clients (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  name text not null,
  email text,
  phone text,
  country text,
  constraint clients_name_is_given check (char_length(btrim(name)) between 1 and 200),
  constraint clients_email_is_short check (char_length(email) between 3 and 254),
  constraint clients_phone_is_international check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint clients_country_is_short check (char_length(country) between 1 and 60),
  constraint clients_can_be_reached check (email is not null or phone is not null),
  -- The website finds a client by exactly these three; two people who book at once can't make two of one.
  constraint clients_are_one_person unique nulls not distinct (name, email, phone)
);
comment on table public.clients is 'The people who book. An anonymous booking may add one and never changes one.';
comment on column public.clients.phone is 'E.164, such as +919812345678.';

create index clients_email_idx on public.clients (email);
create index clients_newest_idx on public.clients (created_at desc, id desc);
create index clients_search_idx on public.clients using gin (
  name extensions.gin_trgm_ops,
  email extensions.gin_trgm_ops,
  phone extensions.gin_trgm_ops
);

revoke all on table public.clients from anon, authenticated;
grant select, delete on table public.clients to authenticated;
grant insert (name, email, phone, country) on table public.clients to authenticated;
grant update (id, created_at, name, email, phone, country) on table public.clients to authenticated;
grant select, insert, update, delete on table public.clients to service_role;

alter table public.clients enable row level security;

create policy "An admin adds clients"
  on public.clients for insert to authenticated
  with check ((select private.staff_role()) = 'admin');

create policy "An admin changes clients"
  on public.clients for update to authenticated
  using ((select private.staff_role()) = 'admin')
  with check ((select private.staff_role()) = 'admin');

create policy "An admin deletes clients"
  on public.clients for delete to authenticated
  using ((select private.staff_role()) = 'admin');
