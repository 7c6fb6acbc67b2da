"""No staff page asks Supabase more than twice: who is there, and for all that it shows or writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape

import psycopg
import pyotp
import pytest
from flask import Flask
from psycopg.rows import dict_row
from werkzeug.routing import Rule

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.models.booking_query import PAGE_SIZE
from roamio_web.security import KINDS, Kind
from tests.support.accounts import make_account, new_address
from tests.support.asked import asked
from tests.support.backend import TestBackend
from tests.support.desk import FORMS, Desk
from tests.support.factories import Database, make_client, make_task
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER, People
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]
MOST = 2
STAFF_RULES = sorted(
    (
        rule
        for rule in create_app(Settings("http://127.0.0.1:9", "key")).url_map.iter_rules()
        if KINDS.get(rule.endpoint.split(".")[0]) is Kind.STAFF
    ),
    key=str,
)
ENDLESS = {"live.stream"}
"""Streams: they read for as long as their page is open. How they begin is counted apart."""
QUERIES = {
    "audit.index": ("table=tasks&action=UPDATE", "person=system", "record={booking_id}"),
    "bookings.index": ("search=rao", "agent=nobody&sort=soonest", "agent={person_id}", "suspected=yes"),
    "clients.index": ("search=rao",),
    "clients.merging": ("other={other}", "search=rao"),
    "embeds.page": ("since=2026-01-01&until=2026-01-31",),
    "tasks.add": ("booking={reference}",),
    "tasks.index": ("agent={person_id}", "agent=nobody"),
}
"""What a page may be asked for beside its address, and reads something else for."""
FOLLOWED = ("/staff/bookings", "/staff/clients", "/staff/audit")
"""Lists with further pages."""
LIVE_PAGES = (
    "bookings",
    "overview",
    "tasks",
    "clients",
    "access",
    "booking&id={booking_id}",
    "client&id={client_id}",
)
STEP_BY_STEP = {
    "account.begin": 2,
    "account.change_password": 4,
    "account.confirm": 3,
    "account.remove": 6,
    "doorstep.code": 2,
    "doorstep.set_up": 2,
    "sign_in.accept_invitation": 3,
    "sign_in.new_password": 3,
}
"""Forms with passwords and codes, which are no views: how many steps each has.

Supabase Auth takes each step by itself, and one proves the one before. A new password: who is there, the old
one, the end of the other sessions, the new one. Taking a factor away: who is there, which factor, a
challenge, the code, the factor's end, a session without it.
"""
PAGES = [each for each in STAFF_RULES if "GET" in (each.methods or ()) and each.endpoint not in ENDLESS]
SENDINGS = [(endpoint, outcome) for endpoint, forms in FORMS.items() for outcome in forms]
STATUSES = {"done": {200, 303}, "overtaken": {409}, "refused": {422}, "wrong": {422}}


@contextmanager
def steps(app: Flask, endpoint: str) -> Iterator[None]:
    """Meanwhile this route's form is sent, and asks Supabase as often as it has steps."""
    with asked(app) as requests:
        yield
    assert len(requests) == STEP_BY_STEP[endpoint], f"{endpoint}: {requests}"


def address(rule: Rule, values: dict[str, str], *, query: bool = True) -> str:
    """The route's address with everything filled in; what it has no place for is its query."""
    assert rule.arguments <= set(values), f"Say below what stands in for {rule.arguments - set(values)}"
    _, built = rule.build(values, append_unknown=query) or ("", "")
    assert built, rule
    assert "<" not in built, built
    return built


@pytest.fixture(scope="module")
def desk(backend: TestBackend) -> Iterator[Desk]:
    with psycopg.connect(backend.db_url, autocommit=True, row_factory=dict_row) as database:
        yield Desk(database)


@pytest.fixture(scope="module")
def values(desk: Desk) -> dict[str, str]:
    """What stands in for the variable parts of a page's address: things that the agent may see, too."""
    booking, _seen = desk.booking()
    row = desk.row(
        "select client_id::text, assigned_agent::text, reference from bookings where id = %s",
        booking["booking_id"],
    )
    return booking | {
        "task_id": make_task(desk.database, booking["booking_id"], assigned_to=AGENT),
        "client_id": row["client_id"],
        "other": make_client(desk.database),
        "person_id": row["assigned_agent"],
        "reference": row["reference"],
        "purpose": "cab",
        "kind": "csv",
    }


@pytest.mark.parametrize("rule", PAGES, ids=str)
@pytest.mark.parametrize("email", [ADMIN, AGENT, FINANCE, VIEWER])
def test_page_asks_supabase_at_most_twice(
    app: Flask, browser: Opens, values: dict[str, str], rule: Rule, email: str
) -> None:
    person = browser(email)
    for query in ("", *QUERIES.get(rule.endpoint, ())):
        with asked(app) as requests:
            answer = person.client.get(
                address(rule, values, query=False), query_string=query.format(**values)
            )
            assert answer.get_data()
        assert answer.status_code in (200, 303, 403), answer.status
        assert len(requests) <= MOST, f"{rule}?{query}: {requests}"


