"""A page whose reader has another role now, or none, goes: at once, after a gap, and on waking up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from roamio_web.backend import Backend
from roamio_web.live.access_view import AccessView, look_with
from roamio_web.live.events import view_of
from roamio_web.live.hub import Hub
from roamio_web.live.road import Patience
from roamio_web.live.stream import Ticket, stream
from roamio_web.models.staff import Role, StaffMember
from tests.support.asked import asked
from tests.support.backend import TestBackend
from tests.support.colleagues import make_colleague
from tests.support.dashboard import Dashboard
from tests.support.eventually import eventually, throughout
from tests.support.factories import Database
from tests.support.staff import StaffBrowser
from tests.support.wire import Wire

HOUR = 3600
Sign = Callable[..., str]
OpensAs = Callable[[StaffMember, Role, str], Dashboard]


@pytest.fixture
def colleague(database: Database) -> StaffMember:
    person = make_colleague(database)
    return StaffMember(person.id, Role.OPERATIONS, person.name, person.email)


@pytest.fixture
def form(app: Flask, hub: Hub, colleague: StaffMember, token: Sign) -> Dashboard:
    """A page of theirs that is not live, open."""
    backend: Backend = app.extensions["roamio.backend"]
    ticket = Ticket(colleague, token(colleague), time.time() + HOUR)
    return Dashboard(stream(hub, backend, ticket, AccessView())).wait_until_live()


@pytest.mark.parametrize("change", ["role = 'viewer'", "deactivated_at = now()"])
def test_page_that_is_not_live_goes_when_the_role_or_the_access_goes(
    form: Dashboard, colleague: StaffMember, database: Database, change: str
) -> None:
    assert not form.reloaded
    database.execute(f"update profiles set {change} where id = %s".encode(), [colleague.id])
    eventually(lambda: form.reloaded and form.ended, what="the reload")


def test_page_that_is_not_live_stays_when_only_the_name_changes_or_the_wire_is_cut(
    form: Dashboard, colleague: StaffMember, database: Database, wire: Wire
) -> None:
    database.execute("update profiles set full_name = 'Asha Rao' where id = %s", [colleague.id])
    wire.cut()
    eventually(lambda: form.state == "waiting", what="the gap")
    wire.mend()
    form.wait_until_live()
    assert not form.reloaded


@pytest.fixture
def opens_as(app: Flask, hub: Hub, token: Sign) -> OpensAs:
    """Opens a page as somebody who has that role, or had it when the page was asked for."""
    site: Backend = app.extensions["roamio.backend"]
    environ = app.test_request_context("/staff/live").request.environ

    def open_page(person: StaffMember, role: Role, page: str) -> Dashboard:
        member = replace(person, role=role)
        view = view_of({"view": page}, member, app.extensions["roamio.drawing"], environ)
        assert view is not None
        return Dashboard(stream(hub, site, Ticket(member, token(member), time.time() + HOUR), view))

    return open_page


ROLES = [(Role.OPERATIONS, Role.FINANCE), (Role.FINANCE, Role.OPERATIONS), (Role.ADMIN, Role.VIEWER)]
PAGES = ["access", "bookings", "overview"]


@pytest.mark.parametrize(("before", "after"), ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_change_of_role_during_a_gap_is_noticed_after_it(
    colleague: StaffMember,
    database: Database,
    wire: Wire,
    opens_as: OpensAs,
    page: str,
    before: Role,
    after: Role,
) -> None:
    database.execute("update profiles set role = %s where id = %s", [before, colleague.id])
    open_page = opens_as(colleague, before, page).wait_until_live()
    wire.kill()
    eventually(lambda: open_page.state == "waiting", what="the gap")
    database.execute("update profiles set role = %s where id = %s", [after, colleague.id])
    assert not open_page.reloaded
    wire.mend()
    eventually(lambda: open_page.reloaded and open_page.ended, what="the reload")


@pytest.mark.parametrize(("before", "after"), ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_change_of_role_just_before_a_page_begins_to_listen_is_noticed(
    colleague: StaffMember, database: Database, opens_as: OpensAs, page: str, before: Role, after: Role
) -> None:
    database.execute("update profiles set role = %s where id = %s", [after, colleague.id])
    open_page = opens_as(colleague, before, page)
    eventually(lambda: open_page.reloaded and open_page.ended, what="the reload")


@pytest.mark.parametrize("change", ["role = 'viewer'", "deactivated_at = now()"])
def test_change_of_access_is_noticed_when_its_message_is_lost(
    app: Flask, backend: TestBackend, colleague: StaffMember, token: Sign, database: Database, change: str
) -> None:
    site: Backend = app.extensions["roamio.backend"]
    hub = Hub(backend.url, backend.anon_key, Patience(looking=0.2), look=look_with(site))
    ticket = Ticket(colleague, token(colleague), time.time() + HOUR)
    pages = [Dashboard(stream(hub, site, ticket, AccessView())) for _ in range(2)]
    for page in pages:
        page.wait_until_live()
    database.execute("set session_replication_role = replica")  # no trigger, and so no message
    database.execute(f"update profiles set {change} where id = %s".encode(), [colleague.id])
    for page in pages:
        eventually(lambda page=page: page.reloaded and page.ended, what="the reload")
    hub.close()


def test_whether_the_role_is_the_same_is_asked_once_for_all_pages_and_when_they_are_live(
    app: Flask, backend: TestBackend, colleague: StaffMember, token: Sign
) -> None:
    site: Backend = app.extensions["roamio.backend"]
    hub = Hub(backend.url, backend.anon_key, Patience(settling=4), look=look_with(site))
    ticket = Ticket(colleague, token(colleague), time.time() + HOUR)
    with asked(app) as requests:
        for page in [Dashboard(stream(hub, site, ticket, AccessView())) for _ in range(3)]:
            page.wait_until_live()
        assert requests == []
        eventually(lambda: requests, what="the question")
        throughout(1, lambda: requests == ["GET /rest/v1/profiles"], "that it is asked but once")
    hub.close()


@pytest.mark.parametrize("page", ["access", "bookings", "overview"])
def test_page_that_slept_while_the_role_changed_is_loaded_anew(
    client: FlaskClient, colleague: StaffMember, token: Sign, database: Database, page: str
) -> None:
    database.execute("update profiles set role = 'viewer' where id = %s", [colleague.id])
    answer = StaffBrowser(client).holds(token(colleague)).opens(f"/staff/live?view={page}&role=operations")
    assert answer.mimetype == "text/event-stream"
    assert answer.text == "event: live:reload\ndata: \n\n"


def test_every_staff_page_says_in_its_stream_s_address_for_which_role_it_was_drawn(
    client: FlaskClient, colleague: StaffMember, token: Sign
) -> None:
    agent = StaffBrowser(client).holds(token(colleague))
    pages = {"/staff/": "overview", "/staff/bookings": "bookings", "/staff/tasks/new": "access"}
    for path, view in pages.items():
        address = agent.opens(path).text.partition('hx-sse:connect="')[2].partition('"')[0]
        assert address.startswith(f"/staff/live?view={view}")
        assert "role=operations" in address
