"""What each role is offered is exactly what the database allows: each permission is tried through the API."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import jwt
import pytest
from flask import Flask
from postgrest.exceptions import APIError
from realtime import AsyncRealtimeClient, RealtimeSubscribeStates
from supabase import Client

from roamio_web.models.staff import Role
from roamio_web.permissions import TABLE, Permission
from tests.support.accounts import new_address
from tests.support.backend import TestBackend
from tests.support.factories import Database, book_about_health, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People

PERSON = {Role.ADMIN: ADMIN, Role.OPERATIONS: AGENT, Role.FINANCE: FINANCE, Role.VIEWER: VIEWER}
PATIENCE = 10.0


@dataclass(frozen=True)
class Try:
    """One person, with a booking that is theirs if anything can be."""

    client: Client
    booking: str
    token: str
    backend: TestBackend
    database: Database

    def reads(self, table: str) -> bool:
        return bool(self.client.table(table).select("*").limit(2).execute().data)

    def writes(self, **values: str | None) -> bool:
        return bool(self.client.table("bookings").update(values).eq("id", self.booking).execute().data)

    def reads_whole_list(self) -> bool:
        """Read a booking that is nobody's, too: an export is for those who answer for all of them."""
        nobody_s = make_booking(self.database)
        return bool(self.client.table("bookings").select("id").eq("id", nobody_s).execute().data)

    def names_others(self) -> bool:
        return len(self.client.table("profiles").select("id").limit(2).execute().data) > 1

    def renames_a_colleague(self) -> bool:
        """Write somebody else's profile, as it is."""
        colleague = self.database.execute(
            "select id::text, full_name, role::text, deactivated_at is null as active"
            " from profiles where email = %s",
            [OTHER_AGENT],
        ).fetchone()
        assert colleague is not None
        given = {"person": colleague.pop("id"), "seen": colleague, "change": {}}
        return self.client.rpc("change_staff", given).execute().data is not None

    def invites(self) -> bool:
        invitation = {"email": new_address(), "role": "viewer"}
        return bool(self.client.table("invitations").insert(invitation).execute().data)

    def routes_bookings(self) -> bool:
        """Name an agent in a rule that is off, and stays so."""
        self.database.execute("delete from assignment_rules where purpose = 'logistics'")
        agent = self.database.execute("select id::text from profiles where email = %s", [AGENT]).fetchone()
        assert agent is not None
        seen = {"enabled": False, "agents": []}
        given = {"routed": "logistics", "seen": seen, "turned_on": False, "agents": [agent["id"]]}
        return bool(self.client.rpc("set_routing", given).execute().data)

    def counts_everybody_s_sources(self) -> bool:
        """Count a booking that is nobody's: who reads only their own would take the part for the whole."""
        ref = uuid4().hex
        make_booking(self.database, source={"channel": "embed", "host": "https://example.com/", "ref": ref})
        days = {"since": "2000-01-01", "until": "2100-01-01"}
        found = self.client.rpc("booking_sources", days).execute().data
        return [row["bookings"] for row in found if row["ref"] == ref] == [1]

    def counts(self) -> bool:
        return bool(self.client.rpc("booking_summary", {}).execute().data)

    def opens_health(self) -> bool:
        self.client.rpc("record_health_reading", {"booking": self.booking}).execute()
        return bool(self.client.rpc("booking_health", {"booking": self.booking}).execute().data)

    def writes_a_note(self) -> bool:
        note = {"booking_id": self.booking, "body": "Calls after six"}
        self.client.table("booking_notes").insert(note, returning="minimal").execute()
        return self.reads("booking_notes")

    def works_on_tasks(self) -> bool:
        me = jwt.decode(self.token, options={"verify_signature": False})["sub"]
        task = {"booking_id": self.booking, "title": "Call the driver", "assigned_to": me}
        return bool(self.client.table("tasks").insert(task).execute().data)

    def hands_a_task_over(self) -> bool:
        """Take somebody else's task away from them, and leave it to nobody."""
        task = self.client.table("tasks").update({"assigned_to": None}).eq("booking_id", self.booking)
        return bool(task.execute().data)

    def changes_a_client(self) -> bool:
        """Write the client of the booking, as it is."""
        found = self.database.execute(
            "select c.id::text, c.name from clients c join bookings b on b.client_id = c.id where b.id = %s",
            [self.booking],
        ).fetchone()
        assert found is not None
        changed = self.client.table("clients").update({"name": found["name"]}).eq("id", found["id"])
        return bool(changed.execute().data)

    def merges_clients(self) -> bool:
        """Make one of two clients that are there for nothing else."""
        kept, gone = make_client(self.database), make_client(self.database)
        self.client.rpc("merge_clients", {"kept": kept, "gone": gone}).execute()
        return self.database.execute("select from clients where id = %s", [gone]).fetchone() is None

    def reads_their_account(self) -> bool:
        return bool(self.client.rpc("my_account", {}).execute().data)

    def decides_how_admins_sign_in(self) -> bool:
        """Decide what holds already."""
        self.client.rpc("require_second_factor", {"required": False}).execute()
        return True

    def listens(self) -> bool:
        return asyncio.run(self._joins())

    async def _joins(self) -> bool:
        me = jwt.decode(self.token, options={"verify_signature": False})["sub"]
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def heard(state: RealtimeSubscribeStates, _error: Exception | None) -> None:
            if not answer.done():
                answer.set_result(state is RealtimeSubscribeStates.SUBSCRIBED)

        client = AsyncRealtimeClient(
            f"{self.backend.url}/realtime/v1", self.backend.anon_key, auto_reconnect=False
        )
        await client.connect()
        try:
            await client.set_auth(self.token)
            channel = client.channel(f"staff:{me}", {"config": {"private": True}})
            await channel.subscribe(heard)
            return await asyncio.wait_for(answer, PATIENCE)
        finally:
            await client.close()


