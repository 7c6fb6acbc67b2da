"""A page that is not live, and must go all the same when the reader's role changes or goes."""

from __future__ import annotations

from collections.abc import Iterable

from supabase import Client

from roamio_web.backend import Backend
from roamio_web.live.subscriber import Interest, Message
from roamio_web.live.upstream import Look
from roamio_web.live.view import Demand
from roamio_web.models.staff import StaffMember
from roamio_web.services.failures import NotFound, ask


class AccessView:
    """Forms and the audit log."""

    interest = Interest(frozenset())  # what is told to every page reaches this one, too
    turns_at = None

    def read(self, client: Client, demand: Demand) -> str:
        return ""

    def change(self, messages: Iterable[Message]) -> str:
        return ""


def look_with(backend: Backend) -> Look:
    """How the hub finds out by itself that somebody's access has changed."""

    def look(member: StaffMember, token: str) -> None:
        mine = backend.staff_member(token).table("profiles").select("role").eq("id", member.id)
        if ask(mine) != [{"role": member.role}]:
            raise NotFound("This person has another role now, or none.")

    return look
