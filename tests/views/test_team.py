"""An admin sees who works here, changes names and roles, and lets people go or in again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support.colleagues import Colleague, make_colleague, profile_of
from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER, People
from tests.support.staff import StaffBrowser, hidden

Opens = Callable[..., StaffBrowser]
SEEN = ("seen_name", "seen_role", "seen_active")


def seen(page: str) -> dict[str, str]:
    """What the form says of the person that its page showed."""
    return {name: hidden(page, name) for name in SEEN}


def row_of(page: str, person: Colleague) -> str:
    """The person's row of the list, without its tags' attributes."""
    return page.partition(f'id="person-{person.id}"')[2].partition("</tr>")[0]


def agent_of(database: Database, booking: str) -> Any:
    row = database.execute("select assigned_agent::text from bookings where id = %s", [booking]).fetchone()
    assert row is not None
    return row["assigned_agent"]


@pytest.mark.parametrize("email", [AGENT, FINANCE, VIEWER])
def test_nobody_else_sees_the_team_or_changes_it(browser: Opens, database: Database, email: str) -> None:
    person, colleague = browser(email), make_colleague(database)
    assert "/staff/team" not in person.opens("/staff/").text
    for path in ("", f"/{colleague.id}", f"/{colleague.id}/access", "/invitations/new", "/routing/cab"):
        assert person.opens(f"/staff/team{path}").status_code == 403
    standing = {"seen_name": colleague.name, "seen_role": "operations", "seen_active": "yes"}
    for path in (f"/{colleague.id}", f"/{colleague.id}/access"):
        sent = person.sends(f"/staff/team{path}", full_name="X", role="admin", active="no", **standing)
        assert sent.status_code == 403
    kept = profile_of(database, colleague)
    assert (kept["full_name"], kept["role"], kept["deactivated_at"]) == (colleague.name, "operations", None)


def test_admin_sees_what_everybody_has_to_do_and_when_they_were_here(
    browser: Opens, database: Database
) -> None:
    busy, idle = make_colleague(database), make_colleague(database, "viewer")
    for status in ("pending", "completed"):
        make_task(database, make_booking(database, agent=busy.email, status=status), assigned_to=busy.email)
    browser(busy.email).opens("/staff/")
    page = browser(ADMIN).opens("/staff/team").text
    for words in (busy.name, busy.email, "Operations", 'data-label="Open bookings">1<', "<time datetime="):
        assert words in row_of(page, busy), words
    # A review task and another one on each booking.
    assert 'data-label="Open tasks">4<' in row_of(page, busy)
    for words in ("Viewer", 'data-label="Open bookings">0<', "Not yet"):
        assert words in row_of(page, idle), words
    assert 'aria-current="page"' in page.partition('href="/staff/team"')[2][:40]


def test_admin_gives_somebody_another_name_and_role(browser: Opens, database: Database) -> None:
    person, admin = make_colleague(database, "viewer"), browser(ADMIN)
    address = f"/staff/team/{person.id}"
    page = admin.opens(address).text
    sent = admin.sends(address, full_name="  Asha   Rao ", role="finance", **seen(page))
    assert (sent.status_code, sent.location) == (303, address)
    assert "Asha Rao is finance." in admin.opens(address).text
    kept = profile_of(database, person)
    assert (kept["full_name"], kept["role"], kept["deactivated_at"]) == ("Asha Rao", "finance", None)
    log = admin.opens(f"/staff/audit?record={person.id}").text
    assert "The staff account of Asha Rao went from viewer to finance, got another name" in log
    assert "Meera Krishnan, " in log


@pytest.mark.parametrize("handed", [True, False])
def test_agent_who_becomes_finance_leaves_their_open_work(
    browser: Opens, database: Database, handed: bool
) -> None:
    person, successor, admin = make_colleague(database), make_colleague(database), browser(ADMIN)
    open_one, done = (
        make_booking(database, agent=person.email, status=status) for status in ("confirmed", "completed")
    )
    elsewhere = make_task(database, make_booking(database), assigned_to=person.email)
    address, chosen = f"/staff/team/{person.id}", successor.id if handed else ""
    page = admin.opens(address).text
    assert "1 booking and 3 tasks" in page
    assert f"{successor.name}, 0 open bookings" in page
    sent = admin.sends(address, full_name=person.name, role="finance", successor=chosen, **seen(page))
    assert sent.status_code == 303
    told = f"went to {successor.name}" if handed else "now wait without an agent"
    assert f"is finance. 1 open booking and 3 open tasks {told}." in admin.opens(address).text
    assert agent_of(database, open_one) == (chosen or None)
    assert agent_of(database, done) == person.id
    task = database.execute("select assigned_to::text from tasks where id = %s", [elsewhere]).fetchone()
    assert task == {"assigned_to": chosen or None}


def test_agent_who_becomes_an_admin_keeps_their_work(browser: Opens, database: Database) -> None:
    person, admin = make_colleague(database), browser(ADMIN)
    booking = make_booking(database, agent=person.email)
    page = admin.opens(f"/staff/team/{person.id}").text
    admin.sends(f"/staff/team/{person.id}", full_name=person.name, role="admin", **seen(page))
    assert profile_of(database, person)["role"] == "admin"
    assert agent_of(database, booking) == person.id


def test_admin_corrects_their_own_name_and_not_their_role(browser: Opens, database: Database) -> None:
    myself = make_colleague(database, "admin")
    admin, address = browser(myself.email), f"/staff/team/{myself.id}"
    page = admin.opens(address).text
    assert 'name="role"' not in page
    assert "Nobody changes their own" in page
    assert admin.sends(address, full_name="Zoë", **seen(page)).status_code == 303
    page = admin.opens(address).text
    sent = admin.sends(address, full_name="Zoë", role="viewer", **seen(page))
    assert sent.status_code == 422
    assert "Nobody changes their own role" in sent.text
    page = admin.opens(f"{address}/access").text
    assert "Nobody takes their own access away" in page
    standing = {"seen_name": "Zoë", "seen_role": "admin", "seen_active": "yes"}
    sent = admin.sends(f"{address}/access", active="no", **standing)
    assert sent.status_code == 422
    assert "Nobody deactivates themselves" in sent.text
    kept = profile_of(database, myself)
    assert (kept["full_name"], kept["role"], kept["deactivated_at"]) == ("Zoë", "admin", None)


def test_admin_who_was_too_late_sees_what_changed_and_by_whom_and_keeps_what_they_typed(
    browser: Opens, database: Database, people: People
) -> None:
    person, other = make_colleague(database, "viewer"), make_colleague(database, "admin")
    admin, address = browser(ADMIN), f"/staff/team/{person.id}"
    page = admin.opens(address).text
    people.staff(other.email).table("profiles").update({"role": "finance"}).eq("id", person.id).execute()
    mine = {"full_name": "Typed Name", "role": "operations"}
    sent = admin.sends(address, **mine, **seen(page))
    assert sent.status_code == 409
    for words in (
        "Somebody was faster",
        "The role is finance now.",
        f"{other.name} did that on ",
        'value="Typed Name"',
    ):
        assert words in sent.text, words
    assert profile_of(database, person)["full_name"] == person.name
    assert admin.sends(address, **mine, **seen(sent.text)).status_code == 303
    kept = profile_of(database, person)
    assert (kept["full_name"], kept["role"]) == ("Typed Name", "operations")


def test_second_click_is_no_conflict(browser: Opens, database: Database) -> None:
    person, admin = make_colleague(database, "viewer"), browser(ADMIN)
    address = f"/staff/team/{person.id}"
    page = admin.opens(address).text
    answers = {"full_name": "Twice", "role": "finance", **seen(page)}
    assert [admin.sends(address, **answers).status_code for _ in range(2)] == [303, 303]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"full_name": " "}, "Enter the person’s full name"),
        ({"full_name": "x" * 201}, "shorten this to 200 characters"),
        ({"role": "owner"}, "Choose a role"),
        ({"successor": "somebody"}, "Choose somebody from the list"),
    ],
)
def test_answers_that_can_t_be_are_explained(
    browser: Opens, database: Database, fields: dict[str, str], sentence: str
) -> None:
    person, admin = make_colleague(database), browser(ADMIN)
    make_booking(database, agent=person.email)
    before, address = profile_of(database, person), f"/staff/team/{person.id}"
    page = admin.opens(address).text
    sent = admin.sends(address, **{"full_name": "Kept Name", "role": "viewer", **fields}, **seen(page))
    assert sent.status_code == 422
    assert sentence in sent.text
    assert "Kept Name" in sent.text or "full_name" in fields
    assert profile_of(database, person) == before


def test_work_is_not_handed_to_somebody_who_can_t_do_it(browser: Opens, database: Database) -> None:
    person, viewer, admin = make_colleague(database), make_colleague(database, "viewer"), browser(ADMIN)
    booking = make_booking(database, agent=person.email)
    page = admin.opens(f"/staff/team/{person.id}/access").text
    sent = admin.sends(f"/staff/team/{person.id}/access", active="no", successor=viewer.id, **seen(page))
    assert sent.status_code == 422
    assert "can only be assigned to operations staff or an admin" in sent.text
    assert profile_of(database, person)["deactivated_at"] is None
    assert agent_of(database, booking) == person.id


def test_admin_lets_somebody_go_and_in_again(browser: Opens, database: Database) -> None:
    person, successor, admin = make_colleague(database), make_colleague(database), browser(ADMIN)
    booking, address = make_booking(database, agent=person.email), f"/staff/team/{person.id}/access"
    agent = browser(person.email)
    assert agent.opens("/staff/bookings").status_code == 200

    page = admin.opens(address).text
    assert profile_of(database, person)["deactivated_at"] is None, "the page only asks"
    sent = admin.sends(address, active="no", successor=successor.id, **seen(page))
    assert (sent.status_code, sent.location) == (303, "/staff/team")
    page = admin.opens("/staff/team").text
    told = f"{person.name} has no access any more. 1 open booking and 1 open task went to {successor.name}."
    assert told in page
    assert "No access" in row_of(page, person)
    assert agent_of(database, booking) == successor.id
    turned_away = agent.opens("/staff/bookings")
    assert turned_away.location.startswith("/staff/sign-in")
    assert agent.tokens is None

    page = admin.opens(address).text
    assert "Let them in" in page
    assert admin.sends(address, active="yes", **seen(page)).status_code == 303
    page = admin.opens("/staff/team").text
    assert f"{person.name} has access again." in page
    assert "No access" not in row_of(page, person)
    log = admin.opens(f"/staff/audit?record={person.id}").text
    for words in ("lost its access", "got its access back"):
        assert f"The staff account of {person.name} {words}" in log


def test_of_two_admins_who_let_the_same_person_go_the_second_is_told_that_it_is_done(
    browser: Opens, database: Database
) -> None:
    person, admin = make_colleague(database), browser(ADMIN)
    address = f"/staff/team/{person.id}/access"
    page = admin.opens(address).text
    assert [admin.sends(address, active="no", **seen(page)).status_code for _ in range(2)] == [303, 303]


def test_admin_who_is_too_late_to_let_somebody_go_is_asked_again(browser: Opens, database: Database) -> None:
    person, admin = make_colleague(database), browser(ADMIN)
    address = f"/staff/team/{person.id}/access"
    page = admin.opens(address).text
    database.execute("update profiles set role = 'admin' where id = %s", [person.id])
    sent = admin.sends(address, active="no", **seen(page))
    assert sent.status_code == 409
    assert "The role is admin now." in sent.text
    assert profile_of(database, person)["deactivated_at"] is None
    assert admin.sends(address, active="no", **seen(sent.text)).status_code == 303


def test_form_that_somebody_tampered_with_changes_nothing(browser: Opens, database: Database) -> None:
    person, admin = make_colleague(database), browser(ADMIN)
    before = profile_of(database, person)
    for path in (f"/staff/team/{person.id}", f"/staff/team/{person.id}/access"):
        admin.opens(path)
        sent = admin.sends(path, full_name="X", role="admin", active="no", seen_role="owner")
        assert sent.status_code == 422
    assert profile_of(database, person) == before


@pytest.mark.parametrize("path", ["/staff/team/nobody", f"/staff/team/{UUID(int=0)}"])
def test_address_of_nobody_says_so(browser: Opens, path: str) -> None:
    assert browser(ADMIN).opens(path).status_code == 404
    assert browser(ADMIN).opens(f"{path}/access").status_code == 404


def test_name_of_any_kind_is_shown_as_it_is(browser: Opens, database: Database) -> None:
    name = f"<b>O'Brien</b> “Zoë” {uuid4().hex[:6]}"
    person, admin = make_colleague(database, name=name), browser(ADMIN)
    page = admin.opens(f"/staff/team/{person.id}").text
    assert "<b>O" not in page
    assert "&lt;b&gt;O&#39;Brien" in admin.opens("/staff/team").text
