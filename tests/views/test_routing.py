"""An admin says who is given the new website bookings of each purpose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.colleagues import make_colleague
from tests.support.factories import Database, book
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER, People
from tests.support.rows import name_of
from tests.support.staff import StaffBrowser, hidden

Opens = Callable[..., StaffBrowser]
INDEX = "/staff/team/routing"
RULE = f"{INDEX}/cab"


@pytest.fixture(autouse=True)
def no_rules(database: Database) -> Iterator[None]:
    """Nothing is routed before and after: a rule that is on would give away other tests' bookings."""
    database.execute("delete from assignment_rules")
    yield
    database.execute("delete from assignment_rules")


def rules(database: Database) -> list[dict[str, Any]]:
    return database.execute(
        "select agent::text, enabled from assignment_rules where purpose = 'cab' order by agent"
    ).fetchall()


def seen(page: str) -> dict[str, str]:
    return {name: hidden(page, name) for name in ("seen_state", "seen_agents")}


def told(page: str) -> str:
    """What the page says of the purpose."""
    return page.partition('id="rule-cab"')[2].partition("</li>")[0]


def test_admin_routes_a_purpose_and_the_next_booking_goes_to_the_agent(
    browser: Opens, database: Database, people: People
) -> None:
    agent, admin = make_colleague(database), browser(ADMIN)
    assert "New bookings wait without an agent." in told(admin.opens(INDEX).text)
    page = admin.opens(RULE).text
    sent = admin.sends(RULE, state="on", agents=[agent.id], **seen(page))
    assert (sent.status_code, sent.location) == (303, INDEX)
    page = admin.opens(INDEX).text
    assert "The rule for Cab is on now." in page
    assert f"New bookings go to {agent.name}." in told(page)
    booking = book(people.visitor())
    row = database.execute("select assigned_agent::text from bookings where id = %s", [booking]).fetchone()
    assert row == {"assigned_agent": agent.id}
    log = admin.opens("/staff/audit?table=assignment_rules").text
    assert f"{agent.name} was put into the routing rule for cab, which is on" in log


def test_rule_that_is_switched_off_keeps_its_agents_and_gives_out_nothing(
    browser: Opens, database: Database, people: People
) -> None:
    agent, admin = make_colleague(database), browser(ADMIN)
    for state in ("on", "off"):
        page = admin.opens(RULE).text
        admin.sends(RULE, state=state, agents=[agent.id], **seen(page))
    assert f"When it is on: {agent.name}." in told(admin.opens(INDEX).text)
    assert re.search(rf'<input checked[^>]* value="{agent.id}"', admin.opens(RULE).text)
    booking = book(people.visitor())
    row = database.execute("select assigned_agent from bookings where id = %s", [booking]).fetchone()
    assert row == {"assigned_agent": None}


def test_rule_says_who_of_it_takes_no_bookings_now(browser: Opens, database: Database) -> None:
    agent, admin = make_colleague(database), browser(ADMIN)
    page = admin.opens(RULE).text
    admin.sends(RULE, state="on", agents=[agent.id], **seen(page))
    database.execute("update profiles set deactivated_at = now() where id = %s", [agent.id])
    about = told(admin.opens(INDEX).text)
    assert "Nobody of this rule takes bookings now, so new ones wait without an agent." in about
    assert f"{agent.name} takes no bookings now." in about


def test_of_two_admins_the_second_sees_what_the_first_one_set(browser: Opens, database: Database) -> None:
    first, second, admin = make_colleague(database), make_colleague(database), browser(ADMIN)
    before = admin.opens(RULE).text
    admin.sends(RULE, state="on", agents=[first.id], **seen(before))
    sent = admin.sends(RULE, state="on", agents=[second.id], **seen(before))
    assert sent.status_code == 409
    by = f"{name_of(database, ADMIN)} did that on"
    for words in ("Somebody was faster", "The rule is on now.", f"The agents are {first.name} now.", by):
        assert words in sent.text, words
    assert rules(database) == [{"agent": first.id, "enabled": True}]
    assert admin.sends(RULE, state="on", agents=[second.id], **seen(sent.text)).status_code == 303
    assert rules(database) == [{"agent": second.id, "enabled": True}]


def test_second_click_is_no_conflict(browser: Opens, database: Database) -> None:
    agent, admin = make_colleague(database), browser(ADMIN)
    page = admin.opens(RULE).text
    sent = [admin.sends(RULE, state="on", agents=[agent.id], **seen(page)) for _ in range(2)]
    assert [each.status_code for each in sent] == [303, 303]
    assert rules(database) == [{"agent": agent.id, "enabled": True}]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": "on"}, "Choose at least one agent, or switch it off"),
        ({"state": "sometimes"}, "Choose on or off"),
        ({"state": "on", "agents": "viewer"}, "Choose agents from the list"),
    ],
)
def test_rule_that_can_t_be_is_explained(
    browser: Opens, database: Database, fields: dict[str, Any], sentence: str
) -> None:
    admin = browser(ADMIN)
    if "agents" in fields:
        fields = {**fields, "agents": [make_colleague(database, fields["agents"]).id]}
    page = admin.opens(RULE).text
    sent = admin.sends(RULE, **fields, **seen(page))
    assert sent.status_code == 422
    assert sentence in sent.text
    assert rules(database) == []


@pytest.mark.parametrize("email", [AGENT, FINANCE, VIEWER])
def test_nobody_else_routes_bookings(browser: Opens, database: Database, email: str) -> None:
    agent, person = make_colleague(database), browser(email)
    person.opens("/staff/")
    for path in (INDEX, RULE):
        assert person.opens(path).status_code == 403
    sent = person.sends(RULE, state="on", agents=[agent.id], seen_state="off", seen_agents="")
    assert sent.status_code == 403
    assert rules(database) == []


def test_purpose_that_does_not_exist_says_so(browser: Opens) -> None:
    assert browser(ADMIN).opens(f"{INDEX}/boat").status_code == 404
