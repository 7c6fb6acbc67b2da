"""Staff write notes on a booking for each other, and take their own back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


@pytest.fixture
def booking(database: Database) -> str:
    """A booking of the agent's."""
    return make_booking(database, agent=AGENT)


def notes_of(database: Database, booking: str) -> list[dict[str, Any]]:
    return database.execute(
        "select id::text, body, author_name from booking_notes where booking_id = %s order by created_at",
        [booking],
    ).fetchall()


def test_agent_writes_a_note_without_javascript_and_the_admin_reads_it(
    browser: Opens, database: Database, booking: str
) -> None:
    agent, address = browser(AGENT), f"/staff/bookings/{booking}"
    agent.opens(address)
    response = agent.sends(f"{address}/notes", body="  <b>Calls</b> after six\r\nTwice  ", seen="")
    assert (response.status_code, response.location) == (303, f"{address}#booking-notes")
    assert [note["body"] for note in notes_of(database, booking)] == ["<b>Calls</b> after six\nTwice"]
    page = browser(ADMIN).opens(address).text
    assert "&lt;b&gt;Calls&lt;/b&gt; after six\nTwice" in page
    assert "Delete the note" not in page
    assert "Delete the note" in agent.opens(address).text


def test_note_that_is_sent_twice_from_one_page_is_one_note(
    browser: Opens, database: Database, booking: str
) -> None:
    agent, address = browser(AGENT), f"/staff/bookings/{booking}"
    agent.opens(address)
    codes = [agent.sends(f"{address}/notes", body="Paid", seen="").status_code for _ in range(2)]
    assert codes == [303, 303]
    (note,) = notes_of(database, booking)
    # The same words on purpose, under the first: a second note.
    agent.sends(f"{address}/notes", body="Paid", seen=note["id"])
    assert [each["body"] for each in notes_of(database, booking)] == ["Paid", "Paid"]


def test_answer_to_a_written_note_empties_the_box(browser: Opens, booking: str) -> None:
    agent, address = browser(AGENT), f"/staff/bookings/{booking}"
    agent.opens(address)
    response = agent.sends(f"{address}/notes", htmx=True, body="Paid", seen="")
    assert response.status_code == 200
    assert response.text.lstrip().startswith('<section class="panel notes" id="booking-notes"')
    assert '<hx-partial hx-target="#note-body" hx-swap="outerHTML"><textarea' in response.text


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("body", "sentence"), [(" \n ", "Write the note first"), ("x" * 4001, "4,000 characters; it has 4,001")]
)
def test_note_that_can_not_be_kept_is_still_in_its_box(
    browser: Opens, database: Database, booking: str, htmx: bool, body: str, sentence: str
) -> None:
    agent, address = browser(AGENT), f"/staff/bookings/{booking}"
    agent.opens(address)
    response = agent.sends(f"{address}/notes", htmx=htmx, body=body, seen="")
    assert response.status_code == 422
    assert sentence in response.text
    assert f">{body.strip()}</textarea>" in response.text
    assert 'hx-target="#note-body"' not in response.text
    assert notes_of(database, booking) == []


@pytest.mark.parametrize(("email", "code"), [(OTHER_AGENT, 404), (FINANCE, 403), (VIEWER, 403)])
def test_nobody_else_writes_on_it_or_takes_a_note_back(
    browser: Opens, database: Database, booking: str, email: str, code: int
) -> None:
    agent, address = browser(AGENT), f"/staff/bookings/{booking}"
    agent.opens(address)
    agent.sends(f"{address}/notes", body="Mine", seen="")
    before = notes_of(database, booking)
    stranger = browser(email)
    stranger.opens("/staff/")
    assert stranger.sends(f"{address}/notes", body="Hello", seen="").status_code == code
    assert stranger.sends(f"{address}/notes/{before[0]['id']}/deletion").status_code == code
    assert notes_of(database, booking) == before


def test_admin_can_not_take_an_agent_s_note_back_and_the_agent_can(
    browser: Opens, database: Database, booking: str
) -> None:
    agent, admin, address = browser(AGENT), browser(ADMIN), f"/staff/bookings/{booking}"
    agent.opens(address)
    agent.sends(f"{address}/notes", body="Mine", seen="")
    (note,) = notes_of(database, booking)
    admin.opens(address)
    assert admin.sends(f"{address}/notes/{note['id']}/deletion").status_code == 404
    assert notes_of(database, booking) == [note]
    assert agent.sends(f"{address}/notes/{note['id']}/deletion").status_code == 303
    assert notes_of(database, booking) == []
    log = browser(ADMIN).opens("/staff/audit", query_string={"record": note["id"]}).text
    assert f"The note of {note['author_name']} was deleted" in log
