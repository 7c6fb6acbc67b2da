"""A form for each staff route that changes something, with what it is about made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.support.accounts import new_address
from tests.support.backend import PASSWORD
from tests.support.colleagues import make_colleague
from tests.support.factories import Database, make_booking, make_client, make_task
from tests.support.people import ADMIN, AGENT

NOBODY = "nobody"


@dataclass(frozen=True)
class Sent:
    """A form: who sends it, what its address names, and what it holds."""

    values: dict[str, str]
    fields: dict[str, Any]
    email: str | None = ADMIN


class Desk:
    """Makes what a form is about, anew for each."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.colleague = make_colleague(database)

    def row(self, query: str, *values: object) -> dict[str, Any]:
        found = self.database.execute(query, values).fetchone()
        assert found is not None
        return found

    def booking(self) -> tuple[dict[str, str], dict[str, str]]:
        """An agent's booking, and what its page says of the version that it shows."""
        booking = make_booking(self.database, agent=AGENT)
        row = self.row(
            "select updated_at, assigned_agent::text as agent from bookings where id = %s", booking
        )
        seen = {"seen": row["updated_at"].isoformat(), "seen_status": "pending", "seen_agent": row["agent"]}
        return {"booking_id": booking}, seen

    def note(self) -> dict[str, str]:
        booking = make_booking(self.database)
        row = self.row(
            "insert into booking_notes (booking_id, author, body)"
            " values (%s, (select id from profiles where email = %s), 'Hers') returning id::text",
            booking,
            ADMIN,
        )
        return {"booking_id": booking, "note_id": row["id"]}

    def id_of(self, email: str) -> str:
        return str(self.row("select id::text from profiles where email = %s", email)["id"])

    def several(self) -> list[str]:
        ids = [make_booking(self.database) for _ in range(2)]
        rows = self.database.execute(
            "select id::text, updated_at from bookings where id::text = any(%s)", [ids]
        )
        return [f"{row['id']}~{row['updated_at'].isoformat()}" for row in rows]

    def task(self) -> dict[str, str]:
        return {"task_id": make_task(self.database, make_booking(self.database), assigned_to=AGENT)}

    def reference(self) -> str:
        booking = make_booking(self.database)
        return str(self.row("select reference from bookings where id = %s", booking)["reference"])

    def client(self) -> tuple[dict[str, str], dict[str, str]]:
        client = make_client(self.database)
        row = self.row("select name, email, phone, country from clients where id = %s", client)
        seen = {f"seen_{name}": value for name, value in row.items()}
        return {"client_id": client}, row | seen

    def person(self) -> tuple[dict[str, str], dict[str, str]]:
        person = make_colleague(self.database, "viewer")
        seen = {"seen_name": person.name, "seen_role": "viewer", "seen_active": "yes"}
        return {"person_id": person.id}, seen

    def invitation(self) -> dict[str, str]:
        row = self.row(
            "insert into invitations (email, role) values (%s, 'viewer') returning id::text",
            new_address(),
        )
        return {"invitation_id": row["id"]}


def _status(desk: Desk, **changes: str) -> Sent:
    values, seen = desk.booking()
    return Sent(values, seen | {"status": "confirmed"} | changes)


def _assignment(desk: Desk, **changes: str) -> Sent:
    values, seen = desk.booking()
    return Sent(values, seen | {"agent": NOBODY} | changes)


def _client(desk: Desk, **changes: str) -> Sent:
    values, fields = desk.client()
    return Sent(values, fields | {"name": f"Asha {uuid4().hex}"} | changes)


def _merging(desk: Desk) -> Sent:
    return Sent(desk.client()[0], {"gone": desk.client()[0]["client_id"]})


def _member(desk: Desk, **changes: str) -> Sent:
    values, seen = desk.person()
    return Sent(values, seen | {"full_name": "Dev Nair", "role": "finance"} | changes)


def _access(desk: Desk, **changes: str) -> Sent:
    values, seen = desk.person()
    return Sent(values, seen | {"active": "no"} | changes)


