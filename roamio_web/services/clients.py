"""Clients as staff read and change them. Row Level Security decides which exist for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from postgrest.exceptions import APIError
from supabase import Client as Supabase

from roamio_web.models.booking import BookingRow
from roamio_web.models.client import Client, ClientRow
from roamio_web.models.client_query import ClientQuery
from roamio_web.services.failures import NOT_ALLOWED, NotFound, Refused, ServiceError, ask

PAGE_SIZE = 50
UNIQUE_VIOLATION = "23505"
NOT_FOUND = "This client does not exist, or it is not yours to see."
SAME_PERSON = "Another client has exactly this name, e-mail address and phone number."


class ClientMovedOn(ServiceError):
    """Somebody changed the client after this person had read it; nothing was written.

    ``client`` is as it is now.
    """

    def __init__(self, client: Client) -> None:
        super().__init__("Somebody changed this client while you were looking at it.")
        self.client = client


@dataclass(frozen=True)
class ClientList:
    """One page of the list. ``following`` asks for the next, and is None on the last."""

    rows: tuple[ClientRow, ...]
    query: ClientQuery
    following: ClientQuery | None = None


@dataclass(frozen=True)
class ClientPage:
    """One client with the bookings that the reader may see, the newest first."""

    row: ClientRow
    bookings: tuple[BookingRow, ...] = ()

    @property
    def client(self) -> Client:
        return self.row.client


def list_clients(client: Supabase, query: ClientQuery) -> ClientList:
    """Read one page of clients, in one round trip.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    wanted: dict[str, Any] = {"search": query.search, "page_size": PAGE_SIZE + 1}
    if query.after and query.after.value:
        wanted |= {"after_value": query.after.value.isoformat(), "after_id": query.after.id}
    found = ask(client.rpc("find_clients", wanted))
    rows = tuple(ClientRow.from_row(row) for row in found[:PAGE_SIZE])
    return ClientList(rows, query, query.page_after(rows[-1]) if len(found) > PAGE_SIZE else None)


def read_client(client: Supabase, client_id: str) -> ClientPage:
    """Read one client with their bookings, in one round trip.

    :raise NotFound: there is none, or it is not this person's to see.
    """
    page = ask(client.rpc("client_page", {"client": client_id}))
    if not page:
        raise NotFound(NOT_FOUND)
    return ClientPage(
        ClientRow.from_row(page["row"]), tuple(BookingRow.from_row(row) for row in page["bookings"])
    )


def change_client(client: Supabase, seen: Client, wanted: Client) -> None:
    """Write a client's details, if they still are as this person saw them.

    A client's row has no time of change, so the values themselves say whether it has moved on.

    :raise ClientMovedOn: they have changed since; nothing was written.
    :raise NotFound: there is no such client for this person.
    :raise Refused: the database says no, in a sentence.
    """
    written = client.table("clients").update(_values(wanted)).eq("id", seen.id)
    for column, value in _values(seen).items():
        written = written.is_(column, None) if value is None else written.eq(column, value)
    try:
        rows = ask(written)
    except APIError as error:
        if error.code != UNIQUE_VIOLATION:
            raise
        raise Refused(SAME_PERSON) from error
    if rows:
        return
    now = read_client(client, seen.id).client
    if now == seen:
        # Readable and unchanged, yet not one row was written: a policy filtered the update.
        raise Refused(NOT_ALLOWED)
    if now != wanted:
        raise ClientMovedOn(now)


def read_twins(client: Supabase, client_id: str, search: str = "") -> tuple[ClientRow, tuple[ClientRow, ...]]:
    """Read a client, and those who may be the same person or, with a search, those whom it finds.

    :raise NotFound: there is no such client for this person.
    """
    found = ask(client.rpc("client_twins", {"client": client_id, "search": search}))
    rows = [ClientRow.from_row(row) for row in found]
    if not rows:
        raise NotFound(NOT_FOUND)
    return rows[0], tuple(rows[1:])


def read_pair(client: Supabase, kept_id: str, gone_id: str) -> tuple[ClientRow, ClientRow]:
    """Read two clients that are to become one.

    :raise NotFound: one of them does not exist for this person.
    """
    found = ask(client.table("client_rows").select("*").in_("id", [kept_id, gone_id]))
    rows = {row["id"]: ClientRow.from_row(row) for row in found}
    if set(rows) != {kept_id, gone_id}:
        raise NotFound(NOT_FOUND)
    return rows[kept_id], rows[gone_id]


def merge_clients(client: Supabase, kept_id: str, gone_id: str) -> None:
    """Make one client of two: the bookings of the second become the first's.

    :raise Refused: the database says no, in a sentence.
    """
    try:
        ask(client.rpc("merge_clients", {"kept": kept_id, "gone": gone_id}))
    except APIError as error:
        if error.code != UNIQUE_VIOLATION:
            raise
        raise Refused(SAME_PERSON) from error


def _values(client: Client) -> dict[str, str | None]:
    return {"name": client.name, "email": client.email, "phone": client.phone, "country": client.country}
