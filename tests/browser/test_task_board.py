"""Several people have the board of tasks open, and each sees what the others do with it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.factories import Database, make_booking, make_task
from tests.support.people import ADMIN, AGENT, OTHER_AGENT
from tests.support.person import Person

SOON = 20_000  # milliseconds
STAYED = "window.neverLeft === true"

People = Callable[..., Person]


def watches(person: Person, path: str = "/staff/tasks") -> Page:
    """Open the board, leave it open, and wait until it says that it is live."""
    person.goes_to(path)
    expect(person.page.locator("#live-state")).to_have_text("Live", timeout=SOON)
    person.page.evaluate("window.neverLeft = true")
    return person.page


def card(page: Page, column: str, task: str) -> Locator:
    return page.locator(f"#column-{column} #task-{task}")


def pick_up(card: Locator) -> float:
    """Take a card with the mouse; returns how far down the window the mouse is."""
    card.scroll_into_view_if_needed()
    at = card.bounding_box()
    assert at is not None
    card.page.mouse.move(at["x"] + 20, at["y"] + 12)
    card.page.mouse.down()
    card.page.mouse.move(at["x"] + 40, at["y"] + 30, steps=3)
    return at["y"] + 30


def carry_to(page: Page, column: str, down: float) -> None:
    """Hold the card over a column."""
    cards = page.locator(f"#cards-{column}").bounding_box()
    assert cards is not None
    page.mouse.move(cards["x"] + cards["width"] / 2, down, steps=10)
    expect(page.locator(f"#cards-{column} .card-task--place")).to_be_visible()


@pytest.fixture
def task(database: Database) -> str:
    """The agent's most urgent task."""
    booking = make_booking(database, agent=AGENT, pickup_place="Gate 4")
    made = make_task(database, booking, title=f"Call {uuid4().hex}", assigned_to=AGENT)
    database.execute("update tasks set due_date = now() - interval '2 years' where id = %s", [made])
    return made


def test_agent_moves_a_task_with_the_keyboard_and_the_admin_sees_it_move(somebody: People, task: str) -> None:
    admin, agent = watches(somebody(ADMIN)), watches(somebody(AGENT))
    expect(card(admin, "open", task)).to_be_visible()

    card(agent, "open", task).get_by_role("button", name="Start").focus()
    agent.keyboard.press("Enter")
    expect(card(agent, "in_progress", task).get_by_role("link")).to_be_focused(timeout=SOON)
    expect(card(admin, "in_progress", task)).to_be_visible(timeout=SOON)
    expect(card(admin, "open", task)).to_have_count(0)

    agent.keyboard.press("Tab")
    expect(card(agent, "in_progress", task).get_by_role("button", name="Finish")).to_be_focused()
    agent.keyboard.press("Enter")
    expect(card(agent, "in_progress", task)).to_have_count(0, timeout=SOON)
    expect(agent.get_by_role("status").filter(has_text="is done now.")).to_be_visible()
    expect(agent.locator(f"#day-{task}")).to_have_count(0)
    expect(card(admin, "in_progress", task)).to_have_count(0, timeout=SOON)
    assert all(page.evaluate(STAYED) for page in (admin, agent))


def test_task_that_is_handed_over_goes_from_one_agent_s_board_to_the_other_s(
    somebody: People, database: Database, task: str
) -> None:
    admin = somebody(ADMIN)
    first, second = watches(somebody(AGENT)), watches(somebody(OTHER_AGENT))
    expect(card(first, "open", task)).to_be_visible()
    expect(card(second, "open", task)).to_have_count(0)

    admin.goes_to("/staff/tasks")
    card(admin.page, "open", task).get_by_role("link", name="Hand over").click()
    name = database.execute("select full_name from profiles where email = %s", [OTHER_AGENT]).fetchone()
    assert name is not None
    admin.page.get_by_label("Who does it").select_option(label=name["full_name"])
    admin.page.get_by_role("button", name="Hand over").click()
    expect(admin.page.get_by_role("status").filter(has_text="was handed over.")).to_be_visible(timeout=SOON)

    expect(card(second, "open", task)).to_be_visible(timeout=SOON)
    expect(card(first, "open", task)).to_have_count(0, timeout=SOON)
    assert first.evaluate(STAYED)
    assert second.evaluate(STAYED)