LONG_AGO = "2020-01-01T00:00:00+00:00"
FORMS: dict[str, dict[str, Callable[[Desk], Sent]]] = {
    "account.decide": {
        "done": lambda desk: Sent({}, {}),
        "refused": lambda desk: Sent({}, {"factor_for_admins": "y"}),
    },
    "account.leave_everywhere": {"done": lambda desk: Sent({}, {}, make_colleague(desk.database).email)},
    "bookings.assign": {
        "done": _assignment,
        "overtaken": lambda desk: _assignment(desk, seen=LONG_AGO),
        "refused": lambda desk: _assignment(desk, agent=make_colleague(desk.database, "viewer").id),
        "wrong": lambda desk: _assignment(desk, agent=""),
    },
    "bookings.assign_several": {
        "done": lambda desk: Sent({}, {"booking": desk.several(), "agent": NOBODY}),
        "wrong": lambda desk: Sent({}, {}),
    },
    "bookings.change_several": {
        "done": lambda desk: Sent({}, {"booking": desk.several(), "status": "confirmed"}),
        "overtaken": lambda desk: Sent(
            {}, {"booking": [f"{make_booking(desk.database)}~{LONG_AGO}"], "status": "confirmed"}
        ),
        "wrong": lambda desk: Sent({}, {}),
    },
    "bookings.change_status": {
        "done": _status,
        "overtaken": lambda desk: _status(desk, seen=LONG_AGO),
        "wrong": lambda desk: _status(desk, status="later"),
    },
    "bookings.open_health": {"done": lambda desk: Sent(desk.booking()[0], {})},
    "clients.change": {
        "done": _client,
        "overtaken": lambda desk: _client(desk, seen_name="Somebody"),
        "wrong": lambda desk: _client(desk, name=""),
    },
    "clients.merge": {"done": _merging},
    "invitations.invite": {
        "done": lambda desk: Sent({}, {"email": new_address(), "role": "viewer", "full_name": "Asha"}),
        "refused": lambda desk: Sent({}, {"email": ADMIN, "role": "viewer", "full_name": "Asha"}),
        "wrong": lambda desk: Sent({}, {}),
    },
    "invitations.renew": {"done": lambda desk: Sent(desk.invitation(), {})},
    "invitations.withdraw": {"done": lambda desk: Sent(desk.invitation(), {})},
    "notes.add": {
        "done": lambda desk: Sent(desk.booking()[0], {"body": "Calls after six"}),
        "wrong": lambda desk: Sent(desk.booking()[0], {}),
    },
    "notes.delete": {"done": lambda desk: Sent(desk.note(), {})},
    "routing.change": {
        "done": lambda desk: Sent({"purpose": "cab"}, {"state": "off", "seen_state": "off"}),
        "overtaken": lambda desk: Sent(
            {"purpose": "cab"}, {"state": "on", "agents": desk.id_of(AGENT), "seen_state": "on"}
        ),
        "wrong": lambda desk: Sent({"purpose": "cab"}, {}),
    },
    "sign_in.another_code": {"done": lambda desk: Sent({}, {"email": new_address()}, None)},
    "sign_in.forgot_password": {"done": lambda desk: Sent({}, {"email": new_address()}, None)},
    "sign_in.form": {
        "done": lambda desk: Sent({}, {"email": desk.colleague.email, "password": PASSWORD}, None),
        "wrong": lambda desk: Sent({}, {"email": desk.colleague.email, "password": "wrong"}, None),
    },
    "sign_in.leave": {
        "done": lambda desk: Sent({}, {}, make_colleague(desk.database).email),
    },
    "tasks.add": {
        "done": lambda desk: Sent(
            {},
            {"booking": desk.reference(), "title": "Call", "due_on": "", "due_at": "", "given_to": "agent"},
        ),
        "wrong": lambda desk: Sent({}, {}),
    },
    "tasks.change_status": {
        "done": lambda desk: Sent(desk.task(), {"status": "done", "seen": "open"}),
        "done on its booking": lambda desk: Sent(
            desk.task() | {"place": "booking"}, {"status": "done", "seen": "open"}
        ),
        "overtaken": lambda desk: Sent(desk.task(), {"status": "done", "seen": "blocked"}),
        "wrong": lambda desk: Sent(desk.task(), {"status": "later", "seen": "open"}),
    },
    "tasks.hand_over": {
        "done": lambda desk: Sent(
            desk.task(),
            {
                "person": NOBODY,
                "seen": desk.row("select id::text from profiles where email = %s", AGENT)["id"],
            },
        ),
        "overtaken": lambda desk: Sent(desk.task(), {"person": desk.colleague.id, "seen": NOBODY}),
        "wrong": lambda desk: Sent(desk.task(), {"person": "later", "seen": NOBODY}),
    },
    "team.change": {
        "done": _member,
        "overtaken": lambda desk: _member(desk, seen_name="Somebody"),
        "wrong": lambda desk: _member(desk, full_name=""),
    },
    "team.change_access": {
        "done": _access,
        "overtaken": lambda desk: _access(desk, seen_name="Somebody"),
        "wrong": lambda desk: _access(desk, active="later"),
    },
}
"""By route: sent as it should be, after somebody else, against a rule of the database, and mistyped."""
