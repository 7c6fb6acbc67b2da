"""Every route of the site: its kind, its headers, and who may enter. A new one without them fails here."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.permissions import Permission
from roamio_web.security import KINDS, Kind, kind_of
from tests.support.travellers import Traveller, answers

VALUES = {
    "kind": "csv",
    "language": "hi",
    "purpose": "cab",
    "reference": "00000000",
    "filename": "css/base.css",
    "colour": "0b5f5c",
    "scheme": "light",
    "booking_id": "00000000-0000-4000-8000-000000000000",
    "note_id": "00000000-0000-4000-8000-000000000000",
    "task_id": "00000000-0000-4000-8000-000000000000",
    "client_id": "00000000-0000-4000-8000-000000000000",
    "person_id": "00000000-0000-4000-8000-000000000000",
    "invitation_id": "00000000-0000-4000-8000-000000000000",
}
"""What stands in for the variable parts of an address."""
SIGN_IN_PAGES = {"sign_in", "doorstep"}
"""Blueprints of staff pages that people need before they are signed in."""
RULES = sorted(create_app(Settings("http://127.0.0.1:9", "key")).url_map.iter_rules(), key=str)
METHODS = [
    (rule, method) for rule in RULES for method in sorted(rule.methods or ()) if method in ("GET", "POST")
]


def address(rule: Rule) -> str:
    """An address that this rule matches."""
    _, built = rule.build({name: VALUES[name] for name in rule.arguments}) or ("", "")
    return built


def blueprint(rule: Rule) -> str:
    return rule.endpoint.split(".")[0]


def name(case: object) -> str:
    return str(case)


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_every_route_has_a_kind(rule: Rule) -> None:
    assert blueprint(rule) in KINDS, f"Say in roamio_web/security.py for whom {blueprint(rule)} is"


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_every_route_s_variables_can_be_filled_in(rule: Rule) -> None:
    assert rule.arguments <= set(VALUES), f"Give VALUES above something for {rule.arguments - set(VALUES)}"


@pytest.mark.parametrize(("rule", "method"), METHODS, ids=name)
def test_every_response_has_its_headers(client: FlaskClient, rule: Rule, method: str) -> None:
    with client.open(address(rule), method=method) as response:
        headers = response.headers
        kind = kind_of(rule.endpoint, rule.rule)
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == ("'self'" if kind is Kind.EMBED else "'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Request-ID"]
    assert ("X-Frame-Options" in headers) is (kind is not Kind.EMBED)
    assert headers["Cache-Control"]
    if kind in (Kind.STAFF, Kind.MACHINE) or method == "POST":
        assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if KINDS.get(blueprint(rule)) is Kind.STAFF], ids=name
)
def test_every_staff_route_names_a_permission(app: Flask, rule: Rule) -> None:
    permission = getattr(app.view_functions[rule.endpoint], "permission", None)
    if blueprint(rule) in SIGN_IN_PAGES:
        assert permission is None, f"{rule.endpoint} is for people who are not signed in yet"
    else:
        assert isinstance(permission, Permission), f"Put @requires(Permission.…) on {rule.endpoint}"
    assert rule.rule.startswith("/staff"), f"{rule.endpoint} is for staff: put it under /staff"


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if KINDS.get(blueprint(rule)) in (Kind.PUBLIC, Kind.EMBED)], ids=name
)
def test_a_public_route_is_not_under_staff(rule: Rule) -> None:
    assert not rule.rule.startswith("/staff")


@pytest.mark.parametrize(
    ("rule", "method"),
    [case for case in METHODS if KINDS.get(blueprint(case[0])) is not Kind.STAFF],
    ids=name,
)
def test_no_public_response_sets_a_cookie(client: FlaskClient, rule: Rule, method: str) -> None:
    with client.open(address(rule), method=method) as response:
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("channel", ["book", "embed"])
def test_a_whole_booking_sets_no_cookie(client: FlaskClient, channel: str) -> None:
    traveller = Traveller(client, channel=channel)
    opened = traveller.opens("cab")
    wrong = traveller.sends("cab", answers("cab", phone="12"))
    sent = traveller.sends("cab", answers("cab"))
    confirmed = client.get(sent.headers["Location"])
    assert confirmed.status_code == 200
    for response in (opened, wrong, sent, confirmed, client.get("/nowhere")):
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("address", ["/nowhere", "/staff/nowhere", "/book/boat", "/static/nothing.css"])
def test_an_address_that_does_not_exist_has_the_headers_too(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert (response.headers["Cache-Control"] == "no-store") is address.startswith("/staff")
