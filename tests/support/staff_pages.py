"""The address of each staff page that somebody may open, taken from the site's own map of addresses."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import Rule

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.models.staff import Role
from roamio_web.permissions import TABLE
from roamio_web.security import KINDS, Kind
from tests.support.desk import Desk
from tests.support.factories import make_booking, make_client, make_task
from tests.support.people import AGENT

NOT_PAGES = {"live.stream", "notices.index", "exports"}
"""What staff pages ask for, and files."""


def site_map() -> Flask:
    """The site, to ask for its addresses; it reaches no project."""
    return create_app(Settings("http://127.0.0.1:9", "key"))


def is_page(rule: Rule) -> bool:
    blueprint = rule.endpoint.split(".")[0]
    if KINDS.get(blueprint) is not Kind.STAFF or "GET" not in (rule.methods or ()):
        return False
    return not {blueprint, rule.endpoint} & NOT_PAGES


def pages(desk: Desk, role: Role) -> list[str]:
    """Each page that this role may open, about things that the agent and an admin may see."""
    app, values = site_map(), things(desk)
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=str):
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if is_page(rule) and permission in TABLE[role]:
            built = rule.build({name: values[name] for name in rule.arguments})
            assert built, f"Say in tests/support/staff_pages.py what stands in for {rule.arguments}"
            found.append(built[1])
    twins = f"/staff/clients/{values['client_id']}/merging"
    return [*found, *([f"{twins}?other={values['other']}"] if twins in found else [])]


def things(desk: Desk) -> dict[str, str]:
    """A booking of the agent's about somebody's health, with a task and a note; its client is here twice."""
    client = make_client(desk.database, name="Asha Rao, whose name is rather long")
    other = make_client(desk.database, name="Asha Rao, whose name is rather long")
    booking = make_booking(desk.database, purpose="medical", client_id=client, agent=AGENT)
    desk.database.execute(
        "insert into booking_notes (booking_id, author, body)"
        " select %s, id, 'Calls after six' from profiles where email = %s",
        [booking, AGENT],
    )
    desk.invitation()
    return {
        "booking_id": booking,
        "client_id": client,
        "other": other,
        "task_id": make_task(desk.database, booking, assigned_to=AGENT),
        "person_id": desk.id_of(AGENT),
        "purpose": "cab",
    }
