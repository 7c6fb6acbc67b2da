"""What is set up and looked up: routing, the audit log, the embeds; and a password that was forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from tests.support import cab
from tests.support.backend import TestBackend
from tests.support.colleagues import make_colleague
from tests.support.factories import Database, book, make_booking
from tests.support.mailbox import last_mail_to
from tests.support.people import ADMIN, AGENT, FINANCE, People
from tests.support.person import Person

Somebody = Callable[..., Person]
NEW_PASSWORD = "three-random-words"


def test_booking_of_a_routed_purpose_arrives_with_its_agent(somebody: Somebody, database: Database) -> None:
    colleague, name = make_colleague(database), f"Routed {uuid4().hex[:10]}"
    admin, agent, visitor = somebody(ADMIN), somebody(colleague.email), somebody()
    page = agent.watches("/staff/bookings")
    expect(page.get_by_text("No bookings yet")).to_be_visible()
    admin.goes_to("/staff/team")
    admin.page.get_by_role("link", name="Who gets new bookings").click()
    admin.page.get_by_role("link", name="Cab").click()
    admin.page.get_by_label("On: each goes").check()
    admin.page.get_by_role("button", name="Save").click()
    expect(admin.page.locator("#error-summary")).to_contain_text("Choose at least one agent")
    admin.page.get_by_label(colleague.name).check()
    admin.page.get_by_role("button", name="Save").click()
    admin.is_told("The rule for Cab is on now.")
    expect(admin.page.locator("#rule-cab")).to_contain_text(f"New bookings go to {colleague.name}.")

    visitor.goes_to("/book/cab")
    cab.fill_in(visitor.page, name=name)
    cab.send(visitor.page)
    visitor.page.wait_for_url("**/book/cab/received/**")
    expect(page.locator("#booking-rows > .row")).to_have_count(1)
    expect(page.locator("#booking-rows > .row")).to_contain_text(name)
    expect(page.locator("#booking-rows > .row")).to_contain_text("1 open")
    expect(page.locator(".toast")).to_contain_text("A booking for you")

    admin.page.get_by_role("link", name="Cab").click()
    admin.page.get_by_label("Off: they wait").check()
    admin.page.get_by_role("button", name="Save").click()
    admin.is_told("The rule for Cab is off now.")


def test_admin_finds_who_changed_what_from_which_value_to_which(
    somebody: Somebody, people: People, database: Database
) -> None:
    booking = make_booking(database, agent=AGENT)
    people.staff(AGENT).table("bookings").update({"status": "confirmed"}).eq("id", booking).execute()
    people.staff(ADMIN).table("bookings").update({"purpose": "hotel"}).eq("id", booking).execute()
    row = database.execute(
        "select reference, (select full_name from profiles where email = %s) as agent"
        " from bookings where id = %s",
        [AGENT, booking],
    ).fetchone()
    assert row is not None
    admin = somebody(ADMIN)
    admin.goes_to("/staff/audit")
    page, entries = admin.page, admin.page.locator(".audit__item")
    page.get_by_label("Record").press_sequentially(row["reference"])
    expect(entries).to_have_count(3)
    page.get_by_label("Of what").select_option("clients")
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    page.get_by_label("Of what").select_option("bookings")
    expect(entries).to_have_count(3)
    page.get_by_label("What happened").select_option("UPDATE")
    expect(entries).to_have_count(2)
    page.get_by_label("Person").select_option(label=row["agent"])
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text(row["agent"])
    entries.locator("summary").click()
    expect(entries.locator("del")).to_have_text("Pending")
    expect(entries.locator("ins")).to_have_text("Confirmed")
    page.get_by_label("To", exact=True).fill("2020-01-01")
    page.get_by_label("To", exact=True).press("Enter")
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    page.get_by_role("link", name="Show the whole log").click()
    expect(entries).to_have_count(50)
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV file").click()
    assert re.fullmatch(r"roamio-audit-[\d-]+\.csv", saved.value.suggested_filename)


def test_finance_sees_which_page_brought_how_many_and_takes_its_snippet(
    somebody: Somebody, people: People
) -> None:
    page_of_theirs = f"https://goa-{uuid4().hex[:8]}.example/stay"
    for _ in range(2):
        book(people.visitor(), source={"channel": "embed", "host": page_of_theirs, "ref": "beaches"})
    finance = somebody(FINANCE)
    finance.goes_to("/staff/embeds")
    row = finance.page.locator("#sources tbody tr").filter(has_text=page_of_theirs.removeprefix("https://"))
    expect(row).to_contain_text("beaches")
    expect(row.locator(".number").first).to_have_text("2")
    finance.page.locator(".snippet").filter(has_text="Cab").locator("summary").click()
    expect(finance.page.locator("pre").filter(has_text='purpose="cab"')).to_be_visible()
    row.get_by_role("link").click()
    expect(finance.page.locator("#booking-rows > .row")).to_have_count(2)
    finance.page.goto("/staff/embeds")
    finance.page.get_by_label("From", exact=True).fill("2020-01-01")
    finance.page.get_by_label("To", exact=True).fill("2020-01-02")
    expect(finance.page.get_by_text("No bookings in these days")).to_be_visible()


def test_agent_who_forgot_their_password_is_mailed_a_way_in(
    somebody: Somebody, backend: TestBackend, database: Database
) -> None:
    colleague, person, elsewhere = make_colleague(database), somebody(), somebody()
    person.goes_to("/staff/bookings")
    person.page.get_by_role("link", name="I forgot my password").click()
    person.page.get_by_label("E-mail address").fill(colleague.email)
    person.page.get_by_role("button", name="Mail me the link").click()
    expect(person.page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    person.page.goto(last_mail_to(backend, colleague.email).link)
    person.page.get_by_label("New password").fill(NEW_PASSWORD)
    person.page.get_by_label("The same password again").fill(NEW_PASSWORD)
    person.page.get_by_role("button", name="Set the password and sign in").click()
    person.is_told("Your new password is set.")
    elsewhere.sign_in(colleague.email, NEW_PASSWORD)
    expect(elsewhere.page.locator(".account__name")).to_contain_text(colleague.name)