ATTEMPTS: dict[Permission, Callable[[Try], bool]] = {
    Permission.SEE_OVERVIEW: Try.counts,
    Permission.SEE_BOOKINGS: lambda tried: tried.reads("bookings"),
    Permission.CHANGE_BOOKING: lambda tried: tried.writes(status="confirmed"),
    Permission.ASSIGN_BOOKING: lambda tried: tried.writes(assigned_agent=None),
    Permission.EXPORT_BOOKINGS: Try.reads_whole_list,
    Permission.SEE_CLIENTS: lambda tried: tried.reads("clients"),
    Permission.CHANGE_CLIENT: Try.changes_a_client,
    Permission.MERGE_CLIENTS: Try.merges_clients,
    Permission.SEE_HEALTH: Try.opens_health,
    Permission.WRITE_NOTES: Try.writes_a_note,
    Permission.WORK_ON_TASKS: Try.works_on_tasks,
    Permission.HAND_OVER_TASK: Try.hands_a_task_over,
    Permission.SEE_TEAM: Try.names_others,
    Permission.CHANGE_TEAM: Try.renames_a_colleague,
    Permission.INVITE: Try.invites,
    Permission.ROUTE_BOOKINGS: Try.routes_bookings,
    Permission.SEE_AUDIT: lambda tried: tried.reads("audit_logs"),
    Permission.SEE_SOURCES: Try.counts_everybody_s_sources,
    Permission.LISTEN: Try.listens,
    Permission.SEE_ACCOUNT: Try.reads_their_account,
    Permission.DECIDE_SIGN_IN: Try.decides_how_admins_sign_in,
}


@pytest.fixture
def ill_traveller_s_booking(database: Database, people: People) -> str:
    """A medical booking that says something about a person's health, assigned to the agent."""
    return book_about_health(people.visitor(), database, AGENT)


def test_every_permission_is_tried() -> None:
    assert set(ATTEMPTS) == set(Permission)


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_role_is_offered_what_the_database_allows(
    role: Role,
    permission: Permission,
    people: People,
    backend: TestBackend,
    database: Database,
    ill_traveller_s_booking: str,
) -> None:
    email = PERSON[role]
    tried = Try(people.staff(email), ill_traveller_s_booking, people.token(email), backend, database)
    allowed = False
    with suppress(APIError):
        allowed = ATTEMPTS[permission](tried)
    assert allowed is (permission in TABLE[role]), f"{role} can {permission}: {allowed}"


def test_agent_s_permissions_end_at_their_own_bookings(people: People, database: Database) -> None:
    booking = make_booking(database, agent=OTHER_AGENT)
    agent = people.staff(AGENT)
    assert agent.table("bookings").select("id").eq("id", booking).execute().data == []
    assert agent.table("bookings").update({"status": "confirmed"}).eq("id", booking).execute().data == []
    kept = database.execute("select status from bookings where id = %s", [booking]).fetchone()
    assert kept == {"status": "pending"}


def test_every_staff_route_names_its_permission(app: Flask) -> None:
    open_to_all = {
        "sign_in.form",
        "sign_in.leave",
        "sign_in.forgot_password",
        "sign_in.link_sent",
        "sign_in.new_password",
        "sign_in.accept_invitation",
        "sign_in.another_code",
        "doorstep.code",
        "doorstep.set_up",
    }
    unguarded = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff") and not hasattr(app.view_functions[rule.endpoint], "permission")
    }
    assert unguarded == open_to_all, "Put @requires(Permission.X) under the route."
