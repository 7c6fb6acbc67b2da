"""Whatever breaks on a working day, open pages end up equal to the database: row by row, and not reloaded."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser
from psycopg.rows import dict_row

from tests.support.backend import TestBackend
from tests.support.office import Office

CHANGES = 100
REALTIME = b"GET /realtime/"


@pytest.fixture(scope="module")
def office(
    backend: TestBackend, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An admin, an agent and finance with their pages open, on a site of their own."""
    log = tmp_path_factory.mktemp("office") / "site.log"
    with (
        psycopg.connect(backend.db_url, autocommit=True, row_factory=dict_row) as database,
        Office(backend, database, browser, log).open() as office,
    ):
        yield office


def test_a_busy_day_shows_as_it_happens(office: Office) -> None:
    office.turmoil.changes(CHANGES)
    office.wait_until_true()


def test_pages_survive_an_outage_of_realtime(office: Office) -> None:
    office.to_supabase.kill(REALTIME)
    office.turmoil.changes(CHANGES)
    office.to_supabase.mend()
    office.wait_until_true()


def test_pages_survive_a_restart_of_the_site(office: Office) -> None:
    office.stop_site()
    office.turmoil.changes(CHANGES)
    office.start_site()
    office.wait_until_true()


def test_pages_survive_ten_minutes_of_sleep(office: Office) -> None:
    office.sleep()
    office.turmoil.changes(CHANGES)
    office.wake_up(600)
    office.wait_until_true()


def test_pages_survive_the_end_of_their_tokens(office: Office) -> None:
    office.to_site.kill()
    office.expire_tokens()
    office.turmoil.changes(CHANGES)
    office.to_site.mend()
    office.wait_until_true()


def test_pages_survive_a_network_that_comes_and_goes(office: Office) -> None:
    for _ in range(4):
        office.go_offline()
        office.turmoil.changes(CHANGES // 4)
        office.go_online()
    office.wait_until_true()
