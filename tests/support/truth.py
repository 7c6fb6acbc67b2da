"""What an open staff page should show, asked of the database itself, and what it does, off the screen."""

from __future__ import annotations

from playwright.sync_api import Page
from psycopg.rows import tuple_row

from roamio_web.formatters import phone
from tests.support.factories import Database
from tests.support.parts import (
    HEADLINE,
    HELPERS,
    MINE,
    MY_TASK,
    OPEN,
    OVERDUE,
    START,
    TODAY,
    Kind,
    Part,
    Reader,
    Rows,
    moment,
)
from tests.support.truth_of_overview import OVERVIEW
from tests.support.truth_of_records import BOOKING, CLIENT_PAGE

UNFINISHED = f"tasks t where t.booking_id = b.id and t.status <> 'done' and {MY_TASK}"
BOOKINGS = f"""
select
  b.id::text,
  b.status::text,
  {HEADLINE},
  {moment(START)},
  case when %(admin)s then coalesce(a.full_name, 'Nobody yet') else '' end,
  case when %(finance)s then '' else c.name end,
  case when %(finance)s then 0 else (select count(*) from {UNFINISHED}) end,
  %(works)s and {OPEN} and exists (select from {UNFINISHED} and {OVERDUE}),
  {moment("b.created_at")}
from bookings b
left join clients c on c.id = b.client_id
left join profiles a on a.id = b.assigned_agent
where {MINE}
order by b.created_at desc, b.id desc
limit 50
"""
ABOUT_TASK = f"case when {MINE} then coalesce(private.booking_headline(b.details), '') else '' end"
DAY = f"""
select t.id::text, t.title, {OVERDUE}, {moment("t.due_date")}, {ABOUT_TASK}
from tasks t join bookings b on b.id = t.booking_id
where t.assigned_to = %(me)s and t.status <> 'done'
  and t.due_date < ({TODAY} + 1)::timestamp at time zone 'Asia/Kolkata'
order by t.due_date, t.id
limit 50
"""
CARDS = f"""
select
  t.id::text, t.status::text, t.title, {ABOUT_TASK},
  case
    when {OVERDUE} then 'Overdue'
    when t.status <> 'done' and (t.due_date at time zone 'Asia/Kolkata')::date = {TODAY} then 'Today'
    else ''
  end,
  {moment("t.due_date")},
  case when %(admin)s then coalesce(a.full_name, 'Nobody yet') else '' end
from (
  select t.*, row_number() over (
    partition by t.status
    order by case when t.status <> 'done' then t.due_date end,
      case when t.status = 'done' then t.due_date end desc nulls last, t.id
  ) as place
  from tasks t where {MY_TASK}
) as t
join bookings b on b.id = t.booking_id
left join profiles a on a.id = t.assigned_to
where t.place <= case when t.status = 'done' then 20 else 50 end
order by array_position('{{open,in_progress,blocked,done}}'::task_status[], t.status), t.place
"""
COLUMNS = f"""
select (select count(*) from tasks t where t.status = stage and {MY_TASK})
from unnest('{{open,in_progress,blocked}}'::task_status[]) with ordinality as board (stage, place)
order by place
"""
CLIENTS = f"""
select c.id::text, c.name, coalesce(c.email, '–'), coalesce(c.phone, '–'), count(b.id),
  {moment("max(b.created_at)")}
from clients c left join bookings b on b.client_id = c.id and {MINE}
group by c.id having %(agent)s::uuid is null or count(b.id) > 0
order by c.created_at desc, c.id desc
limit 50
"""


def _phones(rows: Rows) -> Rows:
    return [[*row[:3], phone(row[3]), *row[4:]] for row in rows]


KINDS: dict[str, Kind] = {
    "bookings": {
        "rows": Part(
            BOOKINGS,
            """all("#booking-rows > tr").map(row => {
              const cell = name => row.querySelector(`[data-label=${name}]`);
              return [
                row.id.replace("booking-", ""), tag(row), text(row.querySelector(".row__link")),
                at(cell("Starts")),
                text(cell("Agent")), text(cell("Client")?.firstChild), parseInt(text(cell("Tasks"))) || 0,
                !!row.querySelector(".row__tasks--overdue"), at(cell("Received")),
              ];
            })""",
        )
    },
    "overview": OVERVIEW,
    "tasks": {
        "my day": Part(
            DAY,
            """all("#tasks .tasks--day > li").map(task => [
              task.id.replace("day-", ""), text(task.querySelector(".task__title")), late(task), at(task),
              text(task.querySelector(".quiet")).split(" · ").slice(1).join(" · "),
            ])""",
        ),
        "cards": Part(
            CARDS,
            """all(".board__column").flatMap(column => all(".card-task", column).map(card => [
              card.id.replace("task-", ""), column.id.replace("column-", ""),
              text(card.querySelector(".card-task__title")), text(card.querySelector(".card-task__about")),
              text(card.querySelector(".task__about .tag")), at(card), person(card),
            ]))""",
        ),
        "counts": Part(COLUMNS, "all('.board__count').map(count => [+text(count)])"),
    },
    "clients": {
        "rows": Part(
            CLIENTS,
            """all("#clients tbody > tr").map(row => [
              row.id.replace("client-", ""), text(row.querySelector(".row__link")),
              text(row.querySelector("[data-label=E-mail]")), text(row.querySelector("[data-label=Phone]")),
              +text(row.querySelector("[data-label=Bookings]")), at(row),
            ])""",
            _phones,
        )
    },
    "client": CLIENT_PAGE,
    "booking": BOOKING,
}


def in_database(database: Database, kind: str, reader: Reader, record: str | None = None) -> dict[str, Rows]:
    """The rows of each part that the page should show."""
    values = reader.values | {"id": record}
    found = {}
    for name, part in KINDS[kind].items():
        with database.cursor(row_factory=tuple_row) as cursor:
            rows = cursor.execute(part.asked, values).fetchall()
        found[name] = part.words([list(row) for row in rows])
    return found


def on_screen(page: Page, kind: str) -> dict[str, Rows]:
    """The rows of each part that the page shows."""
    parts = ", ".join(f"{name!r}: {part.seen}" for name, part in KINDS[kind].items())
    rows: dict[str, Rows] = page.evaluate(f"() => {{ {HELPERS} return {{ {parts} }}; }}")
    return rows
