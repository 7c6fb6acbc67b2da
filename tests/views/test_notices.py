"""Somebody is told of what was given to them, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, People
from tests.support.rows import name_of
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


def told(browser: StaffBrowser) -> str:
    answer = browser.opens("/staff/notices")
    assert answer.status_code == 200
    return answer.text


def assign(people: People, database: Database, booking: str, email: str) -> None:
    row = database.execute("select id::text from profiles where email = %s", [email]).fetchone()
    assert row is not None
    people.staff(ADMIN).table("bookings").update({"assigned_agent": row["id"]}).eq("id", booking).execute()


def test_agent_is_told_of_a_booking_once_and_not_of_the_tasks_that_come_along(
    browser: Opens, database: Database, people: People
) -> None:
    place = "Gate of the told"
    booking = make_booking(database, pickup_place=place)
    assign(people, database, booking, AGENT)
    page = told(browser(AGENT))
    assert page.count(f"/staff/bookings/{booking}") == 1
    assert f"A booking for you, from {name_of(database, ADMIN)}" in page
    assert place in page
    assert booking not in told(browser(OTHER_AGENT))
    assert booking not in told(browser(FINANCE))


def test_agent_is_not_told_of_what_was_given_away_again(
    browser: Opens, database: Database, people: People
) -> None:
    booking = make_booking(database)
    assign(people, database, booking, AGENT)
    assign(people, database, booking, OTHER_AGENT)
    assert booking not in told(browser(AGENT))
    assert booking in told(browser(OTHER_AGENT))


def test_admin_is_not_told_of_what_they_took_themselves(
    browser: Opens, database: Database, people: People
) -> None:
    booking = make_booking(database)
    assign(people, database, booking, ADMIN)
    assert booking not in told(browser(ADMIN))


def test_agent_is_told_of_a_task_on_somebody_else_s_booking_without_the_booking(
    browser: Opens, database: Database
) -> None:
    booking = make_booking(database, agent=OTHER_AGENT, pickup_place="A secret place")
    make_task(database, booking, title="Help with the luggage", assigned_to=AGENT)
    page = told(browser(AGENT))
    assert "A task for you" in page
    assert "Help with the luggage" in page
    assert booking not in page
    assert "A secret place" not in page


def test_what_was_given_longer_than_a_week_ago_is_forgotten(
    database: Database, people: People, browser: Opens
) -> None:
    old, new = make_booking(database), make_booking(database)
    assign(people, database, old, AGENT)
    database.execute(
        "update assignment_notices set created_at = now() - interval '8 days' where booking_id = %s", [old]
    )
    assign(people, database, new, AGENT)
    left = database.execute(
        "select booking_id::text as id from assignment_notices where booking_id = any(%s::uuid[])",
        [[old, new]],
    ).fetchall()
    assert left == [{"id": new}]


def test_somebody_signed_out_is_told_nothing(client: FlaskClient) -> None:
    assert client.get("/staff/notices", headers={"HX-Request": "true"}).status_code == 401
