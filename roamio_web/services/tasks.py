"""Tasks as staff read and move them. Row Level Security decides whose exist for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from supabase import Client

from roamio_web.models.booking import Booking
from roamio_web.models.change import Change
from roamio_web.models.day_range import midnight, today
from roamio_web.models.task import BOARD, Task, TaskStatus
from roamio_web.models.task_query import TaskQuery
from roamio_web.services.failures import NOT_ALLOWED, NotFound, Refused, ServiceError, ask, write
from roamio_web.services.staff_bookings import booking_in

NOT_FOUND = "This task does not exist, or it is not yours to see."


class Overtaken(ServiceError):
    """Somebody changed the task after this person had read it; nothing was written.

    ``now`` is how it is, ``latest`` who made it so, if this person may know.
    """

    def __init__(self, now: Shown, latest: Change | None) -> None:
        super().__init__("Somebody changed this task while you were looking at it.")
        self.now = now
        self.latest = latest


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
    """The page on which a task is shown: a board, its booking's, or neither."""

    board: TaskQuery | None = None
    on_booking: bool = False


@dataclass(frozen=True)
class Shown:
    """A task, and the page on which it is shown, both as they are now."""

    task: Task
    board: TaskBoard | None = None
    booking: Booking | None = None


def read_board(client: Client, query: TaskQuery) -> TaskBoard:
    """Read the board as this person may see it, in one round trip.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    return _board(ask(client.rpc("task_board", _wanted(query))), query)


def read_task(client: Client, task_id: str) -> Task:
    """Read one task with its booking's reference.

    :raise NotFound: there is none, or it is not this person's to see.
    """
    found = ask(client.table("task_rows").select("*").eq("id", task_id))
    if not found:
        raise NotFound(NOT_FOUND)
    return Task.from_row(found[0])


def add_task(
    client: Client,
    reference: str,
    title: str,
    *,
    due: datetime | None,
    person: str | None = None,
    for_the_agent: bool = False,
) -> Task:
    """Add a task to the booking of that reference, for its agent or for the ``person``.

    :param reference: as the database stores it.
    :raise NotFound: there is no such booking, or it is not this person's to see.
    :raise Refused: the booking or the person is not theirs to choose; the message says which.
    """
    task = {
        "booking_reference": reference,
        "its_title": title,
        "due": due.isoformat() if due else None,
        "person": person,
        "for_the_agent": for_the_agent,
    }
    added = ask(client.rpc("add_task", task))
    if not added:
        raise NotFound("This booking does not exist, or it is not yours to see.")
    return Task.from_row(added)


def show(client: Client, task_id: str, place: Place) -> Shown:
    """Read a task and the page on which it is shown, in one round trip.

    :raise NotFound: there is none, or it is not this person's to see.
    """
    return _change(client, task_id, {}, {}, place)


def change_status(
    client: Client, task_id: str, status: TaskStatus, *, seen: str, place: Place = Place()
) -> Shown:
    """Move a task to another column, if it still is in the one where this person saw it.

    A second click, which finds its own work done, is no conflict.

    :param seen: the status that it had when it was read.
    :raise Overtaken: it has moved elsewhere since; nothing was written.
    :raise NotFound: it is not this person's any more.
    :raise Refused: the database says no, in a sentence.
    """
    return _change(client, task_id, {"status": seen}, {"status": status}, place)


def hand_over(client: Client, task_id: str, person: str | None, *, seen: str | None) -> Task:
    """Give a task to somebody, or to nobody, if it still is with the one with whom it was seen.

    :param seen: who had it when it was read.
    :raise Overtaken, NotFound, Refused: as ``change_status``.
    """
    return _change(client, task_id, {"assigned_to": seen}, {"assigned_to": person}, Place()).task


def _change(
    client: Client,
    task_id: str,
    seen: dict[str, str | None],
    wanted: dict[str, str | None],
    place: Place,
) -> Shown:
    """Write what is wanted, if anything, and read the task again, in one round trip."""
    asked = {
        "task": task_id,
        "seen": seen,
        "change": wanted,
        "board": _wanted(place.board) if place.board else None,
        "on_booking": place.on_booking,
    }
    answer = write(client.rpc("change_task", asked))
    if not answer.now["task"]:
        raise NotFound(NOT_FOUND)
    now = _shown(answer.now, place)
    if answer.refusal:
        raise Refused(answer.refusal, now)
    if answer.written or _has(now.task, wanted):
        return now
    if _has(now.task, seen):
        # Readable and unchanged, yet not one row was written: a policy filtered the update.
        raise Refused(NOT_ALLOWED, now)
    raise Overtaken(now, answer.latest)


def _has(task: Task, values: dict[str, str | None]) -> bool:
    return all(getattr(task, name) == value for name, value in values.items())


def _shown(answered: dict[str, Any], place: Place) -> Shown:
    return Shown(
        Task.from_row(answered["task"]),
        _board(answered["board"], place.board) if place.board else None,
        booking_in(answered["page"]) if place.on_booking else None,
    )


def _wanted(query: TaskQuery) -> dict[str, Any]:
    """What ``task_board`` is told."""
    return {
        "tonight": end_of_day().isoformat(),
        "person": query.person,
        "unassigned": query.is_unassigned,
    }


def _board(page: dict[str, Any], query: TaskQuery) -> TaskBoard:
    """The board that the answer of ``task_board`` makes."""
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


def end_of_day() -> datetime:
    """The coming midnight by the clock that staff read."""
    return midnight(today() + timedelta(days=1))
