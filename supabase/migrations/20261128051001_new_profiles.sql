-- An admin who adds a profile says whose it is, which role they have and what they are called. When it was made is not
-- theirs to say, and nobody begins as somebody who has left: the grant on the whole table let both be made up.

set lock_timeout = '5s';
set statement_timeout = '60s';

revoke insert on table public.profiles from authenticated;
grant insert (id, role, full_name, email) on table public.profiles to authenticated;
