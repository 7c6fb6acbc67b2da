-- Internal notes on a booking: what staff tell each other about it. A note stays as it was written; whoever wrote it may
-- take it back.

set lock_timeout = '5s';
set statement_timeout = '60s';

create table public.booking_notes (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default clock_timestamp(),
  booking_id uuid not null references public.bookings on delete cascade,
  author uuid default auth.uid() references public.profiles on delete set null,
  -- Agents can't read the profiles of others, and a note outlives its author's account.
  author_name text not null default '',
  body text not null,
  -- As in roamio_web/forms/notes.py.
  constraint booking_notes_body_is_given check (body ~ '\S' and char_length(body) <= 4000)
);
comment on table public.booking_notes is 'What staff tell each other about a booking; never changed, and deleted by their author alone.';
comment on column public.booking_notes.author_name is 'What the author was called when they wrote it.';

create index booking_notes_booking_id_idx on public.booking_notes (booking_id, created_at);
create index booking_notes_author_idx on public.booking_notes (author);

revoke all on table public.booking_notes from anon, authenticated, service_role;
grant select, delete on table public.booking_notes to authenticated;
grant insert (id, booking_id, body) on table public.booking_notes to authenticated;
grant select, insert, delete on table public.booking_notes to service_role;

alter table public.booking_notes enable row level security;

create policy "Agents read the notes on their bookings and an admin reads all"
  on public.booking_notes for select to authenticated
  using (
    (select private.staff_role()) = 'admin'
    or (
      (select private.staff_role()) = 'operations'
      and exists (
        select from public.bookings
        where bookings.id = booking_notes.booking_id and bookings.assigned_agent = (select auth.uid())
      )
    )
  );

create policy "Agents write notes on their bookings and an admin on any"
  on public.booking_notes for insert to authenticated
  with check (
    author = (select auth.uid())
    and (
      (select private.staff_role()) = 'admin'
      or (
        (select private.staff_role()) = 'operations'
        and exists (
          select from public.bookings
          where bookings.id = booking_notes.booking_id and bookings.assigned_agent = (select auth.uid())
        )
      )
    )
  );

create policy "Authors delete their notes while they may read them"
  on public.booking_notes for delete to authenticated
  using (
    author = (select auth.uid())
    and (
      (select private.staff_role()) = 'admin'
      or (
        (select private.staff_role()) = 'operations'
        and exists (
          select from public.bookings
          where bookings.id = booking_notes.booking_id and bookings.assigned_agent = (select auth.uid())
        )
      )
    )
  );

create function private.sign_note() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
begin
  new.author_name := coalesce(
    (select coalesce(nullif(full_name, ''), email) from profiles where id = new.author), ''
  );
  return new;
end
$$;
comment on function private.sign_note() is 'Puts the author''s name under a note.';
revoke all on function private.sign_note() from public;

create trigger before_1_sign
  before insert on public.booking_notes
  for each row execute function private.sign_note();

create or replace function private.record_change() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  -- The log has these in columns of its own, or they follow from them.
  left_out constant text[] := array['id', 'created_at', 'updated_at', 'reference'];
  was constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - left_out end;
  becomes constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - left_out end;
  record constant jsonb := coalesce(becomes, was);
  metadata jsonb := jsonb_build_object('changes', private.changes_between(was, becomes));
begin
  if metadata -> 'changes' = '{}' then
    return null;
  end if;
  case tg_table_name
    when 'tasks' then
      metadata := metadata || jsonb_build_object('booking_id', record -> 'booking_id', 'title', record -> 'title');
    when 'booking_notes' then metadata := metadata || jsonb_build_object('booking_id', record -> 'booking_id');
    when 'invitations' then metadata := metadata || jsonb_build_object('email', record -> 'email');
    when 'assignment_rules' then
      metadata := metadata || jsonb_build_object('purpose', record -> 'purpose', 'agent', record -> 'agent');
    else null;
  end case;
  insert into audit_logs (table_name, record_id, action, actor, metadata)
  values (
    tg_table_name,
    case tg_op when 'DELETE' then old.id else new.id end,
    tg_op::audit_action,
    coalesce((select auth.uid())::text, 'system'),
    metadata
  );
  return null;
end
$$;

create trigger after_1_audit
  after insert or update or delete on public.booking_notes
  for each row execute function private.record_change();

create function private.tell_of_note() returns trigger
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  note constant booking_notes := case tg_op when 'DELETE' then old else new end;
  -- Whoever hears it reads the booking again, as far as they may: the message carries no word of the note.
  payload constant jsonb := jsonb_build_object('kind', tg_op, 'id', note.id, 'booking_id', note.booking_id);
  agent uuid;
begin
  select assigned_agent into agent from bookings where id = note.booking_id;
  if not found then
    return null;
  end if;
  perform private.tell('role:admin', 'note', payload);
  if private.is_agent(agent) then
    perform private.tell('staff:' || agent, 'note', payload);
  end if;
  return null;
end
$$;
comment on function private.tell_of_note() is 'Tells those who may read a note that it came or went.';
revoke all on function private.tell_of_note() from public;

create trigger after_2_tell
  after insert or delete on public.booking_notes
  for each row execute function private.tell_of_note();

create or replace function public.booking_page(booking uuid) returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'row', to_jsonb(booking_rows),
    'details', bookings.details,
    'client', (select to_jsonb(clients) from clients where clients.id = bookings.client_id),
    'others', coalesce(
      (
        select jsonb_agg(to_jsonb(other) order by other.created_at desc, other.id)
        from (
          select * from booking_rows
          where booking_rows.client_id = bookings.client_id and booking_rows.id <> bookings.id
          order by booking_rows.created_at desc
          limit 5
        ) as other
      ),
      '[]'
    ),
    'tasks', coalesce(
      (
        select jsonb_agg(to_jsonb(task_rows) order by task_rows.status = 'done', task_rows.due_date, task_rows.id)
        from task_rows where task_rows.booking_id = bookings.id
      ),
      '[]'
    ),
    'notes', coalesce(
      (
        select jsonb_agg(to_jsonb(booking_notes) order by booking_notes.created_at, booking_notes.id)
        from booking_notes where booking_notes.booking_id = bookings.id
      ),
      '[]'
    ),
    'history', coalesce(
      (
        select jsonb_agg(to_jsonb(timeline) order by timeline.created_at, timeline.id)
        from booking_timeline(bookings.id) as timeline
      ),
      '[]'
    ),
    'agents', coalesce((select jsonb_agg(to_jsonb(agents)) from staff_agents() as agents), '[]')
  )
  from bookings
  join booking_rows on booking_rows.id = bookings.id
  where bookings.id = booking
$$;
comment on function public.booking_page(uuid) is
  '{row, details, client, others, tasks, notes, history, agents} of one booking, as far as the caller may see them; null when not at all.';
