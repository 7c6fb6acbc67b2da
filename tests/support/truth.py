"""What an open staff page should show, asked of the database itself, and what it does, off the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from roamio_web.formatters import label
from roamio_web.models.booking import Purpose, Status
from tests.support.factories import Database

Rows = list[list[Any]]


@dataclass(frozen=True)
class Reader:
    """Whose page it is; ``agent`` is the id of one who sees only their own, None of one who sees all."""

    role: str
    agent: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        return {"agent": self.agent, "admin": self.role == "admin", "finance": self.role == "finance"}


MINE = "(%(agent)s::uuid is null or b.assigned_agent = %(agent)s)"
MY_TASK = "(%(agent)s::uuid is null or t.assigned_to = %(agent)s)"

BOOKINGS = f"""
select
  b.id::text,
  b.status::text,
  case when %(admin)s then coalesce(a.full_name, 'Nobody yet') else '' end,
  case when %(finance)s then '' else c.name end,
  case when %(finance)s then 0 else (
    select count(*) from tasks t where t.booking_id = b.id and t.status <> 'done' and {MY_TASK}
  ) end
from bookings b
left join clients c on c.id = b.client_id
left join profiles a on a.id = b.assigned_agent
where {MINE}
order by b.created_at desc, b.id desc
limit 50
"""
OPEN = "b.status in ('pending', 'confirmed', 'in_progress')"
OVERVIEW = f"""
select p.purpose::text, array(
  select count(b.id)::int from unnest(enum_range(null::booking_status)) with ordinality as s (status, place)
  left join bookings b on b.purpose = p.purpose and b.status = s.status
  group by s.place order by s.place
)
from unnest(enum_range(null::booking_purpose)) as p (purpose)
union all
select 'unassigned', array(
  select 1 from bookings b where %(admin)s and b.assigned_agent is null and {OPEN} limit 8
)
"""
TASKS = f"""
select t.id::text, t.status::text, case when %(admin)s then coalesce(a.full_name, 'Nobody yet') else '' end
from (
  select t.*, row_number() over (
    partition by t.status
    order by case when t.status <> 'done' then t.due_date end,
      case when t.status = 'done' then t.due_date end desc nulls last, t.id
  ) as place
  from tasks t where {MY_TASK}
) as t
left join profiles a on a.id = t.assigned_to
where t.place <= case when t.status = 'done' then 20 else 50 end
order by array_position('{{open,in_progress,blocked,done}}'::task_status[], t.status), t.place
"""
CLIENTS = f"""
select
  c.id::text,
  c.name,
  coalesce(c.email, '–'),
  (select count(*) from bookings b where b.client_id = c.id and {MINE})
from clients c
where %(agent)s::uuid is null or exists (select from bookings b where b.client_id = c.id and {MINE})
order by c.created_at desc, c.id desc
limit 50
"""
CLIENT = f"""
select b.id::text, b.status::text, c.name, coalesce(c.email, '–')
from clients c join bookings b on b.client_id = c.id and {MINE}
where c.id = %(id)s
order by b.created_at desc, b.id
"""
BOOKING = f"""
select b.id::text, b.status::text from bookings b where b.id = %(id)s and {MINE}
union all
(select t.id::text, t.status::text from tasks t where t.booking_id = %(id)s and {MY_TASK} order by t.id)
"""

ROWS_OF_BOOKINGS = """() => [...document.querySelectorAll("#booking-rows > tr")].map(row => {
  const cell = name => row.querySelector(`[data-label=${name}]`);
  return [
    row.id.replace("booking-", ""),
    row.querySelector(".tag").className.replace("tag tag--", ""),
    cell("Agent")?.textContent.trim() ?? "",
    cell("Client")?.firstChild?.textContent.trim() ?? "",
    parseInt(cell("Tasks")?.textContent) || 0,
  ];
})"""
COUNTS = """() => [...document.querySelectorAll("#overview .table--counts tbody tr")].map(row =>
  [
    row.querySelector("th").textContent.trim(),
    [...row.querySelectorAll("td")].slice(0, -1).map(cell => +cell.textContent),
  ]
).sort().concat([["unassigned", [...document.querySelectorAll(
  "[aria-labelledby=unassigned-title] .shortlist__row")].map(() => 1)]])"""
CARDS = """() => [...document.querySelectorAll(".board__column")].flatMap(column =>
  [...column.querySelectorAll(".card-task")].map(card => [
    card.id.replace("task-", ""),
    column.id.replace("column-", ""),
    [...card.querySelectorAll(".task__about > .quiet")].map(part => part.textContent.trim())
      .filter(text => !text.startsWith("due ")).join(),
  ]))"""
ROWS_OF_CLIENTS = """() => [...document.querySelectorAll("#clients tbody > tr")].map(row => [
  row.id.replace("client-", ""),
  row.querySelector(".row__link").textContent.trim(),
  row.querySelector("[data-label=E-mail]").textContent.trim(),
  +row.querySelector("[data-label=Bookings]").textContent,
])"""
BOOKINGS_OF_CLIENT = """() => [...document.querySelectorAll("#client .shortlist__row")].map(row => [
  row.querySelector("a").href.split("/").at(-1),
  row.querySelector(".tag").className.replace("tag tag--", ""),
  document.querySelector("#client h1").textContent.trim(),
  document.querySelector("#client a[href^=mailto]")?.textContent.trim() ?? "–",
])"""
BOOKING_AND_TASKS = """() => [
  [location.pathname.split("/").at(-1),
    document.querySelector(".booking__head > .tag").className.replace("tag tag--", "")],
  ...[...document.querySelectorAll("#booking-tasks .task")].map(task => [
    task.id.replace("task-", ""),
    task.querySelector(".task__title").id.split("-").at(-1),
  ]).sort(),
]"""


@dataclass(frozen=True)
class Kind:
    """A kind of page: what the database says of it, and how it is read off the screen."""

    asked: str
    seen: str
    words: Callable[[Rows], Rows] = lambda rows: rows


def _by_purpose(rows: Rows) -> Rows:
    """The counts by the purposes' names, as the page has them, and how many wait for an agent at the end."""
    *counts, unassigned = rows
    assert [row[0] for row in counts] == list(Purpose)
    assert all(len(row[1]) == len(Status) for row in counts)
    return [*sorted([label(purpose), numbers] for purpose, numbers in counts), unassigned]


KINDS = {
    "bookings": Kind(BOOKINGS, ROWS_OF_BOOKINGS),
    "overview": Kind(OVERVIEW, COUNTS, _by_purpose),
    "tasks": Kind(TASKS, CARDS),
    "clients": Kind(CLIENTS, ROWS_OF_CLIENTS),
    "client": Kind(CLIENT, BOOKINGS_OF_CLIENT),
    "booking": Kind(BOOKING, BOOKING_AND_TASKS),
}


def in_database(database: Database, kind: str, reader: Reader, record: str | None = None) -> Rows:
    """The rows that the page should show."""
    found = database.execute(KINDS[kind].asked, {**reader.values, "id": record})
    return KINDS[kind].words([list(row.values()) for row in found])


def on_screen(page: Page, kind: str) -> Rows:
    """The rows that the page shows."""
    rows: Rows = page.evaluate(KINDS[kind].seen)
    return rows
