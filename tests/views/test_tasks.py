"""Staff see what they have to do, add to it, move it on and hand it over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


def row_of(database: Database, task: str) -> dict[str, Any]:
    row = database.execute("select * from tasks where id = %s", [task]).fetchone()
    assert row is not None
    return row


def id_of(database: Database, email: str) -> str:
    row = database.execute("select id::text from profiles where email = %s", [email]).fetchone()
    assert row is not None
    return str(row["id"])


def reference_of(database: Database, booking: str) -> str:
    row = database.execute("select reference from bookings where id = %s", [booking]).fetchone()
    assert row is not None
    return str(row["reference"])


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
    before = row_of(database, task)
    assert person.sends(f"/staff/tasks/{task}/status", status="done", seen="open").status_code == 403
    assert row_of(database, task) == before


def test_agent_s_board_holds_their_tasks_and_nobody_else_s(browser: Opens, database: Database) -> None:
    mine = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    theirs = make_task(database, make_booking(database), assigned_to=OTHER_AGENT)
    page = browser(AGENT).opens("/staff/tasks").text
    assert 'href="/staff/tasks"' in page
    assert f"task-{mine}" in page
    assert f"task-{theirs}" not in page
    assert "Hand over" not in page
    assert row_of(database, theirs)


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
        "blocked": ["in_progress", "done"],
        "done": ["open"],
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
    assert row_of(database, task)["status"] == "in_progress"


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
        assert f'id="task-{task}" tabindex="-1" autofocus' in column(response.text, status)
        assert 'hx-target="#notices"' in response.text
        assert row_of(database, task)["status"] == status


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
    assert row_of(database, task)["status"] == "done"


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("place", ["board", "booking"])
def test_who_was_too_late_sees_where_the_task_went(
    browser: Opens, database: Database, htmx: bool, place: str
) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT, status="blocked")
    agent = browser(AGENT)
    agent.opens("/staff/tasks")
    address = f"/staff/tasks/{task}/status?place={place}"
    response = agent.sends(address, htmx=htmx, status="in_progress", seen="open")
    assert response.status_code == 409
    assert "Somebody was faster" in response.text
    assert "It is blocked now; you saw it open." in response.text
    assert row_of(database, task)["status"] == "blocked"


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
    before, agent = row_of(database, task), browser(AGENT)
    agent.opens("/staff/tasks")
    assert agent.sends(f"/staff/tasks/{task}/status", status="done", seen="open").status_code == 404
    assert row_of(database, task) == before


@pytest.mark.parametrize("fields", [{"status": "lost", "seen": "open"}, {"status": "done", "seen": "then"}])
def test_step_that_nobody_offered_changes_nothing(
    browser: Opens, database: Database, fields: dict[str, str]
) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    before, agent = row_of(database, task), browser(AGENT)
    agent.opens("/staff/tasks")
    assert agent.sends(f"/staff/tasks/{task}/status", **fields).status_code == 422
    assert row_of(database, task) == before


def test_foreign_page_cannot_move_a_task(browser: Opens, database: Database) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    before = row_of(database, task)
    data = {"status": "done", "seen": "open"}
    assert browser(AGENT).client.post(f"/staff/tasks/{task}/status", data=data).status_code == 400
    assert row_of(database, task) == before


def test_agent_adds_a_task_for_themselves_on_the_booking_s_page(browser: Opens, database: Database) -> None:
    booking, title = make_booking(database, agent=AGENT), f"Call the driver {uuid4().hex}"
    reference = reference_of(database, booking)
    agent = browser(AGENT)
    address = f"/staff/tasks/new?booking={reference}"
    assert f'href="{address}"' in agent.opens(f"/staff/bookings/{booking}").text
    assert f'value="{reference[:4]}-{reference[4:]}"' in agent.opens(address).text
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    response = agent.sends(
        address, booking=reference, title=title, due_on=tomorrow.isoformat(), due_at="09:30"
    )
    assert (response.status_code, response.location) == (303, f"/staff/bookings/{booking}")
    made = database.execute("select * from tasks where title = %s", [title]).fetchone()
    assert made is not None
    assert str(made["booking_id"]) == booking
    assert str(made["assigned_to"]) == id_of(database, AGENT)
    assert made["due_date"] == datetime.fromisoformat(f"{tomorrow}T09:30:00+05:30")


@pytest.mark.parametrize(
    ("chosen", "email"), [("agent", AGENT), ("nobody", None), (OTHER_AGENT, OTHER_AGENT)]
)
def test_admin_says_for_whom_a_new_task_is(
    browser: Opens, database: Database, chosen: str, email: str | None
) -> None:
    booking, title = make_booking(database, agent=AGENT), uuid4().hex
    given_to = id_of(database, chosen) if "@" in chosen else chosen
    admin = browser(ADMIN)
    admin.opens("/staff/tasks/new")
    response = admin.sends(
        "/staff/tasks/new", booking=reference_of(database, booking).lower(), title=title, given_to=given_to
    )
    assert (response.status_code, response.location) == (303, "/staff/tasks")
    made = database.execute("select assigned_to::text from tasks where title = %s", [title]).fetchone()
    assert made == {"assigned_to": id_of(database, email) if email else None}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Say what is to be done"),
        ({"title": "x" * 201}, "shorten this to 200 characters"),
        ({"booking": "?"}, "Enter the booking’s reference"),
        ({"booking": "00000000"}, "There is no booking with this reference that you may see"),
        ({"due_on": "soon"}, "Enter the day like"),
        ({"due_on": "2020-01-01"}, "Choose today or a later day"),
        ({"due_at": "09:00"}, "Choose the day, too"),
        ({"due_on": "2099-01-01", "due_at": "noonish"}, "Enter the time like"),
        ({"given_to": "somebody"}, "Choose somebody from the list"),
    ],
)
def test_task_that_is_not_filled_in_is_explained_and_keeps_what_was_typed(
    browser: Opens, database: Database, fields: dict[str, str], sentence: str
) -> None:
    booking = make_booking(database, agent=AGENT)
    given = {"booking": reference_of(database, booking), "title": "Call <b>the driver</b>", **fields}
    admin = browser(ADMIN)
    admin.opens("/staff/tasks/new")
    response = admin.sends("/staff/tasks/new", **given)
    assert response.status_code == 422
    assert sentence in response.text
    if "title" not in fields:
        assert 'value="Call &lt;b&gt;the driver&lt;/b&gt;"' in response.text
    count = database.execute("select count(*) from tasks where booking_id = %s", [booking]).fetchone()
    assert count == {"count": 1}, "only the review task"


def test_agent_cannot_add_a_task_to_somebody_else_s_booking(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=OTHER_AGENT)
    agent = browser(AGENT)
    agent.opens("/staff/tasks/new")
    response = agent.sends("/staff/tasks/new", booking=reference_of(database, booking), title="Mine now")
    assert response.status_code == 422
    assert "There is no booking with this reference that you may see" in response.text
    count = database.execute("select count(*) from tasks where booking_id = %s", [booking]).fetchone()
    assert count == {"count": 1}


def test_admin_hands_a_task_over(browser: Opens, database: Database) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    admin, address = browser(ADMIN), f"/staff/tasks/{task}/assignment"
    page = admin.opens(address).text
    assert f'<option selected value="{id_of(database, AGENT)}">' in page
    response = admin.sends(address, person=id_of(database, OTHER_AGENT), seen=id_of(database, AGENT))
    assert (response.status_code, response.location) == (303, f"/staff/tasks#task-{task}")
    assert str(row_of(database, task)["assigned_to"]) == id_of(database, OTHER_AGENT)


def test_admin_who_was_too_late_sees_who_has_it_and_keeps_the_choice(
    browser: Opens, database: Database
) -> None:
    task = make_task(database, make_booking(database), assigned_to=OTHER_AGENT)
    admin, address = browser(ADMIN), f"/staff/tasks/{task}/assignment"
    admin.opens(address)
    agent = id_of(database, AGENT)
    response = admin.sends(address, person=agent, seen="nobody")
    assert response.status_code == 409
    assert "Somebody was faster" in response.text
    assert f'<option selected value="{agent}">' in response.text
    assert f'value="{id_of(database, OTHER_AGENT)}"' in response.text.partition('name="seen"')[2][:80]
    assert str(row_of(database, task)["assigned_to"]) == id_of(database, OTHER_AGENT)


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (FINANCE, "A task can only be assigned to operations staff"),
        ("x'); drop", "Choose somebody from the list"),
    ],
)
def test_task_is_given_to_nobody_who_may_not_have_it(
    browser: Opens, database: Database, person: str, sentence: str
) -> None:
    task = make_task(database, make_booking(database), assigned_to=AGENT)
    admin, address = browser(ADMIN), f"/staff/tasks/{task}/assignment"
    admin.opens(address)
    chosen = id_of(database, person) if "@" in person else person
    response = admin.sends(address, person=chosen, seen=id_of(database, AGENT))
    assert response.status_code == 422
    assert sentence in response.text
    assert str(row_of(database, task)["assigned_to"]) == id_of(database, AGENT)


def test_only_an_admin_hands_a_task_over(browser: Opens, database: Database) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    before, agent, address = row_of(database, task), browser(AGENT), f"/staff/tasks/{task}/assignment"
    agent.opens("/staff/tasks")
    assert agent.opens(address).status_code == 403
    fields = {"person": id_of(database, OTHER_AGENT), "seen": id_of(database, AGENT)}
    assert agent.sends(address, **fields).status_code == 403
    assert row_of(database, task) == before


@pytest.mark.parametrize("path", ["/staff/tasks", "/staff/tasks/new", "/staff/tasks/{task}/assignment"])
def test_page_needs_at_most_two_round_trips(browser: Opens, database: Database, path: str) -> None:
    admin = browser(ADMIN)
    path = path.format(task=make_task(database, make_booking(database), assigned_to=AGENT))
    asked: list[str] = []
    http = admin.client.application.extensions["roamio.backend"]._http
    http.event_hooks = {"request": [lambda request: asked.append(request.url.path)]}
    try:
        assert admin.opens(path).status_code == 200
    finally:
        http.event_hooks = {}
    assert len(asked) <= 2, asked
