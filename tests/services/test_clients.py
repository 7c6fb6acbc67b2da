"""Staff read and change clients, each as far as the database lets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest
from postgrest.exceptions import APIError
from supabase import Client as Supabase

from roamio_web.models.client import Client
from roamio_web.models.client_query import ClientQuery
from roamio_web.services import clients
from roamio_web.services.clients import ClientMovedOn
from roamio_web.services.failures import NotFound, Refused
from tests.support.at_once import only_winner
from tests.support.factories import Database, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER
from tests.support.rows import row_of

As = Callable[[str], Supabase]


def seen_by(client: Supabase, client_id: str) -> Client:
    return clients.read_client(client, client_id).client


@pytest.mark.parametrize("email", [FINANCE, VIEWER])
def test_who_may_not_see_clients_finds_none(as_staff: As, database: Database, email: str) -> None:
    client = make_client(database)
    make_booking(database, client_id=client, agent=AGENT)
    assert clients.list_clients(as_staff(email), ClientQuery()).rows == ()
    with pytest.raises(NotFound):
        clients.read_client(as_staff(email), client)
    assert row_of(database, "clients", client)


def test_agent_counts_the_bookings_that_are_theirs(as_staff: As, database: Database) -> None:
    client = make_client(database)
    for agent in (AGENT, AGENT, OTHER_AGENT, None):
        make_booking(database, client_id=client, agent=agent)
    counted = {email: clients.read_client(as_staff(email), client).row.bookings for email in (AGENT, ADMIN)}
    assert counted == {AGENT: 2, ADMIN: 4}


def test_of_two_admins_at_once_exactly_one_wins(as_staff: As, database: Database) -> None:
    client_id = make_client(database)
    seen = seen_by(as_staff(ADMIN), client_id)
    rename = {
        name: partial(clients.change_client, as_staff(ADMIN), seen, replace(seen, name=name))
        for name in ("Asha Rao", "Asha Roy")
    }
    winner = only_winner(rename, ClientMovedOn)
    assert row_of(database, "clients", client_id)["name"] == winner


@pytest.mark.parametrize("name", ["O'Brien, “Zoë” (née Ñ)", "a.b,c:d*e%f_g", 'with "quotes" \\ and'])
def test_client_of_any_name_is_changed_and_found(as_staff: As, database: Database, name: str) -> None:
    client_id, admin = make_client(database, name=name), as_staff(ADMIN)
    seen = seen_by(admin, client_id)
    clients.change_client(admin, seen, replace(seen, country=None))
    assert row_of(database, "clients", client_id)["country"] is None
    found = clients.list_clients(admin, ClientQuery(search=name))
    assert client_id in {row.client.id for row in found.rows}


def test_agent_cannot_change_a_client_whom_they_see(as_staff: As, database: Database) -> None:
    client_id, agent = make_client(database), as_staff(AGENT)
    make_booking(database, client_id=client_id, agent=AGENT)
    before, seen = row_of(database, "clients", client_id), seen_by(agent, client_id)
    with pytest.raises(Refused):
        clients.change_client(agent, seen, replace(seen, name="Mine"))
    assert row_of(database, "clients", client_id) == before


def test_phone_that_is_none_is_refused_in_words(as_staff: As, database: Database) -> None:
    client_id, admin = make_client(database), as_staff(ADMIN)
    before, seen = row_of(database, "clients", client_id), seen_by(admin, client_id)
    with pytest.raises(Refused, match="Reload the page"):
        clients.change_client(admin, seen, replace(seen, phone="12"))
    assert row_of(database, "clients", client_id) == before


@pytest.mark.parametrize("email", [AGENT, FINANCE, VIEWER])
def test_only_an_admin_makes_one_client_of_two(as_staff: As, database: Database, email: str) -> None:
    kept, gone = make_client(database), make_client(database)
    before = row_of(database, "clients", gone)
    with pytest.raises(Refused, match="Only an admin"):
        clients.merge_clients(as_staff(email), kept, gone)
    assert row_of(database, "clients", gone) == before


def test_merging_with_somebody_who_is_gone_is_refused_in_words(as_staff: As, database: Database) -> None:
    kept = make_client(database)
    before = row_of(database, "clients", kept)
    with pytest.raises(Refused, match="is not there any more"):
        clients.merge_clients(as_staff(ADMIN), kept, str(uuid4()))
    assert row_of(database, "clients", kept) == before


def test_after_a_merge_a_booking_s_client_changes_no_more_than_before(
    as_staff: As, database: Database
) -> None:
    kept, gone, third = (make_client(database) for _ in range(3))
    booking, admin = make_booking(database, client_id=gone), as_staff(ADMIN)
    clients.merge_clients(admin, kept, gone)
    with pytest.raises(APIError, match="The client_id of a booking never changes"):
        admin.table("bookings").update({"client_id": third}).eq("id", booking).execute()
    moved = database.execute("select client_id::text from bookings where id = %s", [booking]).fetchone()
    assert moved == {"client_id": kept}
