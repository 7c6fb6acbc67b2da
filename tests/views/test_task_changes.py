"""Staff add tasks to bookings, and an admin hands them over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.support.colleagues import make_colleague
from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, People
from tests.support.rows import id_of, reference_of, row_of
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


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
    assert str(row_of(database, "tasks", task)["assigned_to"]) == id_of(database, OTHER_AGENT)


def test_admin_who_was_too_late_sees_who_has_it_by_whom_and_keeps_the_choice(
    browser: Opens, database: Database, people: People
) -> None:
    task, boss = make_task(database, make_booking(database)), make_colleague(database, "admin")
    admin, address = browser(ADMIN), f"/staff/tasks/{task}/assignment"
    admin.opens(address)
    agent, other = id_of(database, AGENT), id_of(database, OTHER_AGENT)
    people.staff(boss.email).table("tasks").update({"assigned_to": other}).eq("id", task).execute()
    response = admin.sends(address, person=agent, seen="nobody")
    assert response.status_code == 409
    assert "Somebody was faster" in response.text
    assert f" has it now. {boss.name} did that on " in response.text
    assert f'<option selected value="{agent}">' in response.text
    assert f'value="{id_of(database, OTHER_AGENT)}"' in response.text.partition('name="seen"')[2][:80]
    assert str(row_of(database, "tasks", task)["assigned_to"]) == id_of(database, OTHER_AGENT)


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
    assert str(row_of(database, "tasks", task)["assigned_to"]) == id_of(database, AGENT)


def test_only_an_admin_hands_a_task_over(browser: Opens, database: Database) -> None:
    task = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    before, agent, address = (
        row_of(database, "tasks", task),
        browser(AGENT),
        f"/staff/tasks/{task}/assignment",
    )
    agent.opens("/staff/tasks")
    assert agent.opens(address).status_code == 403
    fields = {"person": id_of(database, OTHER_AGENT), "seen": id_of(database, AGENT)}
    assert agent.sends(address, **fields).status_code == 403
    assert row_of(database, "tasks", task) == before
