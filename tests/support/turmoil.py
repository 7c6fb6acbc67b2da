"""A busy office: bookings come, move on, change hands and go, clients are merged, people renamed."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.support.factories import Database, make_booking, make_client, make_task
from tests.support.people import ADMIN, AGENT, OTHER_AGENT

PURPOSES = ("cab", "hotel", "medical", "tourism")
STATUSES = ("pending", "confirmed", "in_progress", "completed", "cancelled")
TASK_STATUSES = ("open", "in_progress", "blocked", "done")
PEOPLE = (AGENT, OTHER_AGENT, None)
HOURS = (-30, -3, 2, 5, 9, 30, 100)  # from now until a booking starts or a task is due
ZONES = ("Asia/Kolkata", "America/New_York")


@dataclass
class Turmoil:
    """Changes what it made itself. ``kept`` is a booking that is changed and never taken from its agent."""

    database: Database
    seed: int = 7
    bookings: list[str] = field(default_factory=list)
    kept: str = ""
    client: str = ""  # of the kept booking; others are made one with it
    others: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._names = self.database.execute("select id, full_name from profiles").fetchall()

    def begin(self, bookings: int) -> None:
        """Make so many bookings, so that the lists' first pages show them."""
        self.client = make_client(self.database)
        for _ in range(bookings - 1):
            self._book()
        self.kept = make_booking(self.database, client_id=self.client, agent=AGENT)

    def end(self) -> None:
        """Call everybody again what they were called."""
        for person in self._names:
            self.database.execute("update profiles set full_name = %(full_name)s where id = %(id)s", person)

    def changes(self, number: int) -> None:
        """Make so many changes, each a transaction of its own."""
        kinds = (self._book, self._book, self._move, self._move, self._assign, self._assign, self._delete,
                 self._work, self._work, self._work, self._move_kept, self._edit_client, self._note,
                 self._merge, self._rename)  # fmt: skip
        for _ in range(number):
            self._random.choice(kinds)()

    def _book(self) -> None:
        person = self._random.choice((self.client, *self.others[-1:], self._newcomer()))
        self.bookings.append(
            make_booking(
                self.database,
                purpose=self._random.choice(PURPOSES),
                status=self._random.choice(STATUSES),
                agent=self._random.choice(PEOPLE),
                client_id=person,
                starts_at=self._some_time().isoformat(timespec="seconds"),
                time_zone=self._random.choice(ZONES),
            )
        )

    def _newcomer(self) -> str:
        self.others.append(make_client(self.database))
        return self.others[-1]

    def _some_time(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=self._random.choice(HOURS))

    @contextlib.contextmanager
    def _by_somebody(self) -> Iterator[None]:
        """Let an admin be the one who makes the change, or nobody."""
        with self.database.transaction():
            if self._random.random() < 0.5:
                self._act_as_admin()
            yield

    def _act_as_admin(self) -> None:
        self.database.execute(
            "select set_config('request.jwt.claims', jsonb_build_object('sub', id)::text, true)"
            " from profiles where email = %s",
            [ADMIN],
        )

    def _move(self) -> None:
        self._set_status(self._random.choice(self.bookings))

    def _move_kept(self) -> None:
        self._set_status(self.kept)

    def _set_status(self, booking: str) -> None:
        with self._by_somebody():
            self.database.execute(
                "update bookings set status = %s where id = %s", [self._random.choice(STATUSES), booking]
            )

    def _assign(self) -> None:
        self.database.execute(
            "update bookings set assigned_agent = (select id from profiles where email = %s) where id = %s",
            [self._random.choice(PEOPLE), self._random.choice(self.bookings)],
        )

    def _delete(self) -> None:
        gone = self.bookings.pop(self._random.randrange(len(self.bookings)))
        self.database.execute("delete from bookings where id = %s", [gone])

    def _work(self) -> None:
        """Move a task of a booking, or give it one more."""
        booking = self._random.choice([*self.bookings, self.kept])
        if self._random.random() < 0.3:
            make_task(
                self.database,
                booking,
                title=f"Call driver {self._random.randrange(10**9)}",
                assigned_to=self._random.choice((ADMIN, *PEOPLE)),
                due_date=self._some_time(),
            )
        else:
            with self._by_somebody():
                self.database.execute(
                    "update tasks set status = %s where booking_id = %s",
                    [self._random.choice(TASK_STATUSES), booking],
                )

    def _edit_client(self) -> None:
        self.database.execute(
            "update clients set name = %s where id = %s",
            [f"Asha Rao {self._random.randrange(10**9)}", self.client],
        )

    def _note(self) -> None:
        """Write a note on the kept booking, or take one back."""
        if self._random.random() < 0.3:
            self.database.execute(
                "delete from booking_notes where id ="
                " (select id from booking_notes where booking_id = %s order by id limit 1)",
                [self.kept],
            )
        else:
            self.database.execute(
                "insert into booking_notes (booking_id, author, body)"
                " select %s, id, %s from profiles where email = %s",
                [self.kept, f"Called back {self._random.randrange(10**9)}", self._random.choice(PEOPLE[:2])],
            )

    def _merge(self) -> None:
        """Make a client one with the kept one, or with another."""
        self._newcomer()
        gone = self.others.pop(self._random.randrange(len(self.others)))
        stays = self._random.choice((self.client, *self.others[-1:]))
        with self.database.transaction():
            self._act_as_admin()
            self.database.execute("select private.merge_clients(%s, %s)", [stays, gone])

    def _rename(self) -> None:
        self.database.execute(
            "update profiles set full_name = %s where email = %s",
            [f"Priya Nair {self._random.randrange(10**9)}", self._random.choice((ADMIN, AGENT, OTHER_AGENT))],
        )
