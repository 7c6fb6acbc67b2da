-- The website's insert: it gives (id, purpose, details), and the triggers make a client of details.contact and put
-- details.health where it belongs. Nothing that the traveller typed is dropped, and no client that exists is changed.
-- The forms check the same and say it kinder (roamio_web/forms); these are for whoever calls the API directly.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.check_details() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  key text;
begin
  if jsonb_typeof(new.details) is distinct from 'object' then
    perform private.refuse('The details of a booking must be an object.', 'details', '22023');
  end if;
  if octet_length(new.details::text) > 65536 then
    perform private.refuse('The details of a booking can''t be larger than 64 KB.', 'details', '22023');
  end if;
  -- The details themselves are the first level; a container on the fifth is one too many.
  if jsonb_path_exists(new.details, 'strict $.**{4} ? (@.type() == "object" || @.type() == "array")') then
    perform private.refuse('The details of a booking can''t be nested deeper than four levels.', 'details', '22023');
  end if;
  foreach key in array array['starts_at', 'ends_at', 'returns_at'] loop
    if jsonb_typeof(new.details -> key) <> 'null' and private.details_time(new.details, key) is null then
      perform private.refuse(
        format('%s must be a date and time with its offset, such as 2027-01-31T09:30:00+05:30.', key), key, '22023'
      );
    end if;
  end loop;
  if tg_op = 'UPDATE' and new.details ? 'health' then
    perform private.refuse('Health details are kept apart: leave health out of details.', 'health', '22023');
  end if;
  return new;
end
$$;
comment on function private.check_details() is 'Refuses details that are no object, too large, too deep, or whose times can''t be read.';
revoke all on function private.check_details() from public;

create trigger before_3_check_details
  before insert or update of details on public.bookings
  for each row execute function private.check_details();

create function private.contact_text(contact jsonb, key text) returns text
  language plpgsql
  immutable
  set search_path = public, pg_temp
as $$
declare
  given text := nullif(btrim(contact ->> key, e' \t\r\n\u00a0'), '');
begin
  if jsonb_typeof(contact -> key) not in ('string', 'null') or given ~ '[[:cntrl:]]' then
    perform private.refuse(format('The contact''s %s must be plain text on one line.', key), 'contact.' || key, '22023');
  end if;
  return given;
end
$$;
comment on function private.contact_text(jsonb, text) is 'One field of a contact, trimmed; null when it is empty.';
revoke all on function private.contact_text(jsonb, text) from public;

create function private.find_or_add_client(its_name text, its_email text, its_phone text, its_country text)
  returns public.clients
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  client clients;
begin
  loop
    select * into client from clients
    where name = its_name
      and (email = its_email or (email is null and its_email is null))
      and (phone = its_phone or (phone is null and its_phone is null));
    if found then
      return client;
    end if;
    -- Somebody else may add the same person just now: then this waits, adds nothing, and the next round finds them.
    insert into clients (name, email, phone, country)
    values (its_name, its_email, its_phone, its_country)
    on conflict on constraint clients_are_one_person do nothing
    returning * into client;
    if found then
      return client;
    end if;
  end loop;
end
$$;
comment on function private.find_or_add_client(text, text, text, text) is 'The client with exactly this name, e-mail address and phone; added when there is none, never changed.';
revoke all on function private.find_or_add_client(text, text, text, text) from public;

create function private.keep_contact() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  contact jsonb := new.details -> 'contact';
  its_name text;
  its_email text;
  its_phone text;
  its_country text;
  client clients;
begin
  if jsonb_typeof(contact) is distinct from 'object' then
    perform private.refuse('The details of a booking must have a contact: whom to call back.', 'contact', '22023');
  end if;
  its_name := private.contact_text(contact, 'name');
  its_email := private.contact_text(contact, 'email');
  its_phone := private.contact_text(contact, 'phone');
  its_country := private.contact_text(contact, 'country');
  if its_name is null or char_length(its_name) > 200 then
    perform private.refuse('The contact must have a name of at most 200 characters.', 'contact.name', '22023');
  end if;
  if its_email !~ '^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$' or char_length(its_email) > 254 then
    perform private.refuse('The contact''s email is not an e-mail address.', 'contact.email', '22023');
  end if;
  if its_phone !~ '^\+[1-9][0-9]{6,14}$' then
    perform private.refuse(
      'The contact''s phone must be in international form, such as +919812345678.', 'contact.phone', '22023'
    );
  end if;
  if its_email is null and its_phone is null then
    perform private.refuse('The contact must have an e-mail address or a phone number.', 'contact', '22023');
  end if;
  if char_length(its_country) > 60 then
    perform private.refuse('The contact''s country can''t be longer than 60 characters.', 'contact.country', '22023');
  end if;

  client := private.find_or_add_client(its_name, its_email, its_phone, its_country);
  new.client_id := client.id;
  -- What the client's row does not say stays with the booking: other fields, and a country that differs.
  contact := contact - array['name', 'email', 'phone'];
  if its_country is null or its_country = client.country then
    contact := contact - 'country';
  end if;
  new.details := new.details - 'contact';
  if contact <> '{}' then
    new.details := new.details || jsonb_build_object('contact', contact);
  end if;
  return new;
end
$$;
comment on function private.keep_contact() is 'Makes details.contact the booking''s client.';
revoke all on function private.keep_contact() from public;

create trigger before_5_keep_contact
  before insert on public.bookings
  for each row when (new.client_id is null)
  execute function private.keep_contact();

create function private.keep_health() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  health constant jsonb := new.details -> 'health';
begin
  new.details := new.details - 'health';
  if jsonb_typeof(health) not in ('object', 'null') then
    perform private.refuse('The health details of a booking must be an object.', 'health', '22023');
  end if;
  if jsonb_typeof(health) = 'object' and health <> '{}' then
    insert into private.booking_health (booking_id, details, consent)
    values (new.id, health - 'consent', nullif(health -> 'consent', 'null'))
    -- Only for a booking that is there already, and then it is the booking's own key that refuses.
    on conflict (booking_id) do nothing;
  end if;
  return new;
end
$$;
comment on function private.keep_health() is 'Moves details.health to its own table.';
revoke all on function private.keep_health() from public;

create trigger before_6_keep_health
  before insert on public.bookings
  for each row when (new.details ? 'health')
  execute function private.keep_health();
