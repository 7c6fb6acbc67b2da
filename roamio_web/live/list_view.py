"""The list of bookings, kept true: rows flow in and leave, and the page never grows beyond its size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from supabase import Client

from roamio_web.live.drawing import Drawing
from roamio_web.live.shown_rows import ShownRows, page_behind
from roamio_web.live.subscriber import PERSON, Interest, Message
from roamio_web.live.turns import next_turn
from roamio_web.live.view import Demand, ReadAgain, rename, replace, take_out
from roamio_web.models.booking import BookingRow
from roamio_web.models.booking_query import PAGE_SIZE, BookingQuery, Sort
from roamio_web.models.staff import Role, StaffMember
from roamio_web.services import staff_bookings


@dataclass
class BookingsView:
    """The list. To take out what is absent does no harm; when a row leaves, the one that follows is read."""

    query: BookingQuery
    member: StaffMember
    drawing: Drawing
    shown: ShownRows | None = None
    turns_at: datetime | None = None

    @property
    def interest(self) -> Interest:
        alike = (self.member.role, self.query.sort)
        return Interest(frozenset({"booking", "leave", PERSON}), alike, self._prepare)

    def read(self, client: Client, demand: Demand) -> str:
        def find() -> tuple[str, list[str], bool, datetime | None]:
            began = datetime.now(UTC)
            page = staff_bookings.list_bookings(client, self.query)
            html = self.drawing.draw(
                "staff/bookings/_list.html", page=page, query=self.query, member=self.member
            )
            keys = [self.query.sort.key(row) for row in page.rows]
            turn = next_turn(began, *map(_due, page.rows), days=self.query.starts is not None)
            return replace("bookings", html), keys, page.following is not None, turn

        if demand.since is None:
            html, keys, more, self.turns_at = find()
        else:
            # All admins see the same list, and so does all of finance.
            audience = self.member.id if self.member.role is Role.OPERATIONS else self.member.role
            html, keys, more, self.turns_at = self.drawing.once(
                (demand.since.id, "bookings", audience, self.query), find
            )
        self.shown = ShownRows(keys, PAGE_SIZE, descending=self.query.sort.descending, more=more)
        return html

    def change(self, messages: Iterable[Message]) -> str:
        if self.shown is None:
            raise ReadAgain
        messages = list(messages)
        if renamed := [message for message in messages if message.event == PERSON]:
            raise ReadAgain("".join(rename(message, self.member) for message in renamed))
        end = self.shown.end
        left = False
        parts = []
        for message in self._last_words(messages):
            was_there = self.shown.take_out(message.payload["id"])
            html = self._put_in(message, self.shown)
            parts.append(html or take_out(f"booking-{message.payload['id']}"))
            left |= was_there and not html
        if left and self.shown.more:
            raise ReadAgain("".join(parts))
        if self.shown.end and self.shown.end != end:
            parts.append(self._page_end(self.shown.end))
        return "".join(parts)

    def _last_words(self, messages: Iterable[Message]) -> Iterable[Message]:
        """What was said last of each booking: of two things, a browser takes out before it puts in."""
        last: dict[str, Message] = {}
        for message in messages:
            if message.event == "leave" and self.member.role is not Role.OPERATIONS:
                continue  # an admin or finance goes on seeing what was taken from an agent
            last.pop(message.payload["id"], None)
            last[message.payload["id"]] = message
        return last.values()

    def _put_in(self, message: Message, shown: ShownRows) -> str:
        """The row as it is now, or nothing where this page does not have it."""
        if not message.payload.get("row"):
            return ""
        row = self._row(message)
        if not self.query.matches(row) or not shown.put_in(self.query.sort.key(row)):
            return ""
        html, drawn = self._drawn(row, message)
        self.turns_at = min(filter(None, (self.turns_at, next_turn(drawn, _due(row)))), default=None)
        # An upsert leaves a row where it is. A row's place can change, except in the order of arrival.
        moves = self.query.sort is not Sort.NEWEST
        return (take_out(f"booking-{row.id}") if moves else "") + html

    def _page_end(self, end: str) -> str:
        """The page's end: static/js/trim.js takes out what is beyond it, and the next page begins there."""

        def draw() -> str:
            following = page_behind(self.query, end)
            return self.drawing.draw(
                "staff/bookings/_pages.html", query=self.query, following=following, end=end
            )

        return replace("booking-pages", self.drawing.once(("pages", self.query, end), draw))

    def _prepare(self, message: Message) -> None:
        if message.payload.get("row"):
            self._drawn(self._row(message), message)

    def _row(self, message: Message) -> BookingRow:
        return self.drawing.once((message.id, "row"), lambda: BookingRow.from_row(message.payload["row"]))

    def _drawn(self, row: BookingRow, message: Message) -> tuple[str, datetime]:
        """The row, and when it was drawn."""
        sort = self.query.sort

        def draw() -> tuple[str, datetime]:
            began = datetime.now(UTC)
            html = self.drawing.draw(
                "staff/bookings/_row.html", row=row, query=self.query, member=self.member
            )
            order = "desc" if sort.descending else "asc"
            upsert = f'<hx-upsert hx-target="#booking-rows" key="data-key" sort="{order}">{html}</hx-upsert>'
            return upsert, began

        return self.drawing.once((message.id, self.member.role, sort), draw)


def _due(row: BookingRow) -> datetime | None:
    """When the row begins to say that something is overdue."""
    return row.next_due if row.status.is_open else None
