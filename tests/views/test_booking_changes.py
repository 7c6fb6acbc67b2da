"""Staff move bookings on, with and without JavaScript, and two of them at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER
from tests.support.rows import id_of, name_of, row_of
from tests.support.staff import StaffBrowser, hidden

Opens = Callable[..., StaffBrowser]


def seen(page: str) -> dict[str, str]:
    """What a form says of the booking that its page showed."""
    return {name: hidden(page, name) for name in ("seen", "seen_status", "seen_agent")}


def test_agent_confirms_without_javascript(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    agent, address = browser(AGENT), f"/staff/bookings/{booking}"
    page = agent.opens(address).text
    response = agent.sends(f"{address}/status", status="confirmed", **seen(page))
    assert (response.status_code, response.location) == (303, address)
    assert "Moved to confirmed." in agent.opens(address).text
    assert row_of(database, "bookings", booking)["status"] == "confirmed"


def test_agent_confirms_with_htmx_and_gets_the_booking_back(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    agent, address = browser(AGENT), f"/staff/bookings/{booking}"
    page = agent.opens(address).text
    response = agent.sends(f"{address}/status", htmx=True, status="confirmed", **seen(page))
    assert response.status_code == 200
    assert response.text.lstrip().startswith('<article id="booking"')
    assert 'hx-target="#notices"' in response.text
    assert "Moved to confirmed." in response.text
    assert ">Start<" in response.text


def test_admin_assigns_and_takes_back(browser: Opens, database: Database) -> None:
    booking = make_booking(database)
    admin, address = browser(ADMIN), f"/staff/bookings/{booking}"
    for agent, kept, sentence in (
        (id_of(database, AGENT), id_of(database, AGENT), "Assigned."),
        ("nobody", None, "No longer assigned to anybody."),
    ):
        page = admin.opens(address).text
        assert admin.sends(f"{address}/assignment", agent=agent, **seen(page)).status_code == 303
        assert sentence in admin.opens(address).text
        assigned = row_of(database, "bookings", booking)["assigned_agent"]
        assert (str(assigned) if assigned else None) == kept


@pytest.mark.parametrize("htmx", [False, True])
def test_who_was_too_late_sees_what_changed_and_keeps_the_choice(
    browser: Opens, database: Database, htmx: bool
) -> None:
    booking, other = make_booking(database), id_of(database, OTHER_AGENT)
    admin, address = browser(ADMIN), f"/staff/bookings/{booking}"
    page = admin.opens(address).text
    database.execute(
        "update bookings set assigned_agent = %s, status = 'confirmed' where id = %s",
        [id_of(database, AGENT), booking],
    )
    response = admin.sends(f"{address}/assignment", htmx=htmx, agent=other, **seen(page))
    assert response.status_code == 409
    assert "Somebody was faster" in response.text
    assert "It is confirmed now; you saw it pending." in response.text
    assert "looks after it now." in response.text
    assert f'value="{other}" selected>' in response.text
    assert f"You chose “{name_of(database, OTHER_AGENT)}”." in response.text
    assert str(row_of(database, "bookings", booking)["assigned_agent"]) == id_of(database, AGENT)
    again = admin.sends(f"{address}/assignment", htmx=htmx, agent=other, **seen(response.text))
    assert again.status_code in (200, 303)
    assert str(row_of(database, "bookings", booking)["assigned_agent"]) == other


def test_step_that_somebody_else_overtook_stays_marked(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=AGENT, status="confirmed")
    agent, address = browser(AGENT), f"/staff/bookings/{booking}"
    page = agent.opens(address).text
    database.execute("update bookings set status = 'in_progress' where id = %s", [booking])
    response = agent.sends(f"{address}/status", status="cancelled", **seen(page))
    assert response.status_code == 409
    assert 'Cancel booking<span class="visually-hidden"> (what you chose)' in response.text
    assert "You chose “Cancelled”." in response.text.partition('id="booking"')[0]
    assert row_of(database, "bookings", booking)["status"] == "in_progress"


def test_agent_is_told_who_was_faster(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    agent, admin, address = browser(AGENT), browser(ADMIN), f"/staff/bookings/{booking}"
    page = agent.opens(address).text
    admin.sends(f"{address}/status", status="confirmed", **seen(admin.opens(address).text))
    response = agent.sends(f"{address}/status", status="cancelled", **seen(page))
    assert response.status_code == 409
    assert f"The booking moved from pending to confirmed: {name_of(database, ADMIN)}" in response.text


def test_second_click_of_one_button_is_no_conflict(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    agent, address = browser(AGENT), f"/staff/bookings/{booking}"
    page = agent.opens(address).text
    codes = [agent.sends(f"{address}/status", status="confirmed", **seen(page)).status_code for _ in range(2)]
    assert codes == [303, 303]


@pytest.mark.parametrize("email", [AGENT, FINANCE, VIEWER])
def test_only_an_admin_assigns(browser: Opens, database: Database, email: str) -> None:
    booking = make_booking(database, agent=AGENT)
    before, person = row_of(database, "bookings", booking), browser(email)
    person.opens("/staff/")
    response = person.sends(
        f"/staff/bookings/{booking}/assignment",
        agent=id_of(database, OTHER_AGENT),
        seen=before["updated_at"].isoformat(),
    )
    assert response.status_code == 403
    assert row_of(database, "bookings", booking) == before


@pytest.mark.parametrize(("email", "code"), [(OTHER_AGENT, 404), (FINANCE, 403), (VIEWER, 403)])
def test_nobody_moves_a_booking_that_is_not_theirs(
    browser: Opens, database: Database, email: str, code: int
) -> None:
    booking = make_booking(database, agent=AGENT)
    before, person = row_of(database, "bookings", booking), browser(email)
    person.opens("/staff/")
    response = person.sends(
        f"/staff/bookings/{booking}/status", status="cancelled", seen=before["updated_at"].isoformat()
    )
    assert response.status_code == code
    assert row_of(database, "bookings", booking) == before


def test_admin_reads_the_database_s_own_sentence(browser: Opens, database: Database) -> None:
    booking = make_booking(database)
    admin, address = browser(ADMIN), f"/staff/bookings/{booking}"
    page = admin.opens(address).text
    response = admin.sends(f"{address}/assignment", agent=id_of(database, FINANCE), **seen(page))
    assert response.status_code == 422
    assert "A booking can only be assigned to operations staff or an admin" in response.text
    assert row_of(database, "bookings", booking)["assigned_agent"] is None


@pytest.mark.parametrize(
    ("action", "fields", "sentence"),
    [
        ("status", {"status": "lost", "seen": "now"}, "Choose a status"),
        ("status", {"status": "confirmed"}, "Open the booking again"),
        ("assignment", {"agent": "me'); drop", "seen": "now"}, "Choose an agent from the list"),
        ("assignment", {"agent": "nobody", "seen": "x" * 99}, "Open the booking again"),
    ],
)
def test_form_that_nobody_filled_in_changes_nothing(
    browser: Opens, database: Database, action: str, fields: dict[str, str], sentence: str
) -> None:
    booking = make_booking(database)
    before, admin = row_of(database, "bookings", booking), browser(ADMIN)
    admin.opens(f"/staff/bookings/{booking}")
    response = admin.sends(f"/staff/bookings/{booking}/{action}", **fields)
    assert response.status_code == 422
    assert sentence in response.text
    assert row_of(database, "bookings", booking) == before


@pytest.mark.parametrize("action", ["status", "assignment"])
def test_foreign_page_cannot_post_for_an_admin(browser: Opens, database: Database, action: str) -> None:
    booking = make_booking(database)
    before, admin = row_of(database, "bookings", booking), browser(ADMIN)
    data = {"status": "cancelled", "agent": "nobody", "seen": before["updated_at"].isoformat()}
    assert admin.client.post(f"/staff/bookings/{booking}/{action}", data=data).status_code == 400
    assert row_of(database, "bookings", booking) == before
