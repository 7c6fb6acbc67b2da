"""Staff read and move tasks, each as far as the database lets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from supabase import Client

from roamio_web.models.staff import StaffMember
from roamio_web.models.task import TaskStatus
from roamio_web.models.task_query import TaskQuery
from roamio_web.services import tasks
from roamio_web.services.failures import NotFound, Refused
from roamio_web.services.tasks import Overtaken
from tests.support.at_once import only_winner
from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER
from tests.support.rows import reference_of, row_of

As = Callable[[str], Client]
Member = Callable[[str], StaffMember]


def test_board_counts_what_it_has_no_room_for(as_staff: As, database: Database) -> None:
    booking = make_booking(database, agent=OTHER_AGENT)
    for _ in range(60):
        make_task(database, booking, assigned_to=OTHER_AGENT, status="blocked")
    board = tasks.read_board(as_staff(OTHER_AGENT), TaskQuery())
    blocked = next(column for column in board.columns if column.status is TaskStatus.BLOCKED)
    counted = database.execute(
        "select count(*) from tasks where status = 'blocked'"
        " and assigned_to = (select id from profiles where email = %s)",
        [OTHER_AGENT],
    ).fetchone()
    assert counted == {"count": blocked.count}
    assert len(blocked.tasks) == 50
    assert blocked.is_cut
    database.execute("delete from bookings where id = %s", [booking])


def test_most_urgent_task_is_the_first_of_its_column(as_staff: As, database: Database) -> None:
    booking, long_ago = make_booking(database, agent=AGENT), datetime(1970, 1, 1, tzinfo=UTC)
    last = make_task(database, booking, assigned_to=AGENT, due_date=long_ago + timedelta(days=1))
    first = make_task(database, booking, assigned_to=AGENT, due_date=long_ago)
    board = tasks.read_board(as_staff(AGENT), TaskQuery())
    assert [task.id for task in board.columns[0].tasks[:2]] == [first, last]
    assert [task.id for task in board.day[:2]] == [first, last]
    assert board.overdue >= 2
    database.execute("delete from bookings where id = %s", [booking])


@pytest.mark.parametrize("email", [FINANCE, VIEWER])
def test_board_of_who_works_on_no_tasks_is_empty(as_staff: As, database: Database, email: str) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    board = tasks.read_board(as_staff(email), TaskQuery())
    assert not any(column.tasks or column.count for column in board.columns)
    assert row_of(database, "tasks", task)


def test_of_two_people_at_once_exactly_one_wins(as_staff: As, database: Database) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    move = {
        status: partial(tasks.change_status, as_staff(email), task, status, seen="open")
        for email, status in ((ADMIN, TaskStatus.BLOCKED), (AGENT, TaskStatus.DONE))
    }
    winner = only_winner(move, Overtaken)
    assert row_of(database, "tasks", task)["status"] == winner


def test_agent_cannot_hand_a_task_to_somebody_else(as_staff: As, database: Database, member: Member) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    before = row_of(database, "tasks", task)
    with pytest.raises(Refused, match="can't hand a task to somebody else"):
        tasks.hand_over(as_staff(AGENT), task, member(OTHER_AGENT).id, seen=member(AGENT).id)
    assert row_of(database, "tasks", task) == before


def test_agent_cannot_move_a_task_that_is_somebody_else_s(as_staff: As, database: Database) -> None:
    task = make_task(database, make_booking(database), assigned_to=OTHER_AGENT)
    before = row_of(database, "tasks", task)
    with pytest.raises(NotFound):
        tasks.change_status(as_staff(AGENT), task, TaskStatus.DONE, seen="open")
    assert row_of(database, "tasks", task) == before


def test_agent_cannot_add_a_task_for_somebody_else(as_staff: As, database: Database, member: Member) -> None:
    booking = make_booking(database, agent=AGENT)
    other, reference = member(OTHER_AGENT).id, reference_of(database, booking)
    with pytest.raises(Refused):
        tasks.add_task(as_staff(AGENT), reference, "Theirs", due=None, person=other)
    count = database.execute("select count(*) from tasks where booking_id = %s", [booking]).fetchone()
    assert count == {"count": 1}, "only the review task"


def test_task_that_does_not_exist_is_not_found(as_staff: As) -> None:
    with pytest.raises(NotFound):
        tasks.change_status(as_staff(ADMIN), str(uuid4()), TaskStatus.DONE, seen="open")


def test_task_of_nobody_is_given_and_taken_back(as_staff: As, database: Database, member: Member) -> None:
    task, client = make_task(database, make_booking(database)), as_staff(ADMIN)
    assert tasks.hand_over(client, task, member(AGENT).id, seen=None).assigned_to == member(AGENT).id
    assert tasks.hand_over(client, task, None, seen=member(AGENT).id).assigned_to is None
