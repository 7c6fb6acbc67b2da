"""An admin changes what somebody may do, and that person's open pages follow; an invited person comes in."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.accounts import new_address
from tests.support.backend import TestBackend
from tests.support.colleagues import Colleague, make_colleague
from tests.support.factories import Database, make_booking
from tests.support.mailbox import last_mail_to
from tests.support.people import ADMIN
from tests.support.person import Person

Somebody = Callable[..., Person]
# What Chromium's console says of a page that is refused, which is what these tests are about.
REFUSED = re.compile(r"Failed to load resource: .* status of 40[13]\b")


def finds(admin: Person, colleague: Colleague) -> None:
    """Open somebody's page from the team's."""
    admin.goes_to("/staff/team")
    admin.page.get_by_role("link", name=colleague.name).click()
    expect(admin.page.get_by_role("heading", name=colleague.name)).to_be_visible()


def is_live(page: Page) -> None:
    expect(page.locator("#live-state")).to_have_text("Live")


def test_person_whose_role_and_access_go_has_each_open_page_closed(
    somebody: Somebody, database: Database
) -> None:
    colleague, successor = make_colleague(database), make_colleague(database)
    booking = make_booking(database, agent=colleague.email, pickup_place="Platform 9")
    agent, admin = somebody(colleague.email), somebody(ADMIN)
    agent.goes_to("/staff/bookings")
    is_live(agent.page)
    expect(agent.page.locator(f"#booking-{booking}")).to_be_visible()
    form = agent.open_tab()  # a page that is not live
    form.goto("/staff/tasks/new")
    expect(form.get_by_role("heading", name="Add a task")).to_be_visible()

    finds(admin, colleague)
    admin.page.get_by_label("Viewer:").check()
    admin.page.get_by_label("Who takes over").select_option(successor.id)
    admin.page.get_by_role("button", name="Save").click()
    expect(admin.page.get_by_role("status").filter(has_text=f"went to {successor.name}")).to_be_visible()
    for page in (agent.page, form):
        expect(page.get_by_role("heading", name="That is not yours to open")).to_be_visible()
        expect(page.get_by_text("Platform 9")).to_have_count(0)

    agent.goes_to("/staff/")
    is_live(agent.page)
    admin.page.get_by_role("link", name="Take their access away").click()
    admin.page.get_by_role("button", name="Take the access away").click()
    expect(admin.page.get_by_role("status").filter(has_text="has no access any more.")).to_be_visible()
    expect(agent.page).to_have_url(re.compile("/staff/sign-in"))
    expect(agent.page.get_by_text("This account has no access to Roamio.")).to_be_visible()
    agent.problems[:] = [each for each in agent.problems if not REFUSED.search(each)]


def test_invited_person_comes_in_by_the_mail(
    somebody: Somebody, backend: TestBackend, database: Database
) -> None:
    admin, email = somebody(ADMIN), new_address()
    admin.goes_to("/staff/team")
    admin.page.get_by_role("link", name="Invite somebody").click()
    admin.page.get_by_label("E-mail address").fill(email)
    admin.page.get_by_label("Full name").fill("Asha Rao")
    admin.page.get_by_label("Operations:").check()
    admin.page.get_by_role("button", name="Send the invitation").click()
    expect(admin.page.get_by_role("status").filter(has_text="is on its way to")).to_be_visible()
    expect(admin.page.get_by_role("button", name=f"Send again to {email}")).to_be_visible()

    invited = somebody()
    invited.page.goto(last_mail_to(backend, email).link)
    invited.page.get_by_label("New password").fill("three-random-words")
    invited.page.get_by_label("The same password again").fill("three-random-words")
    invited.page.get_by_role("button", name="Set the password").click()
    expect(invited.page.get_by_role("link", name="Bookings")).to_be_visible()
    expect(invited.page.get_by_role("link", name="Team")).to_have_count(0)

    admin.goes_to("/staff/team")
    expect(admin.page.locator("#people").get_by_text(email)).to_be_visible()
    expect(admin.page.get_by_role("button", name=f"Send again to {email}")).to_have_count(0)
