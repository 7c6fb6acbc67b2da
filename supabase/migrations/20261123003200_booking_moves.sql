-- An agent sees how their own bookings moved and who moved them. The log itself stays with the admins.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function private.moves_of(booking uuid)
  returns table (
    id uuid,
    created_at timestamptz,
    table_name text,
    record_id uuid,
    action public.audit_action,
    actor text,
    actor_name text,
    metadata jsonb
  )
  language sql
  stable
  security definer
  set search_path = public, pg_temp
as $$
  with moves as (
    select
      audit_logs.*,
      -- The status, and being given it; nothing of whom it was with before.
      jsonb_strip_nulls(
        jsonb_build_object(
          'status', metadata #> '{changes,status}',
          'assigned_agent', case
            when metadata #>> '{changes,assigned_agent,new}' = (select auth.uid())::text
              then jsonb_build_object('new', (select auth.uid()))
          end
        )
      ) as told
    from audit_logs
    where table_name = 'bookings'
      and record_id = booking
      and (select private.staff_role()) = 'operations'
      and exists (
        select from bookings where bookings.id = booking and bookings.assigned_agent = (select auth.uid())
      )
  )
  select
    moves.id,
    moves.created_at,
    moves.table_name,
    moves.record_id,
    moves.action,
    moves.actor,
    profiles.full_name,
    jsonb_build_object('changes', case moves.action when 'UPDATE' then moves.told else '{}' end)
  from moves
  left join profiles on profiles.id = case when moves.actor <> 'system' then moves.actor::uuid end
  where moves.action <> 'UPDATE' or moves.told <> '{}'
$$;
comment on function private.moves_of(uuid) is 'How a booking''s status moved and when it was given to the caller, by whom; for its agent.';
revoke all on function private.moves_of(uuid) from public;
grant execute on function private.moves_of(uuid) to authenticated;

create or replace function public.booking_timeline(booking uuid)
  returns table (
    id uuid,
    created_at timestamptz,
    table_name text,
    record_id uuid,
    action public.audit_action,
    actor text,
    actor_name text,
    metadata jsonb
  )
  language sql
  stable
  set search_path = public, pg_temp
as $$
  with changes as (
    select * from audit_logs where table_name = 'bookings' and record_id = booking
    union all
    select * from audit_logs where table_name = 'tasks' and metadata ->> 'booking_id' = booking::text
  ),
  told as (
    select
      changes.id,
      changes.created_at,
      changes.table_name,
      changes.record_id,
      changes.action,
      changes.actor,
      profiles.full_name as actor_name,
      changes.metadata
    from changes
    left join profiles on profiles.id = case when changes.actor <> 'system' then changes.actor::uuid end
    union all
    select * from private.moves_of(booking)
  )
  select * from told order by told.created_at, told.id
$$;
comment on function public.booking_timeline(uuid) is
  'What happened to a booking, first to last: for an admin with its tasks and every change, for its agent how it moved.';
