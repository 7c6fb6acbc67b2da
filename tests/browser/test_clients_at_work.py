"""Clients in the office: found as somebody types, corrected, and made one of two with nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from tests.support.factories import Database, book, contact, make_booking, make_client, make_task
from tests.support.people import ADMIN, AGENT, People
from tests.support.person import Person

Somebody = Callable[..., Person]
HEALTH = {
    "speciality": "cardiology",
    "need": "A bypass was advised",
    "consent": {"wording": "I agree", "given_at": "2026-11-22T10:00:00Z"},
}


def test_admin_corrects_a_client_whom_an_agent_has_found(somebody: Somebody, database: Database) -> None:
    name, mail = f"Zara {uuid4().hex[:10]}", f"{uuid4().hex}@example.com"
    client = make_client(database, name=name)
    make_booking(database, client_id=client, agent=AGENT)
    other = make_client(database, name=f"{name} the Second")
    admin, agent = somebody(ADMIN), somebody(AGENT)
    found = agent.watches("/staff/clients")
    found.get_by_label("Search").press_sequentially(name[:12])
    expect(found.locator("#clients tbody > tr")).to_have_count(1)
    assert found.locator(f"#client-{other}").count() == 0
    found.get_by_role("link", name=name).click()
    expect(found.locator("#live-state")).to_have_text("Live")
    expect(found.get_by_role("link", name="Change the details")).to_have_count(0)

    page = admin.watches("/staff/clients")
    page.get_by_label("Search").press_sequentially(name)
    expect(page.locator("#clients tbody > tr")).to_have_count(2)
    page.locator(f"#client-{client}").get_by_role("link").click()
    page.get_by_role("link", name="Change the details").click()
    page.get_by_label("Full name").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-summary")).to_contain_text("Enter the client’s full name")
    page.get_by_label("Full name").fill(f"{name} Khan")
    page.get_by_label("E-mail address").fill(mail)
    page.get_by_role("button", name="Save").click()
    admin.is_told("The details were changed.")
    expect(page.get_by_role("heading", name=f"{name} Khan")).to_be_visible()
    # The agent has the new address before they write.
    expect(found.get_by_role("heading", name=f"{name} Khan")).to_be_visible()
    expect(found.get_by_role("link", name=mail)).to_be_visible()


def test_admin_makes_one_of_two_and_nothing_of_either_is_lost(
    somebody: Somebody, people: People, database: Database
) -> None:
    traveller = contact(name=f"Ravi {uuid4().hex[:10]}")
    first = book(people.visitor(), purpose="medical", contact=traveller, health=HEALTH)
    gone = client_of(database, first)
    kept = make_client(database, name=traveller["name"], phone=None)
    already = make_booking(database, client_id=kept)
    task = make_task(database, first, title="Call the clinic")
    database.execute(
        "insert into booking_notes (booking_id, author, body)"
        " values (%s, (select id from profiles where email = %s), 'Speaks Tamil')",
        [first, ADMIN],
    )
    admin, colleague = somebody(ADMIN), somebody(ADMIN)
    open_page = colleague.watches(f"/staff/clients/{kept}")
    admin.goes_to(f"/staff/clients/{kept}")
    page = admin.page
    page.get_by_role("link", name="Here twice?").click()
    page.get_by_role("link", name=traveller["name"], exact=True).last.click()
    expect(page.get_by_text("All 2 bookings will be")).to_be_visible()
    # Whoever goes books once more, while the admin looks at the two.
    late = book(people.visitor(), contact=traveller)
    assert client_of(database, late) == gone
    page.get_by_role("button", name="Make them one").click()
    admin.is_told("The two are one client now.")

    bookings = {first, already, late}
    for each in (page, open_page):
        expect(each.locator("#client .shortlist__row")).to_have_count(len(bookings))
    links = page.locator("#client .shortlist__row a").evaluate_all("all => all.map(link => link.pathname)")
    assert {link.rpartition("/")[2] for link in links} == bookings
    assert {client_of(database, booking) for booking in bookings} == {kept}
    expect(page.get_by_role("link", name=traveller["email"])).to_have_count(0)  # two had one each
    page.locator(f"#client a[href$='{first}']").click()
    expect(page.locator(f"#task-{task}")).to_contain_text("Call the clinic")
    expect(page.locator(".note")).to_contain_text("Speaks Tamil")
    page.locator("#health").get_by_role("button", name="Open").click()
    expect(page.locator("#health")).to_contain_text("A bypass was advised")
    # What the kept one did not take over is in the log, old beside new.
    admin.goes_to("/staff/audit?table=clients&action=DELETE")
    entry = page.locator(".audit__item").filter(has_text=traveller["name"]).first
    entry.locator("summary").click()
    expect(entry.locator("del").filter(has_text=traveller["email"])).to_be_visible()


def client_of(database: Database, booking: str) -> str:
    row = database.execute("select client_id::text from bookings where id = %s", [booking]).fetchone()
    assert row is not None
    return str(row["client_id"])
