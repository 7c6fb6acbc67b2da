-- A number in a booking's details may be thousands of digits long, and not everybody can read one: one such booking would
-- keep the pages that show it, the audit log too, from everybody.

set lock_timeout = '5s';
set statement_timeout = '60s';

create or replace function private.check_details() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  written constant text := new.details::text;
  key text;
begin
  if jsonb_typeof(new.details) is distinct from 'object' then
    perform private.refuse('The details of a booking must be an object.', 'details', '22023');
  end if;
  if octet_length(written) > 65536 then
    perform private.refuse('The details of a booking can''t be larger than 64 KB.', 'details', '22023');
  end if;
  -- The details themselves are the first level; a container on the fifth is one too many.
  if jsonb_path_exists(new.details, 'strict $.**{4} ? (@.type() == "object" || @.type() == "array")') then
    perform private.refuse('The details of a booking can''t be nested deeper than four levels.', 'details', '22023');
  end if;
  -- Postgres writes numbers out in full: one of such a length shows in the text, and hardly anything else does.
  if written ~ '[0-9.]{20}' then
    if exists (
      select from jsonb_path_query(new.details, 'strict $.** ? (@.type() == "number")') as given
      where length(given::text) > 20
    ) then
      perform private.refuse(
        'A number in the details of a booking can''t be longer than 20 characters.', 'details', '22023'
      );
    end if;
  end if;
  foreach key in array array['starts_at', 'ends_at', 'returns_at'] loop
    if new.details ->> key is not null and private.details_time(new.details, key) is null then
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
comment on function private.check_details() is
  'Refuses details that are no object, too large, too deep, or whose numbers are too long or times can''t be read.';
