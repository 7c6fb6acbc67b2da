"""The pages about clients, kept true: a client changes by being edited, and by every booking of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supabase import Client

from roamio_web.live.drawing import Drawing
from roamio_web.live.subscriber import Interest, Message
from roamio_web.live.view import Demand, ReadAgain, replace
from roamio_web.models.client_query import ClientQuery
from roamio_web.models.staff import StaffMember
from roamio_web.services import clients

# Agents hear of their clients through their bookings, admins also of those who never booked.
INTEREST = Interest(frozenset({"booking", "leave", "client"}))


@dataclass
class ClientsView:
    """The list; read afresh, since a booking may add a client, count one up, or take one from an agent."""

    query: ClientQuery
    member: StaffMember
    drawing: Drawing
    interest = INTEREST
    turns_at = None

    def read(self, client: Client, demand: Demand) -> str:
        page = clients.list_clients(client, self.query)
        html = self.drawing.draw("staff/clients/_list.html", page=page, query=self.query, member=self.member)
        return replace("clients", html)

    def change(self, messages: Iterable[Message]) -> str:
        raise ReadAgain


@dataclass
class ClientView:
    """One client with their bookings; read afresh when something about them changes."""

    client_id: str
    member: StaffMember
    drawing: Drawing
    interest = INTEREST
    turns_at = None

    def read(self, client: Client, demand: Demand) -> str:
        page = clients.read_client(client, self.client_id)
        return replace(
            "client", self.drawing.draw("staff/clients/_client.html", page=page, member=self.member)
        )

    def change(self, messages: Iterable[Message]) -> str:
        if any(self._concerns(message) for message in messages):
            raise ReadAgain
        return ""

    def _concerns(self, message: Message) -> bool:
        if message.event == "client":
            return message.payload.get("id") == self.client_id
        row = message.payload.get("row")
        # A booking that went says no more of whose it was.
        return row is None or row.get("client_id") == self.client_id
