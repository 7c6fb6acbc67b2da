"""What an open overview should show: the tiles, the lists, the counts and the tables under the charts."""

from __future__ import annotations

from roamio_web.formatters import label, span
from roamio_web.models.booking import Purpose
from tests.support.parts import HEADLINE, MINE, OPEN, OVERDUE, START, TODAY, Kind, Part, Rows, moment

LISTED = f"select b.id::text, b.status::text, {HEADLINE}, {moment(START)} from bookings b"
TILES = f"""
select tile from (
  select 0 as place, count(*) as tile, %(admin)s as shown
  from bookings b where b.assigned_agent is null and {OPEN}
  union all
  select 1, count(*), %(works)s from tasks t where t.assigned_to = %(me)s and {OVERDUE}
  union all
  select 2 + place, (select count(*) from bookings where status = open.status), true
  from unnest('{{pending,confirmed,in_progress}}'::booking_status[]) with ordinality as open (status, place)
) as tiles
where shown order by place
"""
COUNTS = """
select p.purpose::text, array(
  select count(b.id)::int from unnest(enum_range(null::booking_status)) with ordinality as s (status, place)
  left join bookings b on b.purpose = p.purpose and b.status = s.status
  group by s.place order by s.place
)
from unnest(enum_range(null::booking_purpose)) as p (purpose)
"""
UNASSIGNED = f"""{LISTED}
where %(admin)s and b.assigned_agent is null and {OPEN} order by b.created_at, b.id limit 8"""
STARTS_TODAY = f"""{LISTED}
where %(reads)s and {MINE} and b.status <> 'cancelled' and private.days_ahead(b.details) = 0
order by {START}, b.id limit 100"""
STARTING = (
    f"{LISTED} where %(reads)s and {MINE} and {START} >= now() and {OPEN} order by {START}, b.id limit 8"
)
DUE = f"""
select t.title, {OVERDUE}, {moment("t.due_date")} from tasks t
where %(works)s and t.assigned_to = %(me)s and t.status <> 'done' order by t.due_date, t.id limit 8
"""
RECEIVED = "(b.created_at at time zone 'Asia/Kolkata')::date"
DAYS = f"""
select (select count(*) from bookings b where {RECEIVED} = {TODAY} - days.ago)
from generate_series(0, 29) as days (ago) order by days.ago
"""
PERIODS = f"""
select p.purpose::text, array(
  select (select count(*)::int from bookings b where b.purpose = p.purpose and {RECEIVED} > {TODAY} - days)
  from unnest(array[1, 7, 30]) as days
)
from unnest(enum_range(null::booking_purpose)) as p (purpose)
"""
WAITS = f"""
with recent as (
  select b.purpose, (
    select min(l.created_at) from audit_logs l
    where l.actor <> 'system' and (
      (l.table_name = 'bookings' and l.record_id = b.id)
      or (l.table_name = 'tasks' and l.metadata ->> 'booking_id' = b.id::text)
    )
  ) - b.created_at as waited
  from bookings b where %(works)s and {MINE} and b.created_at >= now() - interval '30 days'
)
select
  purpose::text,
  extract(epoch from percentile_cont(0.5) within group (order by waited))::float,
  extract(epoch from percentile_cont(0.9) within group (order by waited))::float,
  count(*) filter (where waited is null)
from recent group by recent.purpose order by recent.purpose
"""


def _most_first(rows: Rows, by: int | None = None) -> Rows:
    """Counts of each purpose as a table has them, the most frequent first and their sum last."""
    assert [row[0] for row in rows] == list(Purpose)
    ordered = sorted(rows, key=lambda row: -(sum(row[1]) if by is None else row[1][by]))
    table = [[label(purpose), *counts] for purpose, counts in ordered]
    return [
        *table,
        ["All", *(sum(column) for column in zip(*(counts for _, counts in ordered), strict=True))],
    ]


def _with_sums(rows: Rows) -> Rows:
    return [[name, *counts, sum(counts)] for name, *counts in _most_first(rows)]


def _asked_for(rows: Rows) -> Rows:
    return [row for row in _most_first(rows, by=-1) if row[-1]]


def _spans(rows: Rows) -> Rows:
    return [[label(row[0]), *(span(wait) or "–" for wait in row[1:3]), row[3]] for row in rows]


OVERVIEW: Kind = {
    "tiles": Part(TILES, "all('#overview .tile__count').map(tile => [+text(tile)])"),
    "counts": Part(COUNTS, "counted(document.querySelector('#overview .table--counts'))", _with_sums),
    "waiting for an agent": Part(UNASSIGNED, "listed('unassigned')"),
    "today": Part(STARTS_TODAY, "listed('today')"),
    "starting": Part(STARTING, "listed('starting')"),
    "tasks": Part(
        DUE,
        "all('[aria-labelledby=due-title] .task').map(task => "
        "[text(task.querySelector('.task__title')), late(task), at(task)])",
    ),
    "days": Part(DAYS, "all('#charts .chart__table tbody td').map(cell => [+text(cell)])"),
    "periods": Part(
        PERIODS, "counted(document.querySelector('[aria-labelledby=periods-title] table'))", _asked_for
    ),
    "waits": Part(
        WAITS,
        "all('[aria-labelledby=waits-title] tbody tr').map(row => "
        "[text(row.querySelector('th')), ...all('td', row).slice(1, 3).map(text), "
        "+text(row.lastElementChild)])",
        _spans,
    ),
}
