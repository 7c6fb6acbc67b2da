"""What each role is offered in menus, buttons and links is what it may do: no dead button, no hidden door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from roamio_web.models.staff import Role
from roamio_web.permissions import TABLE, Permission
from tests.support.factories import Database, book_about_health, make_booking, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER, People
from tests.support.staff import StaffBrowser
from tests.test_url_map import VALUES

Opens = Callable[..., StaffBrowser]
Door = tuple[str, str]  # method and endpoint

PERSON = {Role.ADMIN: ADMIN, Role.OPERATIONS: AGENT, Role.FINANCE: FINANCE, Role.VIEWER: VIEWER}
LINKS = {"href": "GET", "hx-get": "GET", "hx-sse:connect": "GET", "data-address": "GET", "hx-post": "POST"}
NOT_YET = {
    # A second factor is confirmed and removed once it has been asked for.
    ("GET", "account.second_factor_page"),
    ("POST", "account.confirm"),
    ("POST", "account.remove"),
}
"""Doors that open later than a person's first day."""


class Doors(HTMLParser):
    """Every address of ours that a page offers, with the method that goes with it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._method = "GET"
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        if tag == "form":
            self._method = given.get("method", "get").upper()
        for name in ("action", "formaction"):
            if name in given:
                self.found.append((self._method, given[name]))
        self.found += [(method, given[name]) for name, method in LINKS.items() if name in given]


class Walk:
    """Somebody who opens everything that they are offered."""

    def __init__(self, app: Flask, person: StaffBrowser) -> None:
        self._addresses = app.url_map.bind("localhost")
        self._person = person
        self._visited: set[tuple[str, frozenset[str]]] = set()
        self.offered: set[Door] = set()
        self.closed: list[str] = []

    def through(self, *start: str) -> Walk:
        """Go on until there is no new kind of page: another place, or another question to the same."""
        waiting = list(start)
        while waiting:
            address = waiting.pop(0)
            page = self._person.client.get(address)
            if page.status_code != 200:
                self.closed.append(f"{address} answered {page.status_code}")
            if page.mimetype == "text/html":
                waiting += self._new(page.text)
        return self

    def _new(self, page: str) -> Iterator[str]:
        for method, address in Doors(page).found:
            endpoint = self._endpoint(method, address)
            if endpoint is None:
                continue
            self.offered.add((method, endpoint))
            kind = (endpoint, frozenset(parse_qs(urlsplit(address).query)))
            if method == "GET" and endpoint != "live.stream" and kind not in self._visited:
                self._visited.add(kind)
                yield address

    def _endpoint(self, method: str, address: str) -> str | None:
        parts = urlsplit(address)
        if parts.netloc or not parts.path.startswith("/staff"):
            return None
        try:
            endpoint, _ = self._addresses.match(parts.path, method)
        except HTTPException as error:
            self.closed.append(f"{method} {address} leads nowhere: {error}")
            return None
        return str(endpoint)


@pytest.fixture
def place(database: Database, people: People) -> Iterator[dict[str, str]]:
    """A booking of the agent's with all that one can have, a client who is here twice, and an invitation."""
    booking = book_about_health(people.visitor(), database, AGENT)
    for writer in (AGENT, ADMIN):
        people.staff(writer).table("booking_notes").insert({"booking_id": booking, "body": "Mine"}).execute()
    # A task on a booking that is nobody's yet: overdue for so long that it is the first that they are shown.
    make_task(
        database,
        make_booking(database),
        title="Not on their booking",
        assigned_to=AGENT,
        due_date=datetime(2020, 1, 1, tzinfo=UTC),
    )
    row = database.execute(
        "select b.id::text as booking_id, b.client_id::text, t.id::text as task_id,"
        " b.assigned_agent::text as person_id"
        " from bookings b join tasks t on t.booking_id = b.id where b.id = %s",
        [booking],
    ).fetchone()
    assert row is not None
    database.execute(
        "insert into clients (name, email) select name, email from clients where id = %s", [row["client_id"]]
    )
    address = f"{booking}@invited.example"
    database.execute("insert into invitations (email, role) values (%s, 'viewer')", [address])
    yield row
    database.execute("delete from invitations where email = %s", [address])


def doors(app: Flask) -> Iterator[tuple[Door, Rule, Permission]]:
    """Every way into the staff pages that asks for a permission."""
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if permission is not None:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield (method, rule.endpoint), rule, permission


@pytest.mark.parametrize("role", list(Role))
def test_role_is_offered_exactly_what_it_may_do(
    role: Role, app: Flask, browser: Opens, place: dict[str, str]
) -> None:
    person = browser(PERSON[role])
    person.opens("/staff/")  # for the token with which it will send what it is not offered
    start = ["/staff/"]
    if Permission.SEE_BOOKINGS in TABLE[role]:
        start.append(f"/staff/bookings/{place['booking_id']}")
    if Permission.SEE_CLIENTS in TABLE[role]:
        start.append(f"/staff/clients/{place['client_id']}")
    if Permission.MERGE_CLIENTS in TABLE[role]:
        start.append(f"/staff/clients/{place['client_id']}/merging")
    if Permission.SEE_TEAM in TABLE[role]:
        start.append(f"/staff/team/{place['person_id']}")
    walk = Walk(app, person).through(*start)
    assert walk.closed == [], "A dead link or button"

    allowed = {door for door, _, permission in doors(app) if permission in TABLE[role]}
    asked_for = {door for door, _, _ in doors(app)}
    assert walk.offered & asked_for - allowed == set(), "Offered, and refused"
    assert allowed - walk.offered - NOT_YET == set(), "Allowed, and nothing leads there"

    for (method, endpoint), rule, _ in doors(app):
        if (method, endpoint) not in allowed:
            _, address = rule.build({name: (VALUES | place)[name] for name in rule.arguments}) or ("", "")
            answer = person.sends(address) if method == "POST" else person.opens(address)
            assert answer.status_code == 403, f"{method} {address} answered {answer.status_code} to {role}"
