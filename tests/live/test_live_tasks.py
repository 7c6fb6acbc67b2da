"""What the open boards of tasks are told of, and what not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from roamio_web.models.staff import StaffMember
from tests.support.dashboard import Dashboard, words
from tests.support.eventually import eventually, throughout
from tests.support.factories import Database, make_booking, make_task
from tests.support.people import AGENT, OTHER_AGENT

Opens = Callable[..., Dashboard]
Staff = Callable[[str], StaffMember]


def test_each_open_board_shows_the_tasks_that_are_its_reader_s(opens: Opens, database: Database) -> None:
    admin, agent = opens("admin", "tasks").wait_until_live(), opens("operations", "tasks").wait_until_live()
    booking = make_booking(database)
    theirs = make_task(database, booking, title="Somebody else's", assigned_to=OTHER_AGENT)
    mine = make_task(database, booking, title="My own", assigned_to=AGENT)
    eventually(lambda: f"task-{mine}" in agent.html, what="the agent's task")
    eventually(lambda: f"task-{theirs}" in admin.html, what="the other task on the admin's board")
    assert theirs not in agent.html
    assert "Somebody else" not in agent.html


def test_new_booking_brings_its_review_task_and_no_other_change_of_it_is_read(
    opens: Opens, database: Database
) -> None:
    admin, agent = opens("admin", "tasks").wait_until_live(), opens("operations", "tasks").wait_until_live()
    booking = make_booking(database, agent=AGENT)
    (task,) = database.execute("select id::text from tasks where booking_id = %s", [booking]).fetchall()
    for board in (admin, agent):
        eventually(lambda board=board: f"task-{task['id']}" in board.html, what="the review task")
    read = (admin.readings, agent.readings)
    database.execute("update bookings set status = 'confirmed' where id = %s", [booking])
    throughout(1, lambda: (admin.readings, agent.readings) == read, "the boards' being left alone")


def test_task_becomes_overdue_on_every_open_page_by_itself(opens: Opens, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    database.execute("delete from tasks where booking_id = %s", [booking])
    board, listed = opens("operations", "tasks"), opens("operations")
    overview, page = opens("operations", "overview"), opens("operations", "booking", id=booking)
    for each in (board, listed, overview, page):
        each.wait_until_live()
    soon = datetime.now(UTC) + timedelta(seconds=2)
    task = make_task(database, booking, title="Call at once", assigned_to=AGENT, due_date=soon)
    eventually(lambda: listed.shows(booking, "1 overdue"), what="the list's saying so")
    eventually(lambda: "Overdue" in words(page.latest), what="the booking's saying so")
    eventually(lambda: "Call at once Overdue" in words(overview.latest), what="the overview's saying so")
    eventually(lambda: "card-task--late" in card(board.latest, task), what="the board's saying so")
    read = (board.readings, listed.readings, page.readings)
    throughout(
        1, lambda: (board.readings, listed.readings, page.readings) == read, "their leaving it at that"
    )


def card(html: str, task: str) -> str:
    """The opening of a task's card."""
    return html.partition(f'id="task-{task}"')[0].rpartition("<li")[2]


def test_task_that_is_taken_away_leaves_the_board(opens: Opens, database: Database, staff: Staff) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    page = opens("operations", "tasks").wait_until_live()
    assert f"task-{task}" in page.html
    database.execute("update tasks set assigned_to = %s where id = %s", [staff("operations2").id, task])
    eventually(lambda: page.readings > 1, what="the board without it")
    assert task not in page.html[page.html.rfind('<section id="tasks"') :]


def test_board_of_one_person_is_told_of_nobody_else_s(opens: Opens, database: Database, staff: Staff) -> None:
    page = opens("admin", "tasks", agent=staff("operations2").id).wait_until_live()
    booking = make_booking(database)
    other = make_task(database, booking, assigned_to=AGENT)
    wanted = make_task(database, booking, assigned_to=OTHER_AGENT)
    eventually(lambda: f"task-{wanted}" in page.html, what="the colleague's task")
    assert other not in page.html