@pytest.mark.parametrize("path", FOLLOWED)
def test_further_page_of_a_list_asks_supabase_at_most_twice(
    app: Flask, browser: Opens, desk: Desk, path: str
) -> None:
    for _ in range(PAGE_SIZE + 1):
        desk.booking()
    admin = browser(ADMIN)
    following = re.search(r'rel="next" href="([^"]+)"', admin.opens(path).text)
    assert following, "The list has one page"
    with asked(app) as requests:
        answer = admin.client.get(unescape(following[1]))
    assert answer.status_code == 200
    assert "after=" in answer.request.url
    assert len(requests) <= MOST, requests


@pytest.mark.parametrize("email", [ADMIN, AGENT, FINANCE, VIEWER])
def test_stream_asks_supabase_at_most_twice_until_its_page_is_live(
    app: Flask, browser: Opens, values: dict[str, str], email: str
) -> None:
    person = browser(email)
    for view in LIVE_PAGES:
        with asked(app) as requests:
            answer = person.client.get(f"/staff/live?view={view.format(**values)}", buffered=False)
            if answer.status_code == 200:
                for each in answer.response:
                    if b"data: live" in (each if isinstance(each, bytes) else each.encode()):
                        break
            answer.close()
        assert answer.status_code in (200, 403, 404), answer.status
        # All admins share the charts: whoever comes first reads them besides.
        most = MOST + 1 if (view, email) == ("overview", ADMIN) else MOST
        assert len(requests) <= most, f"{view}: {requests}"


def test_every_form_is_counted() -> None:
    changing = {each.endpoint for each in STAFF_RULES if "POST" in (each.methods or ())}
    assert set(FORMS) | set(STEP_BY_STEP) == changing, (
        "Say in tests/support/desk.py what the new route's form holds"
    )
    assert not set(FORMS) & set(STEP_BY_STEP)


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize(("endpoint", "outcome"), SENDINGS)
def test_form_asks_supabase_at_most_twice(
    app: Flask, browser: Opens, desk: Desk, endpoint: str, outcome: str, htmx: bool
) -> None:
    sent = FORMS[endpoint][outcome](desk)
    (rule,) = (each for each in STAFF_RULES if each.endpoint == endpoint and "POST" in (each.methods or ()))
    person = browser(sent.email)
    person.opens("/staff/account" if sent.email else "/staff/sign-in")
    with asked(app) as requests:
        answer = person.sends(address(rule, sent.values), htmx=htmx, **sent.fields)
    assert answer.status_code in STATUSES[outcome.split()[0]], f"{answer.status}: {answer.text}"
    assert len(requests) <= MOST, f"{endpoint}: {requests}"


def test_second_factor_takes_no_step_twice(
    app: Flask, browser: Opens, people: People, database: Database
) -> None:
    account = make_account(people.operator(), app_metadata={"role": "admin", "full_name": "Asha Rao"})
    person, rule = browser(), "update private.sign_in_rules set second_factor_for_admins = %s"

    def code() -> str:
        with person.client.session_transaction("/staff/") as session:
            return pyotp.TOTP(session["set_up"]["secret"]).now()

    person.signs_in(account.email, account.password)
    person.opens("/staff/account")
    with steps(app, "account.begin"):
        person.sends("/staff/account/second-factor")
    app_shows = code()
    with steps(app, "account.confirm"):
        person.sends("/staff/account/second-factor/confirm", code=app_shows)
    person = browser()
    person.signs_in(account.email, account.password)
    person.opens("/staff/sign-in/code")
    with steps(app, "doorstep.code"):
        assert person.sends("/staff/sign-in/code", code=app_shows).location == "/staff/"
    person.opens("/staff/account")
    with steps(app, "account.remove"):
        person.sends("/staff/account/second-factor/remove", code=app_shows)
    new = {"password": "three-random-words", "again": "three-random-words"}
    person.opens("/staff/account")
    with steps(app, "account.change_password"):
        person.sends("/staff/account/password", current=account.password, **new)

    database.execute(rule, [True])
    try:
        person = browser()
        person.signs_in(account.email, new["password"])
        person.opens("/staff/sign-in/second-factor")
        with steps(app, "doorstep.set_up"):
            assert person.sends("/staff/sign-in/second-factor", code=code()).location == "/staff/"
    finally:
        database.execute(rule, [False])


def test_mailed_link_takes_no_step_twice(
    app: Flask, browser: Opens, people: People, database: Database
) -> None:
    account, invited = make_account(people.operator(), app_metadata={"role": "viewer"}), new_address()
    database.execute("insert into invitations (email, role) values (%s, 'viewer')", [invited])
    links = people.operator().auth.admin
    for endpoint, path, link in (
        ("sign_in.new_password", "new-password", {"type": "recovery", "email": account.email}),
        ("sign_in.accept_invitation", "accept-invitation", {"type": "invite", "email": invited}),
    ):
        token_hash = links.generate_link(link).properties.hashed_token  # type: ignore[arg-type]
        person, place = browser(), f"/staff/{path}?token_hash={token_hash}"
        person.opens(place)
        with steps(app, endpoint):
            sent = person.sends(place, password="three-random-words", again="three-random-words")
        assert sent.location == "/staff/"
