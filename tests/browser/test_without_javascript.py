"""Staff whose browser runs no script do all of their work with what the pages themselves hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.support.accounts import new_address
from tests.support.colleagues import make_colleague, profile_of
from tests.support.factories import Database, book, make_booking, make_client
from tests.support.people import People
from tests.support.person import Person

Somebody = Callable[..., Person]
MORE_THAN_A_PAGE = 52
HEALTH = {
    "speciality": "cardiology",
    "need": "A bypass was advised",
    "consent": {"wording": "I agree", "given_at": "2026-11-22T10:00:00Z"},
}


def row(page: Page, booking: str) -> Locator:
    return page.locator(f"#booking-{booking}")


def press(within: Page | Locator, name: str) -> None:
    within.get_by_role("button", name=name, exact=True).click()


def follow(within: Page | Locator, name: str) -> None:
    within.get_by_role("link", name=name, exact=True).click()


def test_agent_works_through_a_day(somebody: Somebody, people: People, database: Database) -> None:
    colleague, place = make_colleague(database), f"Gate {uuid4().hex[:8]}"
    bookings = [
        make_booking(database, agent=colleague.email, pickup_place=place) for _ in range(MORE_THAN_A_PAGE)
    ]
    ill = book(people.visitor(), purpose="medical", health=HEALTH)
    database.execute("update bookings set assigned_agent = %s where id = %s", [colleague.id, ill])
    agent = somebody(javascript=False)
    agent.sign_in(colleague.email)
    page = agent.page

    follow(page, "Bookings")
    page.get_by_label("Purpose").select_option("cab")
    page.get_by_label("Search", exact=True).fill(place)
    press(page, "Show")
    expect(page.locator("#booking-rows > .row")).to_have_count(50)
    expect(row(page, ill)).to_have_count(0)
    for booking in bookings[-2:]:
        row(page, booking).get_by_role("checkbox").check()
    page.get_by_label("Move to").select_option("confirmed")
    press(page, "Move")
    agent.is_told("2 bookings moved to confirmed.")
    expect(row(page, bookings[-1])).to_contain_text("Confirmed")
    follow(page, "Next page")
    expect(page.locator("#booking-rows > .row")).to_have_count(2)
    follow(page, "First page")

    row(page, bookings[-1]).get_by_role("link").click()
    press(page, "Start")
    agent.is_told("Moved to in progress.")
    press(page, "Add the note")
    expect(page.get_by_role("alert")).to_have_text("Write the note first")
    page.get_by_label("Write a note").fill("Calls after six")
    press(page, "Add the note")
    expect(page.locator(".note")).to_contain_text("Calls after six")
    page.get_by_role("button", name="Delete the note").click()
    expect(page.locator(".note")).to_have_count(0)

    follow(page, "Add a task")
    page.get_by_label("What is to be done").fill("Call the driver")
    press(page, "Add the task")
    agent.is_told("“Call the driver” was added.")
    page.goto(f"/staff/bookings/{bookings[-1]}")
    for step, said in (("Start", "in progress"), ("Block", "blocked"), ("Finish", "done")):
        task = page.locator("#booking-tasks .task").filter(has_text="Call the driver")
        task.get_by_role("button", name=step).click()
        agent.is_told(f"“Call the driver” is {said} now.")

    page.goto(f"/staff/bookings/{ill}")
    press(page, "Open")
    expect(page.locator("#health")).to_contain_text("A bypass was advised")
    page.get_by_text(colleague.name).first.click()
    press(page, "Sign out")
    expect(page).to_have_url(re.compile("/staff/sign-in"))


def test_admin_runs_the_office(somebody: Somebody, database: Database) -> None:
    boss, colleague, successor = (
        make_colleague(database, role) for role in ("admin", "operations", "operations")
    )
    name, mail, invited = f"Zara {uuid4().hex[:10]}", new_address(), new_address()
    kept, gone = make_client(database, name=name), make_client(database, name=name, phone=None)
    booking = make_booking(database, client_id=gone, agent=colleague.email)
    admin = somebody(javascript=False)
    admin.sign_in(boss.email)
    page = admin.page

    page.goto(f"/staff/bookings/{booking}")
    page.get_by_label("Assigned to").select_option(value=successor.id)
    press(page, "Assign")
    admin.is_told("Assigned.")
    page.goto("/staff/bookings")
    row(page, booking).get_by_role("checkbox").check()
    page.locator("#several-agent").select_option(label=colleague.name)
    press(page, "Assign")
    admin.is_told(f"1 booking assigned to {colleague.name}.")

    page.goto("/staff/tasks")
    page.get_by_role("combobox", name="Whose tasks").select_option(label=colleague.name)
    press(page, "Show")
    page.get_by_role("link", name="Hand over").first.click()
    page.get_by_label("Who does it").select_option(label=successor.name)
    press(page, "Hand over")
    admin.is_told("was handed over.")

    follow(page, "Clients")
    page.get_by_label("Search").fill(name)
    press(page, "Show")
    page.locator(f"#client-{kept}").get_by_role("link").click()
    follow(page, "Change the details")
    page.get_by_label("E-mail address").fill(mail)
    press(page, "Save")
    admin.is_told("The details were changed.")
    follow(page, "Here twice? Make one of them")
    page.get_by_role("main").get_by_role("link", name=name, exact=True).last.click()
    press(page, "Make them one")
    admin.is_told("The two are one client now.")
    expect(page.locator(f"#client a[href$='{booking}']")).to_be_visible()

    follow(page, "Team")
    follow(page, "Invite somebody")
    page.get_by_label("E-mail address").fill(invited)
    page.get_by_label("Viewer:").check()
    press(page, "Send the invitation")
    admin.is_told("is on its way to")
    page.get_by_role("button", name=f"Send again to {invited}").click()
    admin.is_told("Wait a minute, then send it again.")
    page.get_by_role("button", name=f"Withdraw the invitation for {invited}").click()
    admin.is_told("is not invited any more.")
    follow(page, "Who gets new bookings")
    follow(page, "Hotel")
    page.get_by_label("On: each goes").check()
    page.get_by_label(colleague.name).check()
    press(page, "Save")
    admin.is_told("The rule for Hotel is on now.")
    follow(page.get_by_role("main"), "Team")
    follow(page, colleague.name)
    page.get_by_label("Finance:").check()
    page.get_by_label("Who takes over").select_option(successor.id)
    press(page, "Save")
    admin.is_told(f"went to {successor.name}")
    assert profile_of(database, colleague)["role"] == "finance"

    follow(page, "Audit")
    page.get_by_label("Of what").select_option("profiles")
    page.get_by_label("Person").select_option(label=boss.name)
    press(page, "Show")
    expect(page.locator(".audit__item").first).to_contain_text(colleague.name)
    page.locator(".audit__item summary").first.click()
    expect(page.locator(".audit__item ins").first).to_have_text("Finance")
    with page.expect_download() as saved:
        follow(page, "XLSX file")
    assert saved.value.suggested_filename.startswith("roamio-audit-")

    page.get_by_text(boss.name).first.click()
    follow(page, "Your account")
    press(page, "Sign out everywhere")
    expect(page.get_by_text("You are signed out everywhere.")).to_be_visible()
