"""A part of a staff page: the question that the database answers, and how the same is read off the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from roamio_web.formatters import label
from roamio_web.models.booking import Purpose

Rows = list[list[Any]]


@dataclass(frozen=True)
class Reader:
    """Whose page it is."""

    role: str
    id: str

    @property
    def values(self) -> dict[str, Any]:
        """What the questions ask for; ``agent`` is None for one who sees everybody's."""
        return {
            "me": self.id,
            "agent": self.id if self.role == "operations" else None,
            "admin": self.role == "admin",
            "finance": self.role == "finance",
            "reads": self.role != "viewer",
            "works": self.role in ("admin", "operations"),
        }


def in_words(rows: Rows) -> Rows:
    """A booking without a headline is called by its purpose."""
    purposes = {str(purpose) for purpose in Purpose}
    return [[label(value) if value in purposes else value for value in row] for row in rows]


@dataclass(frozen=True)
class Part:
    """``asked`` is SQL, ``seen`` a JavaScript expression over ``HELPERS``; both give rows in order."""

    asked: str
    seen: str
    words: Callable[[Rows], Rows] = in_words


Kind = dict[str, Part]


def moment(value: str) -> str:
    """A time as ``at`` reads it off the page: milliseconds since 1970."""
    return f"floor(extract(epoch from {value}) * 1000)::bigint"


MINE = "(%(agent)s::uuid is null or b.assigned_agent = %(agent)s)"
MY_TASK = "(%(agent)s::uuid is null or t.assigned_to = %(agent)s)"
OPEN = "b.status in ('pending', 'confirmed', 'in_progress')"
START = "private.details_time(b.details, 'starts_at')"
HEADLINE = "coalesce(nullif(private.booking_headline(b.details), ''), b.purpose::text)"
OVERDUE = "(t.status <> 'done' and t.due_date < now())"
TODAY = "(now() at time zone 'Asia/Kolkata')::date"

HELPERS = """
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const text = node => node?.textContent.trim() ?? "";
const at = node => {
  const time = node?.querySelector("time");
  return time ? Date.parse(time.dateTime) : null;
};
const tag = node => node.querySelector(".tag:not(.tag--overdue)").className.replace("tag tag--", "");
const late = node => !!node.querySelector(".tag--overdue");
const last = address => address.split("/").at(-1);
const listed = name => all(`[aria-labelledby=${name}-title] .shortlist__row`).map(row => {
  const link = row.querySelector("a");
  return [last(link.href), tag(row), text(link), at(row)];
});
const numbers = (row, cells) => [text(row.querySelector("th")), ...cells.map(cell => +text(cell))];
const counted = table => all("tbody tr, tfoot tr", table).map(row => numbers(row, all("td", row)));
const withWhom = node => text(node).match(/ · with (.*)$/)?.[1] ?? "";
const person = node =>
  all(".task__about > .quiet", node).map(text).filter(words => !words.startsWith("due ")).join();
"""
