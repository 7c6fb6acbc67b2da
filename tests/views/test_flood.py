"""A script sends booking forms by the hundred, and people send theirs at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from flask import Flask

from roamio_web.config import Settings
from roamio_web.tickets import TicketOffice
from tests.support.factories import Database
from tests.support.flood import Sender, form, script, traveller
from tests.support.travellers import TICKET

SCRIPTED, REAL = 140, 8
ROOM = 20
"""Bookings that look automatic, of which the database takes so many a minute."""
TAKEN = """
select clients.name, details #> '{source,suspected}' is not null as marked
from bookings join clients on clients.id = client_id
where clients.name like '%%' || %s
"""


class Clock:
    """What the ticket office takes for the time."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def little_room(database: Database) -> Iterator[None]:
    """The database takes few bookings that look automatic, and has counted none yet."""
    set_to = "update private.ceilings set arrivals = %s where subject = 'suspected' returning arrivals"
    before = database.execute("select arrivals from private.ceilings where subject = 'suspected'").fetchone()
    assert before is not None
    database.execute(set_to, [ROOM])
    database.execute("delete from private.arrivals")
    yield
    database.execute(set_to, [before["arrivals"]])
    database.execute("delete from private.arrivals")


@pytest.mark.usefixtures("little_room")
def test_people_book_as_ever_while_a_script_floods_the_site(
    app_with: Callable[..., Flask], settings: Settings, database: Database
) -> None:
    app = app_with(trusted_proxies=1, booking_rate=Settings.booking_rate, ticket_minimum_age=2)
    clock = Clock()
    app.extensions["roamio.tickets"] = TicketOffice(settings.secret_key, settings.ticket_age, clock)
    mark = uuid4().hex
    for number in range(REAL):
        for scripted in range(number, SCRIPTED, REAL):
            send(app, clock, script(scripted, mark))
        assert send(app, clock, traveller(number, mark)) == 303
    taken = database.execute(TAKEN, [mark]).fetchall()
    assert [row for row in taken if row["name"].startswith("Real") and row["marked"]] == []
    assert len([row for row in taken if row["name"].startswith("Real")]) == REAL
    unnoticed = [row for row in taken if not row["name"].startswith("Real") and not row["marked"]]
    assert len(unnoticed) <= SCRIPTED / 100
    assert len([row for row in taken if row["marked"]]) <= ROOM


def send(app: Flask, clock: Clock, sender: Sender) -> int:
    """Open the form, fill it in at this sender's pace and book; returns the status of the answer."""
    client = app.test_client()
    found = TICKET.search(client.get("/book/cab", headers=sender.sent_headers).text)
    assert found
    clock.now += 0.2 if sender.hurries else 90
    answer = client.post(
        "/book/cab",
        data=form(sender) | {"ticket": found[1], "send": "yes"},
        headers=sender.sent_headers,
    )
    return answer.status_code
