"""Open dashboards leave room for others: for their own person's newest pages, and for those who book."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from roamio_web.live.hub import Hub
from roamio_web.live.places import Limits
from roamio_web.models.staff import StaffMember
from tests.support.backend import TestBackend
from tests.support.dashboard import Dashboard
from tests.support.eventually import eventually
from tests.support.staff import StaffBrowser
from tests.support.wire import Wire

Opens = Callable[..., Dashboard]
Listens = Callable[[Flask, str], TestResponse]


@pytest.fixture
def hub(backend: TestBackend, wire: Wire) -> Iterator[Hub]:
    """A hub with little room."""
    hub = Hub(wire.url, backend.anon_key, limits=Limits(each=2, all=4))
    yield hub
    hub.close()


@pytest.fixture
def listens(staff: Callable[[str], StaffMember], token: Callable[..., str]) -> Iterator[Listens]:
    """``listens(app, "admin")`` opens one more stream, of which nothing is read after its beginning."""
    opened: list[TestResponse] = []

    def open_one(app: Flask, name: str) -> TestResponse:
        browser = StaffBrowser(app.test_client()).holds(token(staff(name)))
        opened.append(browser.client.get("/staff/live?view=access"))
        return opened[-1]

    yield open_one
    for response in opened:
        response.close()


def test_oldest_page_of_somebody_who_has_too_many_rests(opens: Opens) -> None:
    first, second = (opens("admin", "access").wait_until_live() for _ in "ab")
    other = opens("viewer", "access").wait_until_live()
    third = opens("admin", "access").wait_until_live()
    eventually(lambda: first.resting and first.ended, what="the oldest page's rest")
    assert not any(page.ended for page in (second, third, other))


def test_page_for_which_there_is_no_room_ends_as_it_begins(opens: Opens, hub: Hub) -> None:
    kept = [opens(name, "access").wait_until_live() for name in ("admin", "viewer", "finance", "operations")]
    late = opens("admin", "access")
    eventually(lambda: late.ended, what="the end")
    assert not late.resting
    assert not any(page.ended for page in kept)
    assert hub.open_streams == len(kept)


def test_streams_leave_threads_to_everybody_else(app_with: Callable[..., Flask], listens: Listens) -> None:
    app = app_with(threads=8)
    streams = [listens(app, "admin") for _ in range(6)]
    assert {response.status_code for response in streams} == {200}
    refused = listens(app, "viewer")
    assert (refused.status_code, refused.headers["Retry-After"], refused.text) == (503, "15", "")
    assert app.test_client().get("/book/cab").status_code == 200
    streams[0].close()
    assert listens(app, "viewer").status_code == 200


def test_somebody_who_reads_nothing_of_their_streams_gets_no_more(
    app_with: Callable[..., Flask], listens: Listens
) -> None:
    app = app_with(streams_each=2)
    assert [listens(app, "viewer").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert listens(app, "admin").status_code == 200
