-- What the tasks page asks for in one round trip: what is due for the caller by tonight, and the board.

set lock_timeout = '5s';
set statement_timeout = '60s';

-- A column shows what is most urgent, and says how much there is; nobody reads a thousand cards.
create function public.task_board(tonight timestamptz, person uuid default null, unassigned boolean default false)
  returns jsonb
  language sql
  stable
  set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'day', coalesce(
      (
        select jsonb_agg(to_jsonb(mine) order by mine.due_date, mine.id)
        from (
          select * from task_rows
          where assigned_to = (select auth.uid()) and status <> 'done' and due_date < tonight
          order by due_date, id
          limit 50
        ) as mine
      ),
      '[]'
    ),
    'unfinished', coalesce(
      (
        select jsonb_agg(to_jsonb(task) order by task.due_date, task.id)
        from unnest(array['open', 'in_progress', 'blocked']::task_status[]) as board (stage)
        cross join lateral (
          select * from task_rows
          where status = board.stage
            and (person is null or assigned_to = person)
            and (not unassigned or assigned_to is null)
          order by due_date, id
          limit 50
        ) as task
      ),
      '[]'
    ),
    'done', coalesce(
      (
        select jsonb_agg(to_jsonb(task) order by task.due_date desc nulls last, task.id)
        from (
          select * from task_rows
          where status = 'done'
            and (person is null or assigned_to = person)
            and (not unassigned or assigned_to is null)
          order by due_date desc nulls last, id
          limit 20
        ) as task
      ),
      '[]'
    ),
    'counts', coalesce(
      (
        select jsonb_object_agg(counted.status, counted.tasks)
        from (
          select status, count(*) as tasks from tasks
          where status <> 'done'
            and (person is null or assigned_to = person)
            and (not unassigned or assigned_to is null)
          group by status
        ) as counted
      ),
      '{}'
    )
  )
$$;
comment on function public.task_board(timestamptz, uuid, boolean) is
  '{day, unfinished, done, counts}: the caller''s tasks that are due before tonight, and the board of everybody''s, one person''s or nobody''s tasks.';
revoke all on function public.task_board(timestamptz, uuid, boolean) from public, anon;
grant execute on function public.task_board(timestamptz, uuid, boolean) to authenticated;
