"""A busy office: bookings come in, move on, are handed over and are deleted, at random."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.support.factories import Database, make_booking, make_client, make_task
from tests.support.people import AGENT, OTHER_AGENT

PURPOSES = ("cab", "hotel", "medical", "tourism")
STATUSES = ("pending", "confirmed", "in_progress", "completed", "cancelled")
TASK_STATUSES = ("open", "in_progress", "blocked", "done")
PEOPLE = (AGENT, OTHER_AGENT, None)


@dataclass
class Turmoil:
    """Changes what it made itself. ``kept`` is a booking that is changed and never taken from its agent."""

    database: Database
    seed: int = 7
    bookings: list[str] = field(default_factory=list)
    kept: str = ""
    client: str = ""  # of the kept booking

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def begin(self, bookings: int) -> None:
        """Make so many bookings, so that the lists' first pages show them."""
        self.client = make_client(self.database)
        for _ in range(bookings - 1):
            self._book()
        self.kept = make_booking(self.database, client_id=self.client, agent=AGENT)

    def changes(self, number: int) -> None:
        """Make so many changes, each a transaction of its own."""
        kinds = (self._book, self._move, self._move, self._assign, self._assign, self._delete, self._work,
                 self._work, self._move_kept, self._edit_client)  # fmt: skip
        for _ in range(number):
            self._random.choice(kinds)()

    def _book(self) -> None:
        person = self._random.choice((self.client, None))
        self.bookings.append(
            make_booking(
                self.database,
                purpose=self._random.choice(PURPOSES),
                status=self._random.choice(STATUSES),
                agent=self._random.choice(PEOPLE),
                client_id=person,
            )
        )

    def _move(self) -> None:
        self._set_status(self._random.choice(self.bookings))

    def _move_kept(self) -> None:
        self._set_status(self.kept)

    def _set_status(self, booking: str) -> None:
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
            make_task(self.database, booking, assigned_to=self._random.choice(PEOPLE))
        else:
            self.database.execute(
                "update tasks set status = %s where booking_id = %s",
                [self._random.choice(TASK_STATUSES), booking],
            )

    def _edit_client(self) -> None:
        self.database.execute(
            "update clients set name = %s where id = %s",
            [f"Asha Rao {self._random.randrange(10**9)}", self.client],
        )
