"""What the open page of one booking and of one client should show."""

from __future__ import annotations

from roamio_web.models.change import Change
from roamio_web.sentences import change
from tests.support.parts import HEADLINE, MINE, MY_TASK, OPEN, OVERDUE, START, Kind, Part, Rows, moment

THIS = f"from bookings b left join profiles a on a.id = b.assigned_agent where b.id = %(id)s and {MINE}"
HEAD = f"""
select b.id::text, b.status::text, {HEADLINE}, {moment(START)},
  case when %(works)s then coalesce(a.full_name, '') else '' end
{THIS}
"""
PERSON = f"""
select c.name, coalesce(c.email, ''), coalesce(c.phone, '') from clients c
where c.id in (select b.client_id {THIS}) and %(works)s
"""
OTHERS = f"""
select b.id::text, b.status::text, {HEADLINE}, {moment(START)} from bookings b
where b.client_id in (select b.client_id {THIS}) and b.id <> %(id)s and {MINE} and %(works)s
order by b.created_at desc limit 5
"""
ASSIGNED = f"select 'agent-' || coalesce(b.assigned_agent::text, 'nobody') {THIS} and %(admin)s"
LOADS = f"""
select a.full_name || ' · ' || (
  select count(*) from bookings b where b.assigned_agent = a.id and {OPEN}
) || ' open'
from profiles a where %(admin)s and a.role in ('operations', 'admin') and a.deactivated_at is null
"""
TASKS = f"""
select t.id::text, t.status::text, t.title, {OVERDUE},
  case
    when t.assigned_to is not distinct from b.assigned_agent then ''
    else coalesce(a.full_name, 'nobody yet')
  end
from tasks t join bookings b on b.id = t.booking_id left join profiles a on a.id = t.assigned_to
where t.booking_id = %(id)s and {MINE} and {MY_TASK} and %(works)s
order by t.status = 'done', t.due_date, t.id
"""
NOTES = f"""
select n.id::text, n.body, coalesce(nullif(n.author_name, ''), 'Roamio'), {moment("n.created_at")}
from booking_notes n join bookings b on b.id = n.booking_id
where b.id = %(id)s and {MINE} and %(works)s order by n.created_at desc, n.id
"""
# An agent is told how the status moved and when the booking came to them.
TIMELINE = (
    """
with told as (
  select l.*, case when %(admin)s or l.action <> 'UPDATE' then l.metadata else jsonb_build_object(
    'changes', jsonb_strip_nulls(jsonb_build_object(
      'status', l.metadata #> '{changes,status}',
      'assigned_agent', case when l.metadata #>> '{changes,assigned_agent,new}' = %(me)s
        then l.metadata #> '{changes,assigned_agent}' end
    ))
  ) end as shown
  from audit_logs l
  where %(works)s and (
    (l.table_name = 'bookings' and l.record_id = %(id)s::uuid)
    or (%(admin)s and l.table_name = 'tasks' and l.metadata ->> 'booking_id' = %(id)s::uuid::text)
  )
)
select
  to_jsonb(told) || jsonb_build_object('actor_name', a.full_name, 'metadata', told.shown),
  (
    select jsonb_object_agg(known.id, known.name)
    from (
      select id, full_name as name from profiles where role in ('operations', 'admin')
      union all
      select id, title from tasks where booking_id = %(id)s::uuid
    ) as known
  ),
  """
    + moment("told.created_at")
    + """
from told left join profiles a on a.id::text = told.actor
where told.shown -> 'changes' <> '{}'
order by told.created_at desc, told.id
"""
)

CLIENT = f"""
select c.name, coalesce(c.email, ''), coalesce(c.phone, ''),
  (select count(*) from bookings b where b.client_id = c.id and {MINE})::text
from clients c where c.id = %(id)s
"""
BOOKINGS = f"""
select b.id::text, b.status::text, {HEADLINE}, {moment(START)}, {moment("b.created_at")},
  coalesce(a.full_name, '')
from bookings b left join profiles a on a.id = b.assigned_agent
where b.client_id = %(id)s and {MINE}
order by b.created_at desc, b.id limit 200
"""


def _sentences(rows: Rows) -> Rows:
    found = []
    for row, names, moment_told in rows:
        recorded = Change.from_row(row)
        found.append([change(recorded, names), recorded.by, moment_told])
    return found


def _ways(name: str) -> str:
    return (
        f"[text({name}), text(document.querySelector('.client__ways a[href^=mailto]')), "
        "document.querySelector('.client__ways a[href^=tel]')?.href.replace('tel:', '') ?? '']"
    )


BOOKING: Kind = {
    "head": Part(
        HEAD,
        "[[last(location.pathname), tag(document.querySelector('.booking__head')), "
        "text(document.querySelector('#booking-title')), at(document.querySelector('.booking__when')), "
        "withWhom(document.querySelector('.booking__about'))]]",
    ),
    "client": Part(PERSON, f"all('.client__name').map(name => {_ways('name')})"),
    "others": Part(OTHERS, "listed('others')"),
    "agent": Part(ASSIGNED, "all('#assignment select').map(select => [select.id])"),
    "loads": Part(LOADS, "all('#assignment option[id]').map(option => [text(option)]).sort()", sorted),
    "tasks": Part(
        TASKS,
        "all('#booking-tasks .task').map(task => [task.id.replace('task-', ''), tag(task), "
        "text(task.querySelector('.task__title')), late(task), person(task)])",
    ),
    "notes": Part(
        NOTES,
        "all('.timeline .note').map(note => [note.id.replace('note-', ''), "
        "text(note.querySelector('.note__body')), text(note.querySelector('strong')), at(note)])",
    ),
    "timeline": Part(
        TIMELINE,
        "all('.timeline__item:not(.note)').map(item => [text(item.firstElementChild), "
        "text(item.lastElementChild.firstChild).replace(/,$/, ''), at(item)])",
        _sentences,
    ),
}  # fmt: skip
CLIENT_PAGE: Kind = {
    "head": Part(
        CLIENT,
        "[[..."
        + _ways("document.querySelector('#client h1')")
        + ", text(document.querySelector('#bookings-title .quiet'))]]",
    ),
    "bookings": Part(
        BOOKINGS,
        "all('#client .shortlist__row').map(row => {"
        " const times = all('time', row).map(time => Date.parse(time.dateTime));"
        " return [last(row.querySelector('a').href), tag(row), text(row.querySelector('a')),"
        " times.length > 1 ? times[0] : null, times.at(-1), withWhom(row)]; })",
    ),
}
