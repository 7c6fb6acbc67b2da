"""When time alone changes what a page shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from roamio_web.backend import Backend
from roamio_web.live.drawing import Drawing
from roamio_web.live.events import view_of
from roamio_web.live.hub import Hub
from roamio_web.live.stream import Ticket, stream
from roamio_web.live.turns import QUARTER, next_turn
from roamio_web.models.staff import StaffMember
from tests.support.dashboard import Dashboard, words
from tests.support.eventually import eventually
from tests.support.factories import Database, make_booking, make_task
from tests.support.people import AGENT

NOW = datetime(2026, 11, 28, 9, 52, 30, tzinfo=UTC)


def test_page_turns_at_the_first_moment_that_is_still_to_come() -> None:
    past, soon, later = (NOW + timedelta(hours=hours) for hours in (-1, 1, 2))
    assert next_turn(NOW, later, None, soon, past) == soon
    assert next_turn(NOW, past, None) is None


def test_new_day_of_any_place_begins_at_a_quarter_of_an_hour() -> None:
    turn = next_turn(NOW, NOW + timedelta(hours=1), days=True)
    assert turn == datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
    assert next_turn(turn, days=True) == turn + QUARTER


class SlowDrawing(Drawing):
    """What it draws before a moment is seen only after it."""

    moment = NOW

    def draw(self, template: str, environ: dict[str, Any] | None = None, **context: Any) -> str:
        html = super().draw(template, environ, **context)
        eventually(lambda: datetime.now(UTC) > self.moment, what="the moment")
        return html


@pytest.fixture
def drawing(app: Flask) -> SlowDrawing:
    return SlowDrawing(app, app.extensions["roamio.settings"].address)


@pytest.fixture
def opens_slowly(
    app: Flask, drawing: Drawing, hub: Hub, staff: Callable[[str], StaffMember], token: Callable[..., str]
) -> Callable[..., Dashboard]:
    """Opens a page of the agent's that is drawn so."""

    def open_page(**query: str) -> Dashboard:
        agent, site = staff("operations"), app.extensions["roamio.settings"].address
        environ = app.test_request_context("/staff/live", base_url=site).request.environ
        view = view_of(query, agent, drawing, environ)
        assert view is not None
        backend: Backend = app.extensions["roamio.backend"]
        return Dashboard(stream(hub, backend, Ticket(agent, token(agent), time.time() + 3600), view))

    return open_page


@pytest.mark.parametrize("page", ["overview", "tasks", "booking", "bookings"])
def test_task_that_becomes_due_while_a_page_is_read_is_overdue_on_it(
    opens_slowly: Callable[..., Dashboard], drawing: SlowDrawing, database: Database, page: str
) -> None:
    due = drawing.moment = datetime.now(UTC) + timedelta(seconds=2)
    booking = make_booking(database, agent=AGENT)
    database.execute("delete from tasks where booking_id = %s", [booking])
    make_task(database, booking, title="Call at once", assigned_to=AGENT, due_date=due)
    shown = opens_slowly(view=page, id=booking)
    if page == "bookings":
        eventually(lambda: shown.shows(booking, "1 overdue"), what="the list's saying so")
    else:
        eventually(lambda: "Call at once Overdue" in words(shown.latest), what="the page's saying so")


def test_task_that_becomes_due_while_a_row_is_drawn_is_overdue_on_the_list(
    opens_slowly: Callable[..., Dashboard], drawing: SlowDrawing, database: Database
) -> None:
    listed = opens_slowly(view="bookings").wait_until_live()
    booking = make_booking(database, agent=AGENT)
    database.execute("delete from tasks where booking_id = %s", [booking])
    eventually(lambda: listed.shows(booking), what="the booking")
    # The hub waits as well, and would take a second for a gap.
    drawing.moment = datetime.now(UTC) + timedelta(seconds=0.6)
    make_task(database, booking, assigned_to=AGENT, due_date=drawing.moment)
    eventually(lambda: listed.shows(booking, "1 overdue"), what="the list's saying so")
