-- A client who is being made one with another, or deleted, just as they book: the booking waits for that, and then adds
-- them anew. It failed on its foreign key before.

set lock_timeout = '5s';
set statement_timeout = '60s';

create or replace function private.find_or_add_client(its_name text, its_email text, its_phone text, its_country text)
  returns public.clients
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  client clients;
begin
  loop
    -- Somebody else may add the same person just now: then this waits, and adds nothing.
    insert into clients (name, email, phone, country)
    values (its_name, its_email, its_phone, its_country)
    on conflict on constraint clients_are_one_person do nothing
    returning * into client;
    if found then
      return client;
    end if;
    -- A question for each of the cases: with `or` it would read everybody of this name.
    select * into client from clients
    where name = its_name and email = its_email and phone = its_phone
    union all
    select * from clients
    where name = its_name and email = its_email and phone is null and its_phone is null
    union all
    select * from clients
    where name = its_name and email is null and its_email is null and phone = its_phone;
    -- Held as the booking's foreign key will hold it, so that the client stays from here on.
    perform from clients where id = client.id for key share;
    if found then
      return client;
    end if;
  end loop;
end
$$;
