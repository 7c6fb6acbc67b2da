"""What a message means to a page: which row to put in, which to take out, or to read everything again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from supabase import Client

from roamio_web.live.access_view import AccessView
from roamio_web.live.client_views import ClientsView, ClientView
from roamio_web.live.drawing import Drawing
from roamio_web.live.list_view import BookingsView
from roamio_web.live.overview_view import OverviewView
from roamio_web.live.subscriber import COMPANY, PERSON, Interest, Message
from roamio_web.live.turns import next_turn
from roamio_web.live.view import Demand, Gone, ReadAgain, View, fill, rename, replace
from roamio_web.models.booking_query import BookingQuery
from roamio_web.models.client_query import ClientQuery
from roamio_web.models.staff import Role, StaffMember
from roamio_web.models.task_query import TaskQuery
from roamio_web.models.values import uuid_or_none
from roamio_web.permissions import Permission, allows
from roamio_web.services import staff_bookings, tasks


def view_of(
    args: Mapping[str, str], member: StaffMember, drawing: Drawing, environ: dict[str, Any]
) -> View | None:
    """The page that a stream's address names; None when there is none, or none for this person."""
    may_read = allows(member, Permission.SEE_BOOKINGS)
    may_see_clients = allows(member, Permission.SEE_CLIENTS)
    match args.get("view"):
        case "access":
            return AccessView()
        case "overview" if allows(member, Permission.SEE_OVERVIEW):
            return OverviewView(member, drawing)
        case "bookings" if may_read:
            return BookingsView(BookingQuery.from_args(args), member, drawing)
        case "booking" if may_read and (booking_id := uuid_or_none(args.get("id"))):
            return BookingView(booking_id, member, drawing, environ)
        case "tasks" if allows(member, Permission.WORK_ON_TASKS):
            return TasksView(TaskQuery.from_args(args), member, drawing, environ)
        case "clients" if may_see_clients:
            return ClientsView(ClientQuery.from_args(args), member, drawing)
        case "client" if may_see_clients and (client_id := uuid_or_none(args.get("id"))):
            return ClientView(client_id, member, drawing)
    return None


@dataclass
class BookingView:
    """One booking whole; read afresh when something about it changes."""

    booking_id: str
    member: StaffMember
    drawing: Drawing
    environ: dict[str, Any]  # the person's request, for the tokens in the forms
    turns_at: datetime | None = None

    @property
    def interest(self) -> Interest:
        works_on_it = allows(self.member, Permission.CHANGE_BOOKING)
        return Interest(room=self.booking_id if works_on_it else None)

    def read(self, client: Client, demand: Demand) -> str:
        booking = staff_bookings.read_booking(client, self.booking_id)
        self.turns_at = next_turn(demand.moment, *(task.due_date for task in booking.tasks))
        html = self.drawing.draw(
            "staff/bookings/_booking.html", self.environ, booking=booking, member=self.member
        )
        # The choice of an agent is left as it stands, but for what it says of each.
        loads = (fill(f"load-{agent.id}", agent.load) for agent in booking.agents)
        return replace("booking", html) + "".join(loads)

    def change(self, messages: Iterable[Message]) -> str:
        told = list(messages)
        if told[-1].event == COMPANY:
            html = self.drawing.draw("staff/bookings/_company.html", people=told[-1].payload["people"])
            return replace("company", html)
        touched = [message for message in told if self._concerns(message)]
        if any(message.event == "leave" for message in touched) and self.member.role is Role.OPERATIONS:
            raise Gone
        if touched:
            raise ReadAgain
        return ""

    def _concerns(self, message: Message) -> bool:
        row = message.payload.get("row") or {}
        match message.event:
            case "task":
                subject = row.get("booking_id")
            case "note":
                subject = message.payload.get("booking_id")
            case _:
                subject = message.payload.get("id")
        # A task that went says no more of which booking it was.
        # Anybody's name may stand anywhere on it.
        return subject == self.booking_id or message.event in ("task_leave", PERSON)


@dataclass
class TasksView:
    """My day and the board; read afresh when a task changes, since one move touches several places of it."""

    interest = Interest(frozenset({"task", "task_leave", "booking", PERSON}))

    query: TaskQuery
    member: StaffMember
    drawing: Drawing
    environ: dict[str, Any]  # the person's request, for the tokens in the forms
    turns_at: datetime | None = None

    def read(self, client: Client, demand: Demand) -> str:
        tonight = tasks.end_of_day()
        board = tasks.read_board(client, self.query)
        shown = (*board.day, *(task for column in board.columns for task in column.tasks))
        self.turns_at = next_turn(demand.moment, tonight, *(task.due_date for task in shown))
        html = self.drawing.draw("staff/tasks/_board.html", self.environ, board=board, member=self.member)
        return replace("tasks", html)

    def change(self, messages: Iterable[Message]) -> str:
        # Of bookings only new ones matter: each brings its review task, which no message of its own tells of.
        told = [
            message
            for message in messages
            if message.event != "booking" or message.payload.get("kind") == "INSERT"
        ]
        if not told:
            return ""
        raise ReadAgain("".join(rename(message, self.member) for message in told if message.event == PERSON))
