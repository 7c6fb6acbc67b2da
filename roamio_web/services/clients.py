"""Clients as staff read and change them. Row Level Security decides which exist for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from supabase import Client as Supabase

from roamio_web.models.booking import BookingRow
from roamio_web.models.change import Change
from roamio_web.models.client import Client, ClientRow
from roamio_web.models.client_query import ClientQuery
from roamio_web.services.failures import NOT_ALLOWED, NotFound, Refused, ServiceError, ask, write

PAGE_SIZE = 50
NOT_FOUND = "This client does not exist, or it is not yours to see."
SAME_PERSON = "Another client has exactly this name, e-mail address and phone number."


class ClientMovedOn(ServiceError):
    """Somebody changed the client after this person had read it; nothing was written.

    ``page`` is how it is now, ``latest`` who made it so.
    """

    def __init__(self, page: ClientPage, latest: Change | None) -> None:
        super().__init__("Somebody changed this client while you were looking at it.")
        self.page = page
        self.latest = latest


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
    return _page(ask(client.rpc("client_page", {"client": client_id})))


def _page(page: dict[str, Any] | None) -> ClientPage:
    """:raise NotFound: there is none."""
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
    asked = {"client": seen.id, "seen": _values(seen), "wanted": _values(wanted)}
    answer = write(client.rpc("change_client", asked), unique=SAME_PERSON)
    page = _page(answer.now["page"])
    if answer.refusal:
        raise Refused(answer.refusal, page)
    if answer.written or page.client == wanted:
        return
    if page.client == seen:
        # Readable and unchanged, yet not one row was written: a policy filtered the update.
        raise Refused(NOT_ALLOWED, page)
    raise ClientMovedOn(page, answer.latest)


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
    pair = _pair(ask(client.table("client_rows").select("*").in_("id", [kept_id, gone_id])), kept_id, gone_id)
    if pair is None:
        raise NotFound(NOT_FOUND)
    return pair


def merge_clients(client: Supabase, kept_id: str, gone_id: str) -> None:
    """Make one client of two: the bookings of the second become the first's.

    :raise Refused: the database says no, in a sentence; ``now`` is the pair, if both are there.
    """
    answer = write(client.rpc("merge_pair", {"kept": kept_id, "gone": gone_id}), unique=SAME_PERSON)
    if answer.refusal:
        raise Refused(answer.refusal, _pair(answer.now["pair"], kept_id, gone_id))


def _pair(found: list[dict[str, Any]], kept_id: str, gone_id: str) -> tuple[ClientRow, ClientRow] | None:
    """The two, in the order of their part; None unless both were found."""
    rows = {row["id"]: ClientRow.from_row(row) for row in found}
    return (rows[kept_id], rows[gone_id]) if set(rows) == {kept_id, gone_id} else None


def _values(client: Client) -> dict[str, str | None]:
    return {"name": client.name, "email": client.email, "phone": client.phone, "country": client.country}
