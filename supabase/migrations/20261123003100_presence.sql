-- Who else is looking at a booking: Realtime presence on the private topic booking:<uuid>. Those who work on bookings
-- join it, an admin any and an agent their own; finance reads bookings, but not the names of colleagues.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.booking_of_topic() returns uuid
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select substring(realtime.topic() from '^booking:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$')::uuid
$$;
comment on function private.booking_of_topic() is 'The booking whose topic is being joined; null for any other topic.';
revoke all on function private.booking_of_topic() from public;
grant execute on function private.booking_of_topic() to authenticated;

drop policy "Staff listen to their own topic and to that of their role" on realtime.messages;

-- Realtime asks for broadcast and for presence when somebody joins; on a booking's topic nobody may broadcast.
create policy "Staff listen to their own topics and to those of their bookings"
  on realtime.messages for select to authenticated
  using (
    (
      extension = 'broadcast'
      and (
        (
          (select private.staff_role()) is not null
          and (select realtime.topic()) = 'staff:' || (select auth.uid())
        )
        or (
          (select private.staff_role()) in ('admin', 'finance', 'viewer')
          and (select realtime.topic()) = 'role:' || (select private.staff_role())
        )
      )
    )
    or (
      extension in ('broadcast', 'presence')
      and (select private.staff_role()) in ('admin', 'operations')
      and exists (select from public.bookings where bookings.id = (select private.booking_of_topic()))
    )
  );

create policy "Staff say that they are looking at a booking that is theirs"
  on realtime.messages for insert to authenticated
  with check (
    extension = 'presence'
    and (select private.staff_role()) in ('admin', 'operations')
    and exists (select from public.bookings where bookings.id = (select private.booking_of_topic()))
  );
