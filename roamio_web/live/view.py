"""What an open page is to its stream: something that is read whole, or changed piece by piece."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from markupsafe import escape
from supabase import Client

from roamio_web.live.subscriber import Interest, Message
from roamio_web.models.staff import StaffMember


class ReadAgain(Exception):
    """The page can't be brought up to date piece by piece: it is to be read afresh.

    ``meanwhile`` is what can be changed at once.
    """

    def __init__(self, meanwhile: str = "") -> None:
        super().__init__()
        self.meanwhile = meanwhile


class Gone(Exception):
    """The page shows what this person may no longer see: it is to be loaded anew."""


@dataclass(frozen=True)
class Demand:
    """Why a page is read: for the newest of some messages, or since time went by; without one, after a gap.

    What was read before ``at`` (``time.monotonic``) may be too old.
    """

    since: Message | None
    at: float

    @property
    def moment(self) -> datetime:
        """``at`` by the calendar's clock."""
        return datetime.now(UTC) - timedelta(seconds=time.monotonic() - self.at)


class View(Protocol):
    """One open page, as far as it is live."""

    @property
    def interest(self) -> Interest:
        """What wakes it up."""

    @property
    def turns_at(self) -> datetime | None:
        """When time alone changes what was read last, so that it is to be read again; None for never."""

    def read(self, client: Client, demand: Demand) -> str:
        """The page's content as it is now, to be swapped in.

        :raise NotFound, TokenRefused, Unavailable: as the services.
        """

    def change(self, messages: Iterable[Message]) -> str:
        """What these messages change on the page; empty for nothing.

        :raise ReadAgain, Gone: see there.
        """


def replace(element: str, html: str) -> str:
    """Swap a fragment over the element of that id, leaving what has not changed as it is."""
    return f'<hx-partial hx-target="#{element}" hx-swap="outerMorph">{html}</hx-partial>'


def fill(element: str, words: str) -> str:
    """Let the element of that id say something else, if it is there."""
    return f'<hx-partial hx-target="#{element}" hx-swap="innerHTML">{escape(words)}</hx-partial>'


def rename(message: Message, member: StaffMember) -> str:
    """Name somebody anew in the page's menus; the one of whose rows to see calls the reader "Me"."""
    person, name = escape(message.payload["id"]), escape(message.payload["name"])
    menus = ("#several-agent",) if person == member.id else ("#several-agent", "#agent")
    return "".join(
        f"""<hx-partial hx-target="{menu} option[value='{person}']" hx-swap="innerHTML">{name}</hx-partial>"""
        for menu in menus
    )


def take_out(element: str) -> str:
    """Delete the element of that id, if it is there."""
    return f'<hx-partial hx-target="#{element}" hx-swap="delete"></hx-partial>'
