"""Routing: who is given the new website bookings of each purpose. The database gives them out."""

from __future__ import annotations

from supabase import Client

from roamio_web.models.booking import Purpose
from roamio_web.models.change import Change
from roamio_web.models.routing import Routing
from roamio_web.services.failures import NOT_ALLOWED, Refused, ServiceError, ask, write


class RoutingMovedOn(ServiceError):
    """Somebody set this purpose's rule after it was read; nothing was written.

    ``now`` is how it is, ``latest`` who made it so.
    """

    def __init__(self, now: Routing, latest: Change | None) -> None:
        super().__init__("Somebody changed this rule while you were looking at it.")
        self.now = now
        self.latest = latest


def read_routing(client: Client) -> tuple[Routing, ...]:
    """Read the rule of every purpose, in one round trip.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    rows = {row["purpose"]: row for row in ask(client.table("routing_rows").select("*"))}
    return tuple(Routing.from_row(rows[purpose]) for purpose in Purpose)


def read_rule(client: Client, purpose: Purpose) -> Routing:
    """Read one purpose's rule, in one round trip.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    (row,) = ask(client.table("routing_rows").select("*").eq("purpose", purpose))
    return Routing.from_row(row)


def set_rule(client: Client, seen: Routing, wanted: Routing) -> None:
    """Write one purpose's rule, if it still is as it was seen.

    :raise RoutingMovedOn: it has been set since; nothing was written.
    :raise Refused: the database says no, in a sentence.
    """
    given = {
        "routed": wanted.purpose,
        "seen": seen.to_json(),
        "turned_on": wanted.enabled,
        "agents": sorted(wanted.agents),
    }
    answer = write(client.rpc("change_routing", given))
    if answer.written:
        return
    now = Routing.from_row(answer.now["rule"])
    if now == seen:
        # Readable and unchanged, yet not written: a policy hides the rules.
        raise Refused(NOT_ALLOWED)
    if now != wanted:
        raise RoutingMovedOn(now, answer.latest)
