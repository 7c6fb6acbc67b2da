"""Staff change several bookings at once, and are told of each what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.colleagues import make_colleague
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People
from tests.support.rows import id_of
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]
STATUS = "/staff/bookings/several/status"
ASSIGNMENT = "/staff/bookings/several/assignment"


def kept(database: Database, booking: str) -> dict[str, Any]:
    row = database.execute(
        "select status::text, assigned_agent::text as agent from bookings where id = %s", [booking]
    ).fetchone()
    assert row is not None
    return row


def choose(database: Database, *bookings: str) -> list[str]:
    """What the boxes of these rows say."""
    found = database.execute(
        "select id::text, updated_at from bookings where id::text = any(%s)", [[*bookings]]
    )
    seen = {row["id"]: row["updated_at"].isoformat() for row in found}
    return [f"{booking}~{seen[booking]}" for booking in bookings]


@pytest.mark.parametrize(
    ("email", "offered", "hidden"),
    [
        (ADMIN, ('id="several-agent"', 'id="several-status"', 'name="booking"', "Unassigned", ">Mine<"), ()),
        (AGENT, ('id="several-status"', 'name="booking"', "Starting today"), ("several-agent", "Unassigned")),
        (FINANCE, ("Starting today",), ('id="several', 'name="booking"', "Unassigned")),
    ],
)
def test_each_role_is_offered_what_it_can_do_with_several(
    browser: Opens, database: Database, email: str, offered: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    make_booking(database, agent=AGENT)
    page = browser(email).opens("/staff/bookings").text
    assert [words for words in offered if words not in page] == []
    assert [words for words in hidden if words in page] == []


def test_box_says_which_booking_and_which_version_of_it(browser: Opens, database: Database) -> None:
    booking = make_booking(database)
    (value,) = choose(database, booking)
    page = browser(ADMIN).opens("/staff/bookings").text
    assert value.replace("+", "&#43;") in page or value in page


def test_agent_moves_two_without_javascript(browser: Opens, database: Database) -> None:
    bookings = [make_booking(database, agent=AGENT) for _ in range(2)]
    agent = browser(AGENT)
    agent.opens("/staff/bookings")
    response = agent.sends(f"{STATUS}?sort=changed", booking=choose(database, *bookings), status="confirmed")
    assert (response.status_code, response.location) == (303, "/staff/bookings?sort=changed")
    assert "2 bookings moved to confirmed." in agent.opens(response.location).text
    assert [kept(database, booking)["status"] for booking in bookings] == ["confirmed"] * 2


def test_admin_assigns_with_htmx_and_keeps_the_list(browser: Opens, database: Database) -> None:
    bookings = [make_booking(database, pickup_place="Severalpur") for _ in range(2)]
    admin, agent = browser(ADMIN), id_of(database, AGENT)
    admin.opens("/staff/bookings")
    response = admin.sends(
        f"{ASSIGNMENT}?search=severalpur", htmx=True, booking=choose(database, *bookings), agent=agent
    )
    assert response.status_code == 200
    assert response.text.lstrip().startswith('<section id="bookings"')
    assert "2 bookings assigned to Priya Nair:" in response.text
    assert 'data-still-chosen=""' in response.text
    assert 'class="pick__box" type="checkbox" name="booking"' in response.text
    assert response.text.count('class="row"') == 2
    assert [kept(database, booking)["agent"] for booking in bookings] == [agent] * 2


@pytest.mark.parametrize("htmx", [False, True])
def test_who_was_overtaken_is_told_of_that_row_and_the_others_are_done(
    browser: Opens, database: Database, people: People, htmx: bool
) -> None:
    free, taken = make_booking(database), make_booking(database)
    boxes = choose(database, free, taken)
    other = id_of(database, OTHER_AGENT)
    admin, boss = browser(ADMIN), make_colleague(database, "admin")
    moved = {"status": "confirmed", "assigned_agent": other}
    people.staff(boss.email).table("bookings").update(moved).eq("id", taken).execute()
    admin.opens("/staff/bookings")
    response = admin.sends(ASSIGNMENT, htmx=htmx, booking=boxes, agent=id_of(database, AGENT))
    assert response.status_code == 409
    assert "1 booking assigned to Priya Nair:" in response.text
    assert "1 not changed, and still chosen below:" in response.text
    assert f"{boss.name} was faster. It is confirmed now, with" in response.text
    assert f'data-still-chosen="{taken}"' in response.text
    assert next(line for line in response.text.split("<tr ") if " checked>" in line).startswith(
        f'id="booking-{taken}"'
    )
    assert kept(database, free)["agent"] == id_of(database, AGENT)
    assert kept(database, taken) == {"status": "confirmed", "agent": other}


def test_second_click_finds_its_own_work_done(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    agent, boxes = browser(AGENT), choose(database, booking)
    agent.opens("/staff/bookings")
    for _ in range(2):
        assert agent.sends(STATUS, booking=boxes, status="confirmed").status_code == 303


def test_agent_is_told_which_row_is_not_theirs(browser: Opens, database: Database) -> None:
    mine, foreign = make_booking(database, agent=AGENT), make_booking(database, agent=OTHER_AGENT)
    agent = browser(AGENT)
    agent.opens("/staff/bookings")
    response = agent.sends(STATUS, booking=choose(database, mine, foreign), status="confirmed")
    assert response.status_code == 409
    assert "1 booking moved to confirmed:" in response.text
    assert "it does not exist, or it is not yours any more." in response.text
    assert kept(database, mine)["status"] == "confirmed"
    assert kept(database, foreign)["status"] == "pending"


def test_database_s_sentence_stands_beside_the_row_that_it_refused(
    browser: Opens, database: Database
) -> None:
    booking = make_booking(database)
    admin = browser(ADMIN)
    admin.opens("/staff/bookings")
    response = admin.sends(ASSIGNMENT, booking=choose(database, booking), agent=id_of(database, FINANCE))
    assert response.status_code == 409
    assert "A booking can only be assigned to operations staff or an admin" in response.text
    assert kept(database, booking)["agent"] is None


@pytest.mark.parametrize(
    ("address", "fields", "sentence"),
    [
        (STATUS, {"status": "confirmed"}, "Choose at least one booking in the list"),
        (STATUS, {"status": ""}, "Choose at least one booking in the list"),
        (STATUS, {"status": "lost", "booking": "{box}"}, "Choose a status"),
        (ASSIGNMENT, {"agent": "", "booking": "{box}"}, "Choose an agent from the list"),
        (ASSIGNMENT, {"agent": "nobody", "booking": "something~else"}, "Open the list again, then choose"),
    ],
)
def test_half_a_choice_is_sent_back_with_what_to_do(
    browser: Opens, database: Database, address: str, fields: dict[str, str], sentence: str
) -> None:
    booking = make_booking(database)
    (box,) = choose(database, booking)
    admin = browser(ADMIN)
    admin.opens("/staff/bookings")
    response = admin.sends(address, **{name: value.format(box=box) for name, value in fields.items()})
    assert response.status_code == 422
    assert sentence in response.text
    assert kept(database, booking) == {"status": "pending", "agent": None}


@pytest.mark.parametrize(
    ("email", "address", "code"), [(AGENT, ASSIGNMENT, 403), (FINANCE, STATUS, 403), (VIEWER, STATUS, 403)]
)
def test_role_that_may_not_is_refused_and_nothing_changes(
    browser: Opens, database: Database, email: str, address: str, code: int
) -> None:
    booking = make_booking(database, agent=AGENT)
    before = kept(database, booking)
    person = browser(email)
    person.opens("/staff/")
    response = person.sends(
        address, booking=choose(database, booking), status="confirmed", agent=id_of(database, OTHER_AGENT)
    )
    assert response.status_code == code
    assert kept(database, booking) == before
