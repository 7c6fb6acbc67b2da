"""Tasks as staff read and move them. Row Level Security decides whose exist for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from supabase import Client

from roamio_web.models.task import BOARD, Task, TaskStatus
from roamio_web.models.task_query import TaskQuery
from roamio_web.models.values import HOME_ZONE, zone_of
from roamio_web.services.failures import NOT_ALLOWED, NotFound, Refused, ServiceError, ask

NOT_FOUND = "This task does not exist, or it is not yours to see."


class Overtaken(ServiceError):
    """Somebody changed the task after this person had read it; nothing was written.

    ``task`` is as it is now.
    """

    def __init__(self, task: Task) -> None:
        super().__init__("Somebody changed this task while you were looking at it.")
        self.task = task


@dataclass(frozen=True)
class Column:
    """One column of the board: its most urgent tasks, and how many there are; None where nobody counted."""

    status: TaskStatus
    tasks: tuple[Task, ...]
    count: int | None

    @property
    def is_cut(self) -> bool:
        """Whether there are more than it shows."""
        return self.count is not None and self.count > len(self.tasks)


@dataclass(frozen=True)
class TaskBoard:
    """What the tasks page shows: what is due for its reader today, and the columns."""

    day: tuple[Task, ...]
    columns: tuple[Column, ...]
    query: TaskQuery

    @property
    def overdue(self) -> int:
        return sum(task.is_overdue for task in self.day)


@dataclass(frozen=True)
class Place:
    """The booking that a new task is for, and who looks after it."""

    booking_id: str
    agent: str | None


def read_board(client: Client, query: TaskQuery) -> TaskBoard:
    """Read the board as this person may see it, in one round trip.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    wanted = {
        "tonight": _end_of_day().isoformat(),
        "person": query.person,
        "unassigned": query.is_unassigned,
    }
    page = ask(client.rpc("task_board", wanted))
    tasks = [Task.from_row(row) for row in (*page["unfinished"], *page["done"])]
    return TaskBoard(
        day=tuple(Task.from_row(row) for row in page["day"]),
        columns=tuple(
            Column(
                status,
                tuple(task for task in tasks if task.status is status),
                None if status is TaskStatus.DONE else page["counts"].get(status, 0),
            )
            for status in BOARD
        ),
        query=query,
    )


def read_task(client: Client, task_id: str) -> Task:
    """Read one task with its booking's reference.

    :raise NotFound: there is none, or it is not this person's to see.
    """
    found = ask(client.table("task_rows").select("*").eq("id", task_id))
    if not found:
        raise NotFound(NOT_FOUND)
    return Task.from_row(found[0])


def find_booking(client: Client, reference: str) -> Place:
    """The booking of that reference, as the database stores it.

    :raise NotFound: there is none, or it is not this person's to see.
    """
    found = ask(client.table("bookings").select("id,assigned_agent").eq("reference", reference))
    if not found:
        raise NotFound("This booking does not exist, or it is not yours to see.")
    return Place(found[0]["id"], found[0]["assigned_agent"])


def add_task(
    client: Client, place: Place, title: str, *, due: datetime | None, assigned_to: str | None
) -> Task:
    """Add a task to a booking.

    :raise Refused: the booking or the person is not theirs to choose; the message says which.
    """
    task = {
        "booking_id": place.booking_id,
        "title": title,
        "due_date": due.isoformat() if due else None,
        "assigned_to": assigned_to,
    }
    return Task.from_row(ask(client.table("tasks").insert(task))[0])


def change_status(client: Client, task_id: str, status: TaskStatus, *, seen: str) -> Task:
    """Move a task to another column, if it still is in the one where this person saw it.

    :param seen: the status that it had when it was read.
    :raise Overtaken: it has moved elsewhere since; nothing was written.
    :raise NotFound: it is not this person's any more.
    :raise Refused: the database says no, in a sentence.
    """
    moved = client.table("tasks").update({"status": status}).eq("id", task_id).eq("status", seen)
    return _written(client, task_id, ask(moved), "status", status, seen)


def hand_over(client: Client, task_id: str, person: str | None, *, seen: str | None) -> Task:
    """Give a task to somebody, or to nobody, if it still is with the one with whom it was seen.

    :param seen: who had it when it was read.
    :raise Overtaken, NotFound, Refused: as ``change_status``.
    """
    given = client.table("tasks").update({"assigned_to": person}).eq("id", task_id)
    given = given.eq("assigned_to", seen) if seen else given.is_("assigned_to", None)
    return _written(client, task_id, ask(given), "assigned_to", person, seen)


def _written(
    client: Client,
    task_id: str,
    rows: list[dict[str, Any]],
    column: str,
    wanted: str | None,
    seen: str | None,
) -> Task:
    """The task as it was written. A second click, which finds its own work done, is no conflict."""
    if rows:
        return Task.from_row(rows[0])
    task = read_task(client, task_id)
    now = getattr(task, column)
    if now == wanted:
        return task
    if now == seen:
        # Readable and unchanged, yet not one row was written: a policy filtered the update.
        raise Refused(NOT_ALLOWED)
    raise Overtaken(task)


def _end_of_day() -> datetime:
    """The coming midnight by the clock that staff read."""
    here = zone_of(HOME_ZONE)
    tomorrow = datetime.now(here).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), here)