def test_focus_stays_where_it_is_while_somebody_else_moves_the_cards_around_it(
    somebody: People, database: Database, task: str
) -> None:
    agent = watches(somebody(AGENT))
    button = card(agent, "open", task).get_by_role("button", name="Block")
    button.focus()
    other = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    expect(card(agent, "open", other)).to_be_visible(timeout=SOON)
    database.execute("update tasks set status = 'blocked' where id = %s", [other])
    expect(card(agent, "blocked", other)).to_be_visible(timeout=SOON)
    expect(button).to_be_focused()


def test_who_is_too_late_is_told_and_sees_the_card_where_it_is(
    somebody: People, database: Database, task: str
) -> None:
    agent = somebody(AGENT)
    agent.page.route("**/staff/live*", lambda route: route.abort())
    agent.goes_to("/staff/tasks")
    database.execute("update tasks set status = 'blocked' where id = %s", [task])
    card(agent.page, "open", task).get_by_role("button", name="Start").click()
    expect(agent.page.get_by_role("alert")).to_contain_text("It is blocked now; you saw it open.")
    expect(card(agent.page, "blocked", task)).to_be_visible()
    agent.problems.clear()  # they are about the stream that this test holds back


def test_agent_drags_a_card_while_the_board_changes_under_it(
    somebody: People, database: Database, task: str
) -> None:
    someone = somebody(AGENT)
    admin, agent = watches(somebody(ADMIN)), watches(someone)
    down = pick_up(card(agent, "open", task))
    carry_to(agent, "blocked", down)
    other = make_task(database, make_booking(database, agent=AGENT), assigned_to=AGENT)
    database.execute("update tasks set due_date = now() - interval '3 years' where id = %s", [other])
    expect(card(admin, "open", other)).to_be_visible(timeout=SOON)
    expect(card(agent, "open", other)).to_have_count(0)  # nothing is drawn under a card that is on its way
    agent.mouse.up()
    expect(agent.get_by_role("status").filter(has_text="is blocked now.")).to_be_visible(timeout=SOON)
    for page in (agent, admin):
        expect(card(page, "blocked", task)).to_be_visible(timeout=SOON)
        expect(card(page, "open", other)).to_be_visible(timeout=SOON)
        expect(page.locator(f"#task-{task}")).to_have_count(1)
    expect(agent.locator(".card-task--place, .card-task--moving")).to_have_count(0)

    # A drop in the card's own column moves nothing.
    down = pick_up(card(agent, "blocked", task))
    carry_to(agent, "open", down)
    carry_to(agent, "blocked", down)
    agent.mouse.up()
    expect(agent.locator(".card-task--place")).to_have_count(0)

    # What can't be sent, or comes too late, is back where it belongs, with the sentence.
    agent.route("**/status*", lambda route: route.abort())
    down = pick_up(card(agent, "blocked", task))
    carry_to(agent, "open", down)
    agent.mouse.up()
    expect(agent.get_by_role("alert")).to_contain_text("could not be sent")
    expect(card(agent, "blocked", task)).to_be_visible()
    someone.problems.clear()  # they are about the outage
    agent.unroute("**/status*")
    down = pick_up(card(agent, "blocked", task))
    database.execute("update tasks set status = 'in_progress' where id = %s", [task])
    expect(card(admin, "in_progress", task)).to_be_visible(timeout=SOON)
    carry_to(agent, "open", down)
    agent.mouse.up()
    expect(agent.get_by_role("alert")).to_contain_text("It is in progress now; you saw it blocked.")
    expect(card(agent, "in_progress", task)).to_be_visible()
    assert all(page.evaluate(STAYED) for page in (admin, agent))


def test_on_a_phone_there_are_the_buttons(somebody: People, task: str) -> None:
    agent = somebody(AGENT)
    agent.page.set_viewport_size({"width": 390, "height": 844})
    page = watches(agent)
    pick_up(card(page, "open", task))
    page.mouse.move(200, 400, steps=5)
    expect(page.locator(".card-task--place, .card-task--moving")).to_have_count(0)
    page.mouse.up()
    card(page, "open", task).get_by_role("button", name="Block").click()
    expect(card(page, "blocked", task)).to_be_visible(timeout=SOON)


def test_agent_works_through_the_board_without_javascript(somebody: People, task: str) -> None:
    agent = somebody(AGENT, javascript=False)
    agent.goes_to("/staff/tasks")
    card(agent.page, "open", task).get_by_role("button", name="Finish").click()
    expect(agent.page.get_by_role("status").filter(has_text="is done now.")).to_be_visible()
    expect(card(agent.page, "open", task)).to_have_count(0)
