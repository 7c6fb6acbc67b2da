"""What a message means to a page: which row to put in, which to take out, or to read everything again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from supabase import Client

from roamio_web.live.client_views import ClientsView, ClientView
from roamio_web.live.drawing import Drawing
from roamio_web.live.subscriber import EVERYTHING, Interest, Message
from roamio_web.live.view import Gone, ReadAgain, View, replace, take_out
from roamio_web.models.booking import BookingRow
from roamio_web.models.booking_query import BookingQuery, Sort
from roamio_web.models.client_query import ClientQuery
from roamio_web.models.staff import Role, StaffMember
from roamio_web.models.task_query import TaskQuery
from roamio_web.permissions import Permission, allows
from roamio_web.services import overview, staff_bookings, tasks


def view_of(
    args: Mapping[str, str], member: StaffMember, drawing: Drawing, environ: dict[str, Any]
) -> View | None:
    """The page that a stream's address names; None when there is none, or none for this person."""
    may_read = allows(member, Permission.SEE_BOOKINGS)
    match args.get("view"):
        case "overview" if allows(member, Permission.SEE_OVERVIEW):
            return OverviewView(member, drawing)
        case "bookings" if may_read:
            return BookingsView(BookingQuery.from_args(args), member, drawing)
        case "booking" if may_read and (booking_id := uuid_in(args.get("id"))):
            return BookingView(booking_id, member, drawing, environ)
        case "tasks" if allows(member, Permission.WORK_ON_TASKS):
            return TasksView(TaskQuery.from_args(args), member, drawing, environ)
        case "clients" if allows(member, Permission.SEE_CLIENTS):
            return ClientsView(ClientQuery.from_args(args), member, drawing)
        case "client" if allows(member, Permission.SEE_CLIENTS) and (client_id := uuid_in(args.get("id"))):
            return ClientView(client_id, member, drawing)
    return None


def uuid_in(text: str | None) -> str | None:
    """The id in its usual spelling, or None for anything else than one."""
    try:
        return str(UUID(text or ""))
    except ValueError:
        return None


@dataclass
class BookingsView:
    """The list. It knows where its page ends, not what is on it: to take out what is absent does no harm."""

    query: BookingQuery
    member: StaffMember
    drawing: Drawing
    end: str | None = None  # sort key of the last row, when another page follows

    @property
    def interest(self) -> Interest:
        alike = (self.member.role, self.query.sort)
        return Interest(frozenset({"booking", "leave"}), alike, self._prepare)

    def read(self, client: Client, since: Message | None) -> str:
        page = staff_bookings.list_bookings(client, self.query)
        self.end = self.query.sort.key(page.rows[-1]) if page.following else None
        html = self.drawing.draw("staff/bookings/_list.html", page=page, query=self.query, member=self.member)
        return replace("bookings", html)

    def change(self, messages: Iterable[Message]) -> str:
        return "".join(self._change(message) for message in messages)

    def _change(self, message: Message) -> str:
        if message.event == "leave":
            # An admin or finance goes on seeing what was taken from an agent.
            return take_out(f"booking-{message.payload['id']}") if self.member.role is Role.OPERATIONS else ""
        if message.payload["row"] is None:
            return take_out(f"booking-{message.payload['id']}")
        row = self._row(message)
        return self._put_in(row, message) if self._fits(row) else take_out(f"booking-{row.id}")

    def _prepare(self, message: Message) -> None:
        if message.payload.get("row"):
            self._drawn(self._row(message), message)

    def _row(self, message: Message) -> BookingRow:
        return self.drawing.once((message.id, "row"), lambda: BookingRow.from_row(message.payload["row"]))

    def _drawn(self, row: BookingRow, message: Message) -> str:
        sort = self.query.sort

        def draw() -> str:
            html = self.drawing.draw(
                "staff/bookings/_row.html", row=row, query=self.query, member=self.member
            )
            order = "desc" if sort.descending else "asc"
            return f'<hx-upsert hx-target="#booking-rows" key="data-key" sort="{order}">{html}</hx-upsert>'

        return self.drawing.once((message.id, self.member.role, sort), draw)

    def _fits(self, row: BookingRow) -> bool:
        if not self.query.matches(row):
            return False
        key, sort = self.query.sort.key(row), self.query.sort
        return self.end is None or (key >= self.end if sort.descending else key <= self.end)

    def _put_in(self, row: BookingRow, message: Message) -> str:
        # An upsert leaves a row where it is. A row's place can change, except in the order of arrival.
        moves = self.query.sort is not Sort.NEWEST
        return (take_out(f"booking-{row.id}") if moves else "") + self._drawn(row, message)


@dataclass
class BookingView:
    """One booking whole; read afresh when something about it changes."""

    booking_id: str
    member: StaffMember
    drawing: Drawing
    environ: dict[str, Any]  # the person's request, for the tokens in the forms
    interest = EVERYTHING

    def read(self, client: Client, since: Message | None) -> str:
        booking = staff_bookings.read_booking(client, self.booking_id)
        html = self.drawing.draw(
            "staff/bookings/_booking.html", self.environ, booking=booking, member=self.member
        )
        return replace("booking", html)

    def change(self, messages: Iterable[Message]) -> str:
        touched = [message for message in messages if self._concerns(message)]
        if any(message.event == "leave" for message in touched) and self.member.role is Role.OPERATIONS:
            raise Gone
        if touched:
            raise ReadAgain
        return ""

    def _concerns(self, message: Message) -> bool:
        row = message.payload.get("row") or {}
        subject = row.get("booking_id") if message.event == "task" else message.payload.get("id")
        # A task that went says no more of which booking it was.
        return subject == self.booking_id or message.event == "task_leave"


@dataclass
class TasksView:
    """My day and the board; read afresh when a task changes, since one move touches several places of it."""

    interest = Interest(frozenset({"task", "task_leave"}))

    query: TaskQuery
    member: StaffMember
    drawing: Drawing
    environ: dict[str, Any]  # the person's request, for the tokens in the forms

    def read(self, client: Client, since: Message | None) -> str:
        board = tasks.read_board(client, self.query)
        html = self.drawing.draw("staff/tasks/_board.html", self.environ, board=board, member=self.member)
        return replace("tasks", html)

    def change(self, messages: Iterable[Message]) -> str:
        raise ReadAgain


@dataclass
class OverviewView:
    """The counts and what waits; read afresh, once for all who are shown the same."""

    member: StaffMember
    drawing: Drawing
    interest = EVERYTHING

    def read(self, client: Client, since: Message | None) -> str:
        def draw() -> str:
            found = overview.read(client, self.member)
            return self.drawing.draw("staff/overview/_counts.html", overview=found, member=self.member)

        if since is None:
            return replace("overview", draw())
        alike = self.member.role in (Role.FINANCE, Role.VIEWER)
        audience = self.member.role if alike else self.member.id
        return replace("overview", self.drawing.once((since.id, "overview", audience), draw))

    def change(self, messages: Iterable[Message]) -> str:
        raise ReadAgain
