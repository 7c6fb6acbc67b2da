"""Staff see what they have to do, add to it, move it on and hand it over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.colleagues import make_colleague
from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People
from tests.support.rows import id_of, row_of
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


def column(page: str, status: str) -> str:
    """What stands in one column of the board."""
    return page.partition(f'id="column-{status}"')[2].partition("</section>")[0]


def day(page: str) -> str:
    """What stands under "My day"."""
    return page.partition('id="day-title"')[2].partition("</section>")[0]


@pytest.mark.parametrize("email", [FINANCE, VIEWER])
def test_who_works_on_no_tasks_is_offered_none(browser: Opens, database: Database, email: str) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    person = browser(email)
    assert 'href="/staff/tasks"' not in person.opens("/staff/").text
    assert person.opens("/staff/tasks").status_code == 403
    assert person.opens("/staff/tasks/new").status_code == 403
    before = row_of(database, "tasks", task)
    assert person.sends(f"/staff/tasks/{task}/status", status="done", seen="open").status_code == 403
    assert row_of(database, "tasks", task) == before


def test_task_on_somebody_else_s_booking_leads_nowhere(browser: Opens, database: Database) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    booking = make_booking(database, agent=OTHER_AGENT)
    task = make_task(database, booking, title="Help with this", assigned_to=AGENT, due_date=long_ago)
    agent = browser(AGENT)
    board = agent.opens("/staff/tasks").text
    title = f'<span class="card-task__title" id="task-{task}-open" tabindex="-1">Help with this</span>'
    assert title in board
    assert "Help with this" in day(board)
    assert "Help with this" in agent.opens("/staff/").text
    assert booking not in board + agent.opens("/staff/").text
    assert agent.opens(f"/staff/bookings/{booking}").status_code == 404
    assert f"/staff/bookings/{booking}" in column(browser(ADMIN).opens("/staff/tasks").text, "open")
    database.execute("delete from tasks where id = %s", [task])


def test_agent_s_board_holds_their_tasks_and_nobody_else_s(browser: Opens, database: Database) -> None:
    mine = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    theirs = make_task(database, make_booking(database), assigned_to=OTHER_AGENT)
    page = browser(AGENT).opens("/staff/tasks").text
    assert 'href="/staff/tasks"' in page
    assert f"task-{mine}" in page
    assert f"task-{theirs}" not in page
    assert "Hand over" not in page
    assert row_of(database, "tasks", theirs)


def test_admin_sees_everybody_s_tasks_or_one_person_s(browser: Opens, database: Database) -> None:
    due = datetime.now(UTC) - timedelta(days=900)  # so urgent that it is on every board
    booking = make_booking(database)
    whose = {
        email: make_task(database, booking, assigned_to=email, due_date=due)
        for email in (AGENT, OTHER_AGENT, None)
    }
    admin = browser(ADMIN)
    for agent, shown in (
        ("", set(whose.values())),
        (id_of(database, AGENT), {whose[AGENT]}),
        ("nobody", {whose[None]}),
        ("not-a-person", set(whose.values())),
    ):
        page = admin.opens(f"/staff/tasks?agent={agent}").text
        assert {task for task in whose.values() if f"task-{task}" in page} == shown, agent


def test_each_task_stands_in_its_column_with_its_next_steps(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    page_of = {
        status: make_task(database, booking, assigned_to=AGENT, status=status)
        for status in ("open", "in_progress", "blocked", "done")
    }
    page = browser(AGENT).opens("/staff/tasks").text
    steps = {
        "open": ["in_progress", "done", "blocked"],
        "in_progress": ["done", "blocked", "open"],
        "blocked": ["in_progress", "done", "open"],
        "done": ["open", "in_progress", "blocked"],
    }
    for status, task in page_of.items():
        card = column(page, status).partition(f'id="task-{task}"')[2].partition("</li>")[0]
        offered = [part.partition('"')[0] for part in card.split('name="status" value="')[1:]]
        assert offered == steps[status]


def test_my_day_holds_what_is_overdue_or_due_by_tonight_in_india(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    now = datetime.now(UTC)
    late = make_task(database, booking, assigned_to=AGENT, due_date=now - timedelta(hours=30))
    later = make_task(database, booking, assigned_to=AGENT, due_date=now + timedelta(days=2))
    finished = make_task(database, booking, assigned_to=AGENT, due_date=now, status="done")
    other_s = make_task(database, booking, assigned_to=OTHER_AGENT, due_date=now)
    mine = day(browser(AGENT).opens("/staff/tasks").text)
    assert f"day-{late}" in mine
    assert "overdue" in mine
    for task in (later, finished, other_s):
        assert f"day-{task}" not in mine


def test_agent_moves_a_task_without_javascript(browser: Opens, database: Database) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    agent = browser(AGENT)
    agent.opens("/staff/tasks")
    response = agent.sends(f"/staff/tasks/{task}/status", status="in_progress", seen="open")
    assert (response.status_code, response.location) == (303, f"/staff/tasks#task-{task}")
    page = agent.opens("/staff/tasks").text
    assert "is in progress now." in page
    assert f"task-{task}" in column(page, "in_progress")
    assert row_of(database, "tasks", task)["status"] == "in_progress"


def test_agent_finishes_and_reopens_with_htmx_and_stays_at_the_task(
    browser: Opens, database: Database
) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    agent = browser(AGENT)
    agent.opens("/staff/tasks")
    for status, seen in (("done", "open"), ("open", "done")):
        response = agent.sends(f"/staff/tasks/{task}/status", htmx=True, status=status, seen=seen)
        assert response.status_code == 200
        assert response.text.partition('<section id="tasks"')[0].isspace()
        assert "<html" not in response.text
        assert f'id="task-{task}-{status}" href=' in column(response.text, status), "the focus goes there"
        assert 'hx-target="#notices"' in response.text
        assert row_of(database, "tasks", task)["status"] == status


def test_board_of_one_person_stays_theirs_after_a_move(browser: Opens, database: Database) -> None:
    agent_id = id_of(database, AGENT)
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    admin = browser(ADMIN)
    assert (
        f"/staff/tasks/{task}/status?agent={agent_id}" in admin.opens(f"/staff/tasks?agent={agent_id}").text
    )
    response = admin.sends(f"/staff/tasks/{task}/status?agent={agent_id}", status="done", seen="open")
    assert response.location == f"/staff/tasks?agent={agent_id}#task-{task}"


@pytest.mark.parametrize("htmx", [False, True])
def test_task_is_moved_on_its_booking_s_page(browser: Opens, database: Database, htmx: bool) -> None:
    booking = make_booking(database, agent=AGENT)
    task = make_task(database, booking, assigned_to=AGENT)
    agent = browser(AGENT)
    address = f"/staff/tasks/{task}/status?place=booking"
    assert address in agent.opens(f"/staff/bookings/{booking}").text
    response = agent.sends(address, htmx=htmx, status="done", seen="open")
    if htmx:
        assert response.text.partition('id="booking-tasks"')[0].count("<section") == 1
        assert "task--done" in response.text
    else:
        assert response.location == f"/staff/bookings/{booking}#task-{task}"
    assert row_of(database, "tasks", task)["status"] == "done"


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("place", ["board", "booking"])
def test_who_was_too_late_sees_where_the_task_went_and_who_moved_it(
    browser: Opens, database: Database, people: People, htmx: bool, place: str
) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    agent, boss = browser(AGENT), make_colleague(database, "admin")
    agent.opens("/staff/tasks")
    people.staff(boss.email).table("tasks").update({"status": "blocked"}).eq("id", task).execute()
    address = f"/staff/tasks/{task}/status?place={place}"
    response = agent.sends(address, htmx=htmx, status="in_progress", seen="open")
    assert response.status_code == 409
    assert "Somebody was faster" in response.text
    assert f"It is blocked now; you saw it open. {boss.name} did that on " in response.text
    assert row_of(database, "tasks", task)["status"] == "blocked"


def test_second_click_of_one_button_is_no_conflict(browser: Opens, database: Database) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    agent = browser(AGENT)
    agent.opens("/staff/tasks")
    codes = [
        agent.sends(f"/staff/tasks/{task}/status", status="done", seen="open").status_code for _ in range(2)
    ]
    assert codes == [303, 303]


def test_agent_cannot_move_a_task_that_is_somebody_else_s(browser: Opens, database: Database) -> None:
    task = make_task(database, make_booking(database), assigned_to=OTHER_AGENT)
    before, agent = row_of(database, "tasks", task), browser(AGENT)
    agent.opens("/staff/tasks")
    assert agent.sends(f"/staff/tasks/{task}/status", status="done", seen="open").status_code == 404
    assert row_of(database, "tasks", task) == before


@pytest.mark.parametrize("fields", [{"status": "lost", "seen": "open"}, {"status": "done", "seen": "then"}])
def test_step_that_nobody_offered_changes_nothing(
    browser: Opens, database: Database, fields: dict[str, str]
) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    before, agent = row_of(database, "tasks", task), browser(AGENT)
    agent.opens("/staff/tasks")
    assert agent.sends(f"/staff/tasks/{task}/status", **fields).status_code == 422
    assert row_of(database, "tasks", task) == before


def test_foreign_page_cannot_move_a_task(browser: Opens, database: Database) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    before = row_of(database, "tasks", task)
    data = {"status": "done", "seen": "open"}
    assert browser(AGENT).client.post(f"/staff/tasks/{task}/status", data=data).status_code == 400
    assert row_of(database, "tasks", task) == before
