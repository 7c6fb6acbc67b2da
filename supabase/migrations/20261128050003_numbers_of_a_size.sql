-- A number in a booking's details may be thousands of digits long, and not everybody can read one: one such booking would
-- keep the pages that show it, the audit log too, from everybody.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.refuse_endless_numbers() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  if exists (
    select from jsonb_path_query(new.details, 'strict $.** ? (@.type() == "number")') as given
    where length(given::text) > 20
  ) then
    perform private.refuse(
      'A number in the details of a booking can''t be longer than 20 characters.', 'details', '22023'
    );
  end if;
  return new;
end
$$;
comment on function private.refuse_endless_numbers() is 'Refuses details with a number that is longer than 20 characters.';
revoke all on function private.refuse_endless_numbers() from public;

-- After the check of their size. Postgres writes numbers out in full: a number of such a length shows in the text, and hardly
-- anything else does, so that other bookings cost this one look and no call.
create trigger before_3_refuse_endless_numbers
  before insert or update of details on public.bookings
  for each row when (new.details::text ~ '[0-9.]{20}')
  execute function private.refuse_endless_numbers();
